/** An Operation Object of OpenAPI 3.0, as far as an endpoint gives it itself. */
export type Operation = Readonly<Record<string, unknown>>;

export const ANSWER = "Default response description";

/** The operation of an endpoint that answers with JSON. @param schema of `components` */
export const jsonOperation = (schema: SchemaName, more: Operation = {}): Operation => ({
  ...more,
  responses: { 200: { content: { "application/json": { schema: ref(schema) } }, description: ANSWER } },
});

export const queryParameter = (name: string, schema: SchemaName, required: boolean): object => ({
  in: "query",
  name,
  required,
  schema: ref(schema),
});

/** What becomes of a request that a backup gets. */
export const forwarded = (how: "always" | "never" | "sometimes"): object => ({ $ref: `#/components/x-ccf-forwarding/${how}` });

export type SchemaName =
  "CCFError" | "GetCommit__Out" | "GetTxStatus__Out" | "TransactionId" | "TransactionId_array" | "TxStatus" | "boolean" | "json" | "uint64";

function ref(schema: SchemaName): object {
  return { $ref: `#/components/schemas/${schema}` };
}

const ERROR_CODES = "https://microsoft.github.io/CCF/main/operations/troubleshooting.html#error-codes";

const SCHEMAS: Readonly<Record<SchemaName, object>> = {
  CCFError: {
    properties: {
      error: {
        properties: {
          code: { description: `Response error code. CCF error codes: ${ERROR_CODES}`, type: "string" },
          message: { description: "Response error message", type: "string" },
        },
        type: "object",
      },
    },
    type: "object",
  },
  GetCommit__Out: {
    properties: { transaction_id: ref("TransactionId"), view_history: ref("TransactionId_array") },
    required: ["transaction_id"],
    type: "object",
  },
  GetTxStatus__Out: {
    properties: { status: ref("TxStatus"), transaction_id: ref("TransactionId") },
    required: ["transaction_id", "status"],
    type: "object",
  },
  TransactionId: { pattern: "^[0-9]+\\.[0-9]+$", type: "string" },
  TransactionId_array: { items: ref("TransactionId"), type: "array" },
  TxStatus: { enum: ["Unknown", "Pending", "Committed", "Invalid"], type: "string" },
  boolean: { type: "boolean" },
  json: {},
  uint64: { maximum: 2 ** 64, minimum: 0, type: "integer" },
};

/** What the documents of all front ends refer to. */
export const COMPONENTS = {
  responses: { default: { content: { "application/json": { schema: ref("CCFError") } }, description: "An error occurred" } },
  schemas: SCHEMAS,
  "x-ccf-forwarding": {
    always: { description: "A backup node hands the request on to the primary node.", value: "always" },
    never: { description: "The node that gets the request handles it itself.", value: "never" },
    sometimes: {
      description: "A backup node hands the request on to the primary node where it has done so before in the same session.",
      value: "sometimes",
    },
  },
};
