import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measured, type Benchmark } from "../measurement.js";
import { command, withFolder } from "../service/process.js";

const MB = 1024 * 1024;
const FILE_MB = 512;
const RUNS = 5;

/** Tells the greatest resident memory of a process at its end. */
const TELLING = `data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS))`;

/** Encrypting and decrypting one file of 512 MB, beside `openssl enc` (AES-256-CTR, which notices no change) on the same bytes. */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    await mkdir(at("in"));
    const file = await open(at("in/file"), "w");
    for (let written = 0; written < FILE_MB; written += 16) await file.write(randomBytes(16 * MB));
    await file.close();
    const where = ["--secretstore", "local", "--secretstore-config", at("secrets")];
    await mkdir(at("keys"), { mode: 0o700 });
    await writeFile(at("keys/data.bin"), randomBytes(32), { mode: 0o600 });
    await writeFile(at("secrets"), yaml("secretstores", { name: "local", secretStoreType: "Local_File", storeProviderUrl: at("keys"), configuration: "", supportedSecretTypes: ["Secret"] })); // prettier-ignore
    await writeFile(at("stores"), yaml("datastores", { name: "data", secretstore_config: at("secrets"), secretstore_name: where[1], encryptionMode: "CSE", storeType: "Azure_BlobStorage", storeProviderUrl: "https://none.blob.core.windows.net/", storeName: "data" })); // prettier-ignore

    const memory: number[] = [];
    const ours = (verb: string, from: string, to: string): number => {
      const words = [
        "datastore",
        verb,
        "--name",
        "data",
        "--config",
        at("stores"),
        "--source-path",
        at(from),
        "--destination-path",
        at(to),
      ];
      return timed(() => {
        const told = execFileSync("/bin/sh", ["-c", '"$0" "$@" 2>&1 >/dev/null', process.execPath, "--import", TELLING, command, ...words]);
        memory.push(Number(/maxRSS (\d+)/.exec(told.toString())?.[1]) / 1024);
      });
    };
    const theirs = (): number =>
      timed(() => {
        const key = ["-K", "11".repeat(32), "-iv", "22".repeat(16)];
        execFileSync("openssl", ["enc", "-aes-256-ctr", ...key, "-in", at("in/file"), "-out", at("openssl")]);
      });

    const times = { encrypt: [] as number[], decrypt: [] as number[], openssl: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      times.openssl.push(theirs());
      times.encrypt.push(ours("encrypt", "in", "encrypted"));
      times.decrypt.push(ours("decrypt", "encrypted", "plain"));
      for (const made of ["openssl", "encrypted", "plain"]) await rm(at(made), { recursive: true });
    }
    return [
      measured(`encrypt ${FILE_MB} MB`, "ms", times.encrypt),
      measured(`decrypt ${FILE_MB} MB, with all checks`, "ms", times.decrypt),
      measured(`openssl enc -aes-256-ctr, ${FILE_MB} MB`, "ms", times.openssl),
      measured("resident memory", "MB", memory, { atMost: 100 }),
    ];
  });

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** A list of one; JSON is YAML. */
function yaml(list: string, entry: object): string {
  return JSON.stringify({ [list]: [entry] });
}

export default benchmark;
