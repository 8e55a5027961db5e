import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

export type AzuriteOptions = {
  /** Where blobs are kept. */
  readonly folder: string;
  /** Names of storage accounts, with their keys in base64. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Files with the certificate and the key; without them, HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** 0 for a free one. */
  readonly port?: number;
};

export type Azurite = {
  /** `https://127.0.0.1:PORT/`: the account comes next in the path. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** Milliseconds. */
const START_WITHIN = 60_000;

/** Starts Azurite, Microsoft's emulator of blob storage, as a process of its own on this machine's loopback address. It tells nobody. */
export async function startAzurite({ folder, accounts, tls, port = 0 }: AzuriteOptions): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const words = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", folder];
  const secure = tls ? ["--cert", tls.certificate, "--key", tls.key] : [];
  const named = Object.entries(accounts).map(([name, key]) => `${name}:${key}`);
  const child = spawn(process.execPath, [main, ...words, ...secure, "--silent", "--disableTelemetry", "--skipApiVersionCheck"], {
    env: { ...process.env, AZURITE_ACCOUNTS: named.join(";") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString("utf8")}`.slice(-1000)));
  const exited = once(child, "exit");
  const orphaned = (): void => void child.kill("SIGTERM");
  process.once("exit", orphaned);
  child.once("exit", () => process.off("exit", orphaned));
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
  };
  const lines = createInterface(child.stdout);
  const listening = (async () => {
    for await (const line of lines) {
      const [, url] = /successfully listens on (https?:\/\/\S+)/.exec(line) ?? [];
      if (url !== undefined) return url;
    }
    throw new Error(`Azurite ended before it listened: ${said.trim()}`);
  })();
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => { reject(new Error("Azurite did not listen within a minute")); }, START_WITHIN); // prettier-ignore
  });
  try {
    const url = await Promise.race([listening, tooLate]);
    child.stdout.resume();
    return { url: `${url.replace(/\/$/, "")}/`, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
