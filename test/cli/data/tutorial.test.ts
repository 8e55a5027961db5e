import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { DEFAULT_BLOCK_BYTES } from "../../../cleanroom/blocks/layout.js";
import { storage } from "../../azure/storage.js";
import { decoded } from "../../cleanroom/blocks/reference.js";
import { collected } from "../../cleanroom/blocks/streams.js";
import { dataDesk, provider } from "./desk.js";

const azurite = await storage(afterAll);

/** The commands of the tutorial that add data, up to where they are used. */
async function party(...kinds: readonly (readonly string[])[]) {
  const desk = await dataDesk(azurite);
  const config = desk.at("tdp-config");
  const vault = `${provider}/Microsoft.KeyVault/vaults/kv`;
  await desk.configure("config", "init", "--cleanroom-config", config);
  await desk.configure("config", "set-kek", "--kek-key-vault", vault, "--maa-url", "https://maa.example", "--cleanroom-config", config);
  const account = `${provider}/Microsoft.Storage/storageAccounts/${azurite.account}`;
  const identity = `${provider}/Microsoft.ManagedIdentity/userAssignedIdentities/mi`;
  const where = ["--cleanroom-config", config, "--storage-account", account, "--identity", identity, "--dek-key-vault", vault];
  for (const words of kinds) await desk.configure("config", ...words, ...where);
  return { ...desk, config };
}

test("datasource upload encrypts a folder and stores it, once", async () => {
  const { run, at, config, blobs } = await party(["add-datasource", "--name", "cowin"]);
  await mkdir(at("cowin/more"), { recursive: true });
  await writeFile(at("cowin/a.csv"), "vaccinated: everyone");
  await writeFile(at("cowin/more/b.csv"), "");
  const upload = ["datasource", "upload", "--cleanroom-config", config, "--name", "cowin", "--dataset-folder", at("cowin")];
  expect(await run(upload)).toEqual({ status: 0, out: "2 files uploaded (20 B)\n", notes: "" });
  const blob = await collected((await blobs.container("cowin").get("a.csv")).content);
  expect(blob.includes("vaccinated")).toBe(false);
  expect(decoded(blob, await readFile(`${config}.keys/cowin.bin`), DEFAULT_BLOCK_BYTES).toString()).toBe("vaccinated: everyone");
  const { out } = await run([...upload, "--output", "json"]);
  expect(JSON.parse(out)).toEqual({ done: 0, unchanged: 2, bytes: 0, unsealed: 0 });
});

test("datasink download decrypts what the clean room has written", async () => {
  const { run, at, config, asCleanRoom } = await party(["add-datasink", "--name", "output"]);
  await asCleanRoom("output", "model.onnx", "a model", `${config}.keys/output.bin`);
  const download = ["datasink", "download", "--cleanroom-config", config, "--name", "output", "--target-folder", at("consumer-output")];
  const { status, out, notes } = await run(download);
  expect({ status, out }).toEqual({ status: 0, out: "1 file downloaded (7 B)\n" });
  expect(notes).toMatch(/^1 of 1 files carry no seal/);
  expect(await readFile(at("consumer-output/output/model.onnx"), "utf8")).toBe("a model");
});

test("logs and telemetry come down to the folders of their datasinks", async () => {
  const { run, at, config, asCleanRoom } = await party(["set-logging"], ["set-telemetry"]);
  await asCleanRoom("application-telemetry", "depa-training.log", "epoch 1", `${config}.keys/application-telemetry.bin`);
  await asCleanRoom("infrastructure-telemetry", "otel.traces", "{}", `${config}.keys/infrastructure-telemetry.bin`);
  const target = ["--cleanroom-config", config, "--target-folder", at("logs")];
  expect(await run(["logs", "download", ...target])).toMatchObject({ status: 0, out: "1 file downloaded (7 B)\n" });
  expect(await readFile(at("logs/application-telemetry/depa-training.log"), "utf8")).toBe("epoch 1");
  expect(await run(["telemetry", "download", ...target])).toMatchObject({ status: 0, out: "1 file downloaded (2 B)\n" });
  expect(await readFile(at("logs/infrastructure-telemetry/otel.traces"), "utf8")).toBe("{}");
});

test("a changed blob is one line with its name, status 1, and no file", async () => {
  const { run, at, config, asCleanRoom, blobs } = await party(["add-datasink", "--name", "spoilt"]);
  await asCleanRoom("spoilt", "model.onnx", "a model", `${config}.keys/spoilt.bin`);
  const data = blobs.container("spoilt");
  const bytes = await collected((await data.get("model.onnx")).content);
  await data.put("model.onnx", bytes.fill((bytes[100] ?? 0) ^ 1, 100, 101));
  const download = ["datasink", "download", "--cleanroom-config", config, "--name", "spoilt", "--target-folder", at("out")];
  expect(await run(download)).toEqual({
    status: 1,
    out: "",
    notes: "error: model.onnx: block 1 of 1 does not verify: the key is another one, or bytes are changed or missing",
  });
  await expect(readFile(at("out/spoilt/model.onnx"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what is not there is said in a line", async () => {
  const { run, at, config } = await party(["add-datasource", "--name", "there"]);
  const upload = (name: string, folder: string) =>
    run(["datasource", "upload", "--cleanroom-config", config, "--name", name, "--dataset-folder", folder]);
  expect(await upload("absent", at("."))).toMatchObject({
    status: 1,
    notes: `error: ${config} has no datasource "absent"; there are: there`,
  });
  expect(await upload("there", at("absent"))).toMatchObject({ status: 1, notes: `error: there is no file or folder ${at("absent")}` });
  expect(await run(["logs", "download", "--cleanroom-config", config, "--target-folder", at("l")])).toMatchObject({
    status: 1,
    notes: `error: ${config} has no datasink for application telemetry: config set-logging adds it`,
  });
});
