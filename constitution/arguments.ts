import { own } from "../src/encoding/own.js";
import { acceptedContracts } from "../src/kv/tables.js";
import { ID } from "../src/model/ids.js";
import { ccf } from "./ccf.js";

/** Returns the value that it was given, or throws an error that names the field. */
export type Check<Value> = (value: unknown, field: string) => Value;

export type Shape = Readonly<Record<string, Check<unknown>>>;

export type Values<S extends Shape> = { readonly [Field in keyof S]: ReturnType<S[Field]> };

/** What the arguments of an action must look like: a value that is missing, or fails its test, is an error that names the field. */
const must =
  <Value>(what: string, test: (value: unknown) => value is Value): Check<Value> =>
  (value, field) => {
    if (value === undefined) throw new Error(`${field} is missing`);
    if (!test(value)) throw new Error(`${field} must be ${what}`);
    return value;
  };

export const anything = must("there", (value): value is unknown => value !== undefined);

export const truthy = must("something other than null, false, 0 and the empty string", (value): value is unknown => Boolean(value));

export const boolean = must("true or false", (value) => typeof value === "boolean");

/*! CCF would cut a text at NUL: something else than what was agreed on would be kept. */
const text = (what: string, test: (value: string) => boolean): Check<string> =>
  must(what, (value): value is string => typeof value === "string" && !value.includes("\0") && test(value));

export const string = text("a string without NUL", () => true);

export const matching = (pattern: RegExp, what: string): Check<string> => text(what, (value) => pattern.test(value));

export const nonEmptyString = matching(/^[^]/, "a string that is not empty");

/*! What people choose to name contracts, documents and keys. */
export const id = matching(new RegExp(ID.pattern), "1 to 128 letters, digits and . _ ~ -, beginning with a letter or digit");

/*! Most can be agreed for a contract only when the contract itself is agreed. */
export const acceptedContract: Check<string> = (value, field) => {
  const contractId = id(value, field);
  if (!acceptedContracts.has(contractId)) throw new Error(`${field} ${contractId} is not an accepted contract`);
  return contractId;
};

/** Bytes as lower-case hexadecimal digits. */
export const hex = (bytes: number): Check<string> =>
  matching(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes * 2} lower-case hexadecimal digits`);

/** A member, user or node: hex SHA-256 of a certificate or public key. */
export const entityId = hex(32);

export const integer = (least: number, most = Number.MAX_SAFE_INTEGER): Check<number> =>
  must(
    `an integer from ${least} to ${most}`,
    (value): value is number => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );

export const oneOf = <const Choice extends string>(...choices: readonly Choice[]): Check<Choice> =>
  must(`one of ${choices.join(", ")}`, (value): value is Choice => choices.includes(value as Choice));

/*! May be left out, or be null as some clients write it. */
export const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value, field) =>
    value === undefined || value === null ? undefined : check(value, field);

export const certificates = text("a PEM certificate or a bundle of them", (value) => ccf.crypto.isValidX509CertBundle(value));

/*! Just one PEM block, so that it is plain whose certificate it is, and no private key slips into the public ledger. */
export const certificate = text(
  "one PEM certificate and nothing else",
  (value) => value.split("-----BEGIN ").length === 2 && ccf.crypto.isValidX509CertBundle(value),
);

/*! CCF encrypts recovery shares under it; a key that it cannot use would stop every later refresh of the shares. */
export const encryptionKey = text("an RSA public key in PEM", (value) => {
  try {
    ccf.crypto.pubRsaPemToJwk(value);
    return true;
  } catch {
    return false;
  }
});

export const anyObject = must(
  "an object",
  (value): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value),
);

const anyList = must("a list", (value): value is unknown[] => Array.isArray(value));

export const listOf =
  <Value>(check: Check<Value>): Check<Value[]> =>
  (value, field) =>
    anyList(value, field).map((item, i) => check(item, `${field}[${i}]`));

export const nonEmpty =
  <Item>(check: Check<Item[]>): Check<Item[]> =>
  (value, field) => {
    const items = check(value, field);
    if (items.length === 0) throw new Error(`${field} must not be empty`);
    return items;
  };

/** An object from free names to values of one kind. */
export const dictionaryOf =
  <Value>(check: Check<Value>): Check<Record<string, Value>> =>
  (value, field) => {
    const object = anyObject(value, field);
    for (const name of Object.keys(object)) {
      string(name, `a name in ${field}`);
      check(own(object, name), `${field}[${JSON.stringify(name)}]`);
    }
    return object as Record<string, Value>;
  };

const within = (field: string, name: string): string => (field === "" ? name : `${field}.${name}`);

/*! An object with these fields, and perhaps others; it is taken as it is. */
export const objectWith =
  <S extends Shape>(shape: S): Check<Values<S> & Readonly<Record<string, unknown>>> =>
  (value, field) => {
    const object = anyObject(value, field);
    for (const [name, check] of Object.entries(shape)) check(own(object, name), within(field, name));
    return object as Values<S> & Record<string, unknown>;
  };

/*! An object with these fields and no others. */
export const objectOf =
  <S extends Shape>(shape: S): Check<Values<S>> =>
  (value, field) => {
    const object = anyObject(value, field);
    const unknown = Object.keys(object).find((name) => !Object.hasOwn(shape, name));
    if (unknown !== undefined) throw new Error(`${within(field, unknown)} is unknown`);
    const checked = Object.entries(shape).map(([name, check]) => [name, check(own(object, name), within(field, name))] as const);
    return Object.fromEntries(checked.filter(([, item]) => item !== undefined)) as Values<S>;
  };
