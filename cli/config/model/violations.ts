import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Path } from "./located.js";
import type { Schema } from "./jsonSchema.js";

/** One way in which a file breaks its schema. */
export type Violation = { readonly path: Path; readonly text: string };

/** Makes a check of a schema: it finds all violations, in the words of the person who wrote the file. */
export function checkOf(schema: Schema): (value: unknown) => Violation[] {
  let validate: ValidateFunction | undefined; // compiling takes longer than checking: only what is needed, and once
  return (value) => {
    validate ??= new Ajv({ allErrors: true, verbose: true, strict: true, discriminator: true, logger: false }).compile(schema);
    return validate(value) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== "if").map(violationOf);
  };
}

/** Readable notation of a path: `datasources[0].type`. */
export function notation(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

function violationOf(error: ErrorObject): Violation {
  const path = pathOf(error.instancePath);
  const place = path.length === 0 ? "the configuration" : notation(path);
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const given = JSON.stringify(error.data);
  switch (error.keyword) {
    case "additionalProperties": {
      const field = String(parameters.additionalProperty);
      const known = Object.keys((error.parentSchema?.properties ?? {}) as object).join(", ");
      return { path: [...path, field], text: `unknown field "${field}"; known here: ${known}` };
    }
    case "required":
      return { path, text: `${place} has no "${String(parameters.missingProperty)}"` };
    case "discriminator": {
      const branches = (error.parentSchema?.oneOf ?? []) as { properties: { issuerType: { const: string } } }[];
      const known = branches.map(({ properties }) => properties.issuerType.const);
      return { path: [...path, "issuerType"], text: `${place}.issuerType must be ${alternatives(known)}` };
    }
    case "enum":
      return { path, text: `${place} must be ${alternatives(error.schema as unknown[])}, not ${shortened(given)}` };
    case "pattern":
      return { path, text: `${place} must be ${String(error.parentSchema?.description ?? error.schema)}, not ${shortened(given)}` };
    default:
      return { path, text: `${place} ${error.message ?? "is wrong"}, not ${shortened(given)}` };
  }
}

function alternatives(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function shortened(json: string): string {
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

/** The parts of a JSON pointer (RFC 6901); parts of digits are taken for indices. */
function pathOf(pointer: string): Path {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
}
