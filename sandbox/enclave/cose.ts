import { verify, X509Certificate } from "node:crypto";
import { decode, encode, SequenceEvents, Tag } from "cbor2";
import { CcfError } from "./http/errors.js";

/*
 * COSE_Sign1 (RFC 9052, section 4.2) as CCF 6 reads it: one tag 18, header parameters only from the protected header.
 * What CCF answers with a C++ exception becomes CcfError InternalError with CCF's text; the numbers in it are QCBOR's error codes.
 */

/** The type that CCF demands of a header parameter. */
type ParameterType = "integer" | "bytes" | "text";

type Parameter = {
  readonly label: bigint | string;
  readonly type: ParameterType;
  /** For a parameter that must be there: what CCF calls it. */
  readonly required?: string;
};

/** The parameters to extract, by their name in the result. */
export type ParameterList = Readonly<Record<string, Parameter>>;

export type Parameters = Readonly<Record<string, bigint | string | undefined>>;

export type CoseSign1 = {
  /** Extracted parameters; byte strings as Latin-1 text, absent ones undefined. */
  readonly header: Parameters & { readonly alg: bigint; readonly kid: string };
  /** The protected header as it was signed. */
  readonly protected: Uint8Array;
  /** undefined when it is detached. */
  readonly payload: Uint8Array | undefined;
  readonly signature: Uint8Array;
  /** The whole message. */
  readonly envelope: Uint8Array;
};

const COSE_SIGN1_TAG = 18;
const STANDARD: ParameterList = {
  alg: { label: 1n, type: "integer", required: "algorithm" },
  kid: { label: 4n, type: "bytes", required: "kid" },
};

// QCBOR nests no deeper; a bound also keeps decoding linear in the size of the input.
const LIMITS = { maxDepth: 15, ignoreGlobalTags: true } as const;

const UNEXPECTED_TYPE = 61;
const DUPLICATE_LABEL = 62;
const NO_MORE_ITEMS = 67;
const HIT_END = 31;
const NO_STRING_ALLOCATOR = 45;

// Major types (RFC 8949, section 3.1).
const BYTE_STRING = 2;
const ARRAY = 4;
const TAG = 6;

const failure = (message: string): CcfError => new CcfError("InternalError", message);
const headerFailure = (code: number): CcfError => failure(`Failed to decode protected header: ${code}`);

/**
 * Reads a message of any bytes.
 *
 * @param wanted header parameters besides `alg` and `kid`
 * @throws CcfError InternalError
 */
export function decodeCoseSign1(envelope: Uint8Array, wanted: ParameterList): CoseSign1 {
  const protectedBytes = protectedHeaderOf(envelope);
  // `alg` and `kid` are required, and of these types
  const header = parametersOf(protectedBytes, { ...STANDARD, ...wanted }) as CoseSign1["header"];
  return { header, protected: protectedBytes, ...bodyOf(envelope), envelope };
}

/** Reads only as far as the protected header, so that what follows cannot change how its errors are told. */
function protectedHeaderOf(envelope: Uint8Array): Uint8Array {
  const items = new SequenceEvents(envelope, LIMITS);
  const next = (otherwise: () => CcfError): NonNullable<ReturnType<typeof items.read>> => {
    try {
      const item = items.read();
      if (item) return item;
    } catch {
      // not well-formed or cut short: told by `otherwise`, as for a missing item
    }
    throw otherwise();
  };
  const noArray = (): CcfError => failure("Failed to parse COSE_Sign1 outer array");

  let [type, , value] = next(noArray);
  let tag: unknown;
  for (; type === TAG; [type, , value] = next(noArray)) tag = value;
  if (type !== ARRAY) throw noArray();
  if (tag !== COSE_SIGN1_TAG) throw failure("COSE_Sign1 is not tagged");
  if (value === 0) throw headerFailure(NO_MORE_ITEMS);

  const [first, , bytes] = next(() => headerFailure(HIT_END));
  if (first !== BYTE_STRING) throw headerFailure(typeof bytes === "symbol" ? NO_MORE_ITEMS : UNEXPECTED_TYPE);
  if (!(bytes instanceof Uint8Array)) throw headerFailure(NO_STRING_ALLOCATOR);
  return bytes;
}

type Pairs = readonly (readonly [key: unknown, value: unknown, ...rest: unknown[]])[];

/** A map keeps its pairs, so that a label given twice is seen. */
class HeaderMap {
  constructor(readonly pairs: Pairs) {}
}

function parametersOf(bytes: Uint8Array, wanted: ParameterList): Parameters {
  if (bytes.length === 0) throw headerFailure(NO_MORE_ITEMS);
  let map: unknown;
  try {
    map = decode(bytes, { ...LIMITS, preferBigInt: true, createObject: (pairs) => new HeaderMap(pairs) });
  } catch {
    throw headerFailure(HIT_END);
  }
  if (!(map instanceof HeaderMap)) throw headerFailure(UNEXPECTED_TYPE);

  const found: Record<string, bigint | string> = {};
  for (const [label, value] of map.pairs) {
    const name = Object.keys(wanted).find((key) => wanted[key]?.label === label);
    if (name === undefined) continue;
    if (Object.hasOwn(found, name)) throw headerFailure(DUPLICATE_LABEL);
    found[name] = parameter(value, wanted[name]?.type);
  }
  for (const [name, { required }] of Object.entries(wanted)) {
    if (required !== undefined && !Object.hasOwn(found, name)) throw failure(`Missing ${required} in protected header`);
  }
  return found;
}

function parameter(value: unknown, type: ParameterType | undefined): bigint | string {
  if (type === "integer" && typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
  if (type === "text" && typeof value === "string") return value;
  if (type === "bytes" && value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  throw headerFailure(UNEXPECTED_TYPE);
}

function bodyOf(envelope: Uint8Array): Pick<CoseSign1, "payload" | "signature"> {
  let message: unknown;
  try {
    message = decode(envelope, { ...LIMITS, preferMap: true });
  } catch {
    throw failure("Failed to decode COSE_Sign1");
  }
  const items = message instanceof Tag ? message.contents : undefined;
  if (!Array.isArray(items) || items.length !== 4) throw failure("Failed to decode COSE_Sign1");
  const [, unprotected, payload, signature] = items as unknown[];
  const readable = unprotected instanceof Map && (payload === null || payload instanceof Uint8Array) && signature instanceof Uint8Array;
  if (!readable) throw failure("Failed to decode COSE_Sign1");
  return { payload: payload ?? undefined, signature };
}

/** COSE algorithm to hash. The key decides the curve: CCF accepts ES256 of a P-384 key if the hash was SHA-256. */
const HASHES = new Map<bigint, string>([
  [-7n, "sha256"],
  [-35n, "sha384"],
  [-36n, "sha512"],
]);

/** Whether CCF verifies signatures of this algorithm on requests: ES256, ES384 and ES512 only. */
export const isSupported = (alg: bigint): boolean => HASHES.has(alg);

/** Whether the key of the certificate (PEM) made the signature over the embedded payload. */
export function verifyCoseSign1(message: CoseSign1, certificate: string): boolean {
  const hash = HASHES.get(message.header.alg);
  const key = new X509Certificate(certificate).publicKey;
  if (hash === undefined || message.payload === undefined || key.asymmetricKeyType !== "ec") return false;
  const signed = encode(["Signature1", plain(message.protected), new Uint8Array(0), plain(message.payload)]);
  return verify(hash, signed, { key, dsaEncoding: "ieee-p1363" }, message.signature);
}

/** The same bytes as a bare Uint8Array: cbor2 chooses the encoding by the class, and a Buffer is another one. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
