import path from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { models } from "../../build/models.js";
import type * as Contract from "../../src/model/contract.js";

const root = path.resolve(import.meta.dirname, "../..");
let contract: typeof Contract;

beforeAll(async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/model/contract.ts"],
    bundle: true,
    format: "esm",
    write: false,
    plugins: [models(root)],
  });
  const text = outputFiles[0]?.text ?? "";
  contract = (await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`)) as typeof Contract;
});

const accepts = (contractId: unknown) => contract.ContractPath({ contractId });

describe("a compiled model", () => {
  test("holds validators for schemas, values for constants and nothing for shapes", () => {
    expect(contract.CONTRACT_STATES).toEqual(["Draft", "Proposed", "Accepted"]);
    expect(contract.ContractPath).toBeTypeOf("function");
    expect(contract.ContractView).toBeUndefined();
  });

  test("accepts ids of up to 128 letters, digits and . _ ~ - that begin with a letter or digit", () => {
    for (const id of ["c", "7", "0b9f41a2-3c64-4f0e-9a3a-1c6f0a2f6f5e", "a.b_c~d-e", "a".repeat(128)]) expect(accepts(id)).toBe(true);
    for (const id of ["", "-a", ".", "..", "a/b", "a:b", "a b", "a%20b", "é", "a\n", "a\0", "a".repeat(129)])
      expect(accepts(id)).toBe(false);
    for (const id of [undefined, null, 1, true, [], {}, ["a"]]) expect(accepts(id)).toBe(false);
  });

  test("says which field is wrong and why", () => {
    expect(contract.PutContractBody({ data: 1, version: 2 })).toBe(false);
    expect(contract.PutContractBody.errors).toMatchObject([{ instancePath: "/version", message: "must be string" }]);
    expect(contract.PutContractBody([])).toBe(false);
    expect(contract.PutContractBody.errors).toMatchObject([{ instancePath: "", message: "must be object" }]);
  });

  test("takes a body with any data, with or without a version, and with fields that it does not know", () => {
    for (const body of [{}, { data: null }, { data: [1] }, { data: "x", version: null }, { version: "2.15", more: true }]) {
      expect(contract.PutContractBody(body)).toBe(true);
    }
  });
});
