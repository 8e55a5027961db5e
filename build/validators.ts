import { Ajv, type AnySchema } from "ajv";
import standaloneModule from "ajv/dist/standalone/index.js";

const standaloneCode = standaloneModule.default; // a CommonJS module with a default export of its own

/** Of a violation, all that nobody reads: without it, validators are a third smaller. */
const UNREAD = /schemaPath:"(?:[^"\\]|\\.)*",keyword:"[^"]*",params:\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\},/g;

/**
 * Compiles a JSON Schema to an ES module whose default export is the validator: a plain function, without ajv, which could not compile
 * inside CCF. It stops at the first violation.
 *
 * @throws Error for a schema that ajv's strict mode refuses
 */
export function validatorModule(definition: AnySchema): string {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    // Lengths are counted in UTF-16 units, as JavaScript does, and need no library function.
    unicode: false,
    // Which also keeps ajv from saying that the option above is an old one; strict mode throws, it does not log.
    logger: false,
    code: { source: true, esm: true, lines: true, optimize: 2 },
  });
  return standaloneCode(ajv, ajv.compile(definition)).replace(UNREAD, "");
}
