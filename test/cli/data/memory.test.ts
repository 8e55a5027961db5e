import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { installation } from "../../../cli/installation.js";
import { folderWith } from "../../cleanroom/transfer/folders.js";

const MB = 1024 * 1024;
const telling = `data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS))`;

test("a large file is encrypted and decrypted in less memory than a third of it", async () => {
  const { at, path, write } = await folderWith();
  await mkdir(at("in"));
  await write("in/large", "");
  await truncate(at("in/large"), 300 * MB);
  await mkdir(at("keys"), { mode: 0o700 });
  await writeFile(at("keys/d.bin"), randomBytes(32), { mode: 0o600 });
  const secrets = { name: "local", secretStoreType: "Local_File", storeProviderUrl: at("keys"), configuration: "" };
  await write("secrets", JSON.stringify({ secretstores: [{ ...secrets, supportedSecretTypes: ["Secret"] }] }));
  const store = { storeType: "Azure_BlobStorage", storeProviderUrl: "https://none.blob.core.windows.net/", storeName: "d" };
  const keys = { secretstore_config: at("secrets"), secretstore_name: "local" };
  await write("stores", JSON.stringify({ datastores: [{ name: "d", ...keys, encryptionMode: "CSE", ...store }] }));

  for (const [verb, from, to] of [
    ["encrypt", "in", "encrypted"],
    ["decrypt", "encrypted", "plain"],
  ] as const) {
    const words = ["datastore", verb, "--name", "d", "--config", at("stores"), "--source-path", at(from), "--destination-path", at(to)];
    const command = join(installation(), "bin", "cleanroom.mjs");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", telling, command, ...words], { cwd: path });
    expect(stdout).toBe(`1 file ${verb}ed (315 MB)\n`);
    expect(Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024, verb).toBeLessThan(100);
  }
});
