/**
 * The claims that a clean room policy may name, and what their values look like. All of them are computed from the evidence; the names
 * are those of Microsoft Azure Attestation where it has one. Bytes are lower-case hexadecimal.
 */
export const CLAIMS = {
  "x-ms-ver": { type: "string", pattern: "^[0-9]+$" },
  "x-ms-sevsnpvm-guestsvn": { type: "number" },
  "x-ms-sevsnpvm-smt-allowed": { type: "boolean" },
  "x-ms-sevsnpvm-is-debuggable": { type: "boolean" },
  "x-ms-sevsnpvm-familyId": { type: "string", pattern: "^[0-9a-f]{32}$" },
  "x-ms-sevsnpvm-imageId": { type: "string", pattern: "^[0-9a-f]{32}$" },
  "x-ms-sevsnpvm-vmpl": { type: "number" },
  "x-ms-sevsnpvm-reportdata": { type: "string", pattern: "^[0-9a-f]{128}$" },
  "x-ms-sevsnpvm-launchmeasurement": { type: "string", pattern: "^[0-9a-f]{96}$" },
  "x-ms-sevsnpvm-hostdata": { type: "string", pattern: "^[0-9a-f]{64}$" },
  "x-ms-sevsnpvm-idkeydigest": { type: "string", pattern: "^[0-9a-f]{96}$" },
  "x-ms-sevsnpvm-authorkeydigest": { type: "string", pattern: "^[0-9a-f]{96}$" },
  "x-ms-sevsnpvm-reportid": { type: "string", pattern: "^[0-9a-f]{64}$" },
  "uvm_endorsements-did": { type: "string", pattern: "^did:" },
  "uvm_endorsements-feed": { type: "string", pattern: "^.+" },
  "uvm_endorsements-svn": { type: "string", pattern: "^.+" },
} as const;

/** One of these says which software runs; a policy without either would let every genuine machine in. */
export const IDENTIFYING_CLAIMS = ["x-ms-sevsnpvm-hostdata", "x-ms-sevsnpvm-launchmeasurement"] as const;
