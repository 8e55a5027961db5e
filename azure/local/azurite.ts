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
  /** Has other accounts from now on. It does not start anew for them: meanwhile, somebody else could take its port. */
  readonly setAccounts: (accounts: AzuriteOptions["accounts"]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Milliseconds. */
const START_WITHIN = 60_000;

/**
 * What Azurite's process does besides. Lines of its input, `NUMBER ACCOUNTS`, say which accounts it has; by itself it would look for them once
 * a minute. When its input ends, because whoever started it has closed it or is no more, it closes, and does not take longer over it than it
 * may: nothing else tells it that the other was killed.
 */
const BESIDES = `import { createRequire } from "node:module";
import { createInterface } from "node:readline";
const { default: Accounts } = createRequire(process.argv[1])("../common/AccountDataStore.js");
const stores = [];
const { init } = Accounts.prototype;
Accounts.prototype.init = function () {
  stores.push(this);
  return init.call(this);
};
createInterface(process.stdin).on("line", (line) => {
  const [number, accounts] = line.split(" ");
  process.env.AZURITE_ACCOUNTS = accounts;
  for (const store of stores) store.refresh();
  console.log("has accounts " + number);
});
process.stdin.on("close", () => {
  setTimeout(() => process.exit(1), 1000).unref();
  process.kill(process.pid, "SIGTERM");
}).unref();`;

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
  const besides = ["--import", `data:text/javascript,${encodeURIComponent(BESIDES)}`];
  const child = spawn(
    process.execPath,
    [...besides, main, ...words, ...secure, "--silent", "--disableTelemetry", "--skipApiVersionCheck"],
    {
      env: { ...process.env, AZURITE_ACCOUNTS: written(accounts) },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString("utf8")}`.slice(-1000)));
  child.stdin.on("error", () => undefined); // of a process that has ended; whoever waits is told below
  const ended = once(child, "close");
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  };
  const listeners = new Set<(line: string) => void>();
  createInterface(child.stdout).on("line", (line) => {
    for (const hear of listeners) hear(line);
  });
  /** What it says in the place of the group, once it does. @throws Error when it ends before */
  const told = (pattern: RegExp): Promise<string> => {
    const heard = new Promise<string>((resolve) => {
      listeners.add(function hear(line) {
        const [, group] = pattern.exec(line) ?? [];
        if (group === undefined) return;
        listeners.delete(hear);
        resolve(group);
      });
    });
    const over = ended.then(() => {
      throw said.includes("EADDRINUSE") ? taken(port) : new Error(`Azurite has ended: ${said.trim()}`);
    });
    return Promise.race([heard, over]);
  };
  let changes = 0;
  const setAccounts = async (now: AzuriteOptions["accounts"]): Promise<void> => {
    const number = ++changes;
    const done = told(new RegExp(`^has accounts (${number})$`));
    child.stdin.write(`${number} ${written(now)}\n`);
    await done;
  };
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => { reject(new Error("Azurite did not listen within a minute")); }, START_WITHIN); // prettier-ignore
  });
  try {
    const url = await Promise.race([told(/successfully listens on (https?:\/\/\S+)/), tooLate]);
    return { url: `${url.replace(/\/$/, "")}/`, setAccounts, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** As Azurite reads them from its environment. */
const written = (accounts: AzuriteOptions["accounts"]): string =>
  Object.entries(accounts)
    .map(([name, key]) => `${name}:${key}`)
    .join(";");

function taken(port: number): NodeJS.ErrnoException {
  const address = "127.0.0.1";
  const message = `listen EADDRINUSE: address already in use ${address}:${port}`;
  return Object.assign(new Error(message), { code: "EADDRINUSE", syscall: "listen", address, port });
}
