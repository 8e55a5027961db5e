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

/**
 * What Azurite's process does besides: when its input ends, because whoever started it has closed it or is no more, it closes, and does not
 * take longer over it than it may. Nothing else tells it that the other was killed.
 */
const ENDING = `process.stdin.on("close", () => {
  setTimeout(() => process.exit(1), 1000).unref();
  process.kill(process.pid, "SIGTERM");
}).resume().unref();`;

/**
 * Starts Azurite, Microsoft's emulator of blob storage, as a process of its own on this machine's loopback address. It tells nobody, and
 * ends with this process, however that ends.
 *
 * @throws Error EADDRINUSE, as of a server of this process, where the port is taken
 */
export async function startAzurite({ folder, accounts, tls, port = 0 }: AzuriteOptions): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const words = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", folder];
  const secure = tls ? ["--cert", tls.certificate, "--key", tls.key] : [];
  const named = Object.entries(accounts).map(([name, key]) => `${name}:${key}`);
  const ending = ["--import", `data:text/javascript,${encodeURIComponent(ENDING)}`];
  const child = spawn(process.execPath, [...ending, main, ...words, ...secure, "--silent", "--disableTelemetry", "--skipApiVersionCheck"], {
    env: { ...process.env, AZURITE_ACCOUNTS: named.join(";") },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString("utf8")}`.slice(-1000)));
  const exited = once(child, "exit");
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
    if (said.includes("EADDRINUSE")) throw taken(port);
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

function taken(port: number): NodeJS.ErrnoException {
  const address = "127.0.0.1";
  const message = `listen EADDRINUSE: address already in use ${address}:${port}`;
  return Object.assign(new Error(message), { code: "EADDRINUSE", syscall: "listen", address, port });
}
