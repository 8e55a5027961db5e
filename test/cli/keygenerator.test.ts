import { execFile, type ExecFileException } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shell } from "./run.js";

type Result = { readonly status: number; readonly out: string; readonly err: string };

/** Runs what `keygenerator-sh` prints, as `| bash -s -- ...` does. */
async function keygenerator(folder: string, args: readonly string[]): Promise<Result> {
  const { run } = await shell();
  const { out: script } = await run(["governance", "member", "keygenerator-sh"]);
  return new Promise((resolve) => {
    const bash = execFile("bash", ["-s", "--", ...args], { cwd: folder }, (error: ExecFileException | null, out, err) => {
      resolve({ status: typeof error?.code === "number" ? error.code : 0, out, err });
    });
    bash.stdin?.end(script);
  });
}

test("a key for the owner alone and a certificate that belongs to it are made, and named on the output", async () => {
  const { folder } = await shell();
  const { status, out } = await keygenerator(folder, ["--name", "isv", "--out", "./keys"]);
  expect(status).toBe(0);
  expect(out).toBe(
    '-- Generating identity private key and certificate for participant "isv"...\n' +
      "Identity curve: secp384r1\n" +
      "Identity private key generated at:   ./keys/isv_privk.pem\n" +
      "Identity certificate generated at:   ./keys/isv_cert.pem (to be registered in CCF)\n",
  );
  expect((await readdir(join(folder, "keys"))).sort()).toEqual(["isv_cert.pem", "isv_privk.pem"]);
  expect((await stat(join(folder, "keys", "isv_privk.pem"))).mode & 0o777).toBe(0o600);

  const certificate = new X509Certificate(await readFile(join(folder, "keys", "isv_cert.pem")));
  const key = createPrivateKey(await readFile(join(folder, "keys", "isv_privk.pem")));
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.subject).toBe("CN=isv");
  expect(certificate.ca).toBe(false);
  expect(key.asymmetricKeyDetails?.namedCurve).toBe("secp384r1");
  expect((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000).toBe(365);
});

test("--curve and --gen-enc-key are honoured", async () => {
  const { folder } = await shell();
  const { status } = await keygenerator(folder, ["--name", "tdp", "--out", ".", "--curve", "secp256r1", "--gen-enc-key"]);
  expect(status).toBe(0);
  expect(createPrivateKey(await readFile(join(folder, "tdp_privk.pem"))).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  const encryption = createPrivateKey(await readFile(join(folder, "tdp_enc_privk.pem")));
  expect(encryption.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const publicPem = await readFile(join(folder, "tdp_enc_pubk.pem"), "utf8");
  expect(createPublicKey(publicPem).equals(createPublicKey(encryption))).toBe(true);
  expect((await stat(join(folder, "tdp_enc_privk.pem"))).mode & 0o777).toBe(0o600);
});

test.each(["isv_privk.pem", "isv_cert.pem"])("an existing %s is not overwritten, and nothing else is made", async (file) => {
  const { folder } = await shell();
  await writeFile(join(folder, file), "precious");
  const { status, err } = await keygenerator(folder, ["--name", "isv", "--out", "."]);
  expect({ status, err }).toEqual({ status: 1, err: `keygenerator: ./${file} exists; it is not overwritten\n` });
  expect(await readdir(folder)).toEqual([file]);
  expect(await readFile(join(folder, file), "utf8")).toBe("precious");
});

test.each([
  ["no name", ["--out", "."]],
  ["a name that is a path", ["--name", "../isv"]],
  ["a name with a line feed", ["--name", "isv\nC = X"]],
  ["an unknown curve", ["--name", "isv", "--curve", "secp521r1"]],
  ["an unknown argument", ["--name", "isv", "--colour"]],
  ["an option without its value", ["--name"]],
])("%s is refused with status 2", async (_, args) => {
  const { folder } = await shell();
  const { status, err } = await keygenerator(folder, args);
  expect(status).toBe(2);
  expect(err).toMatch(/^keygenerator: /);
  expect(await readdir(folder)).toEqual([]);
});

test("a folder with a space in its name will do", async () => {
  const { folder } = await shell();
  await mkdir(join(folder, "my keys"));
  const { status } = await keygenerator(folder, ["--name", "isv", "--out", "my keys"]);
  expect(status).toBe(0);
  expect((await readdir(join(folder, "my keys"))).sort()).toEqual(["isv_cert.pem", "isv_privk.pem"]);
});
