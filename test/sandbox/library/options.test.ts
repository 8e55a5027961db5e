import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newIdentity, SandboxError, startSandbox, type SandboxOptions } from "../../../sandbox/index.js";

async function refusalOf(options: SandboxOptions): Promise<string> {
  const error: unknown = await startSandbox(options).then(
    (sandbox) => sandbox.stop(),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(SandboxError);
  return (error as SandboxError).message;
}

test("an initial member whose certificate or key is none is named, with what was given", async () => {
  const alice = await newIdentity("alice");
  expect(await refusalOf({ members: [alice, { certificate: "x" }] })).toBe(
    'the certificate of initial member 2 is none (PEM is wanted): "x"',
  );
  expect(await refusalOf({ members: [{ ...alice, encryptionPublicKey: "y" }] })).toBe(
    'the encryption public key of initial member 1 is none (PEM is wanted): "y"',
  );
  const forgotten = newIdentity("bob") as unknown as typeof alice; // as in JavaScript, without an await
  expect(await refusalOf({ members: [alice, forgotten] })).toBe("the certificate of initial member 2 is none (PEM is wanted): nothing");
});

test.each([99999, -1, 1.5, NaN])("%d is refused as a port", async (port) => {
  expect(await refusalOf({ members: [await newIdentity("alice")], port })).toBe(
    `${port} is no port: choose one from 1 to 65535, or 0 for any`,
  );
});

test("keys that were damaged are named by their file, whatever is wrong with them, and the ledger is left as it is", async () => {
  const dir = await mkdtemp(join(tmpdir(), "options-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const first = await startSandbox({ members: [await newIdentity("alice")], dir });
  await first.stop();
  const file = join(dir, "identity.json");
  const text = await readFile(file, "utf8");
  const sealed = JSON.parse(text) as Record<string, string>;
  const other = (await newIdentity("other")).certificate;
  const damages = [
    text.slice(0, 100),
    "null",
    JSON.stringify({ ...sealed, nodeKey: undefined }),
    JSON.stringify({ ...sealed, serviceKey: "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n" }),
    JSON.stringify({ ...sealed, serviceCertificate: other }),
    JSON.stringify({ ...sealed, ledgerSecret: "x" }),
  ];
  for (const damaged of damages) {
    await writeFile(file, damaged);
    expect(await refusalOf({ dir, resume: true })).toMatch(`${file} is damaged: the keys of the service cannot be read: `);
  }
  await writeFile(file, text);
  const again = await startSandbox({ dir, resume: true });
  expect(again.serviceCertificate).toBe(first.serviceCertificate);
  await again.stop();
});

test("a start that was killed before it had keys is no hindrance to the next", async () => {
  const dir = await mkdtemp(join(tmpdir(), "options-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, "ledger"));
  for (const name of ["lock", "lock.1b", "identity.json.part", "sandbox.log"]) await writeFile(join(dir, name), "");
  const members = [await newIdentity("alice")];
  const sandbox = await startSandbox({ members, dir });
  await sandbox.stop();
  const resume = `${dir} is not empty: resume the service that it holds, or choose another directory`;
  expect(await refusalOf({ members, dir })).toBe(resume);

  await rm(join(dir, "identity.json"));
  expect(await refusalOf({ members, dir })).toMatch(
    / holds no service, but (ledger|service_cert\.pem), \S+: choose another directory, or remove that$/,
  );
  expect(await readdir(dir)).not.toContain("lock");
});

test("a service that cannot write its ledger any more says why in its log as it ends", async () => {
  const dir = await mkdtemp(join(tmpdir(), "options-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const alice = await newIdentity("alice");
  const logged: string[] = [];
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<Error>((resolve) => (failed = resolve));
  const sandbox = await startSandbox({ members: [alice], dir, log: (level, line) => logged.push(`${level} ${line}`), failed });
  onTestFinished(() => sandbox.stop());
  await rm(join(dir, "ledger"), { recursive: true });
  await sandbox.activate(alice).catch(() => undefined);
  const { message } = await failure;
  expect(message).toBe(`${join(dir, "ledger", "ledger_1")} has been deleted`);
  expect(logged).toEqual([`fatal the service ends: ${message}`]);
});
