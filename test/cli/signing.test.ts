import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { member } from "../client/authority.js";
import { consortium, freshService, type Place } from "./consortium.js";
import { shell, type Outcome } from "./run.js";

type At = Pick<Place, "folder" | "run" | "url">;

/** A folder with the keys of members, and no service: what signs is asked before anything else is. */
async function keys(...names: readonly string[]): Promise<At> {
  const at = await shell({ PATH: process.env.PATH ?? "" });
  for (const name of names) {
    const { certificate, keyPem } = member(name);
    await writeFile(join(at.folder, `${name}_cert.pem`), certificate);
    await writeFile(join(at.folder, `${name}_privk.pem`), keyPem, { mode: 0o600 });
  }
  return { ...at, url: "https://127.0.0.1:1" };
}

/** Writes a program into the folder. @returns its path */
async function program(place: At, name: string, script: string): Promise<string> {
  const file = join(place.folder, name);
  await writeFile(file, `#!/bin/bash\n${script}\n`, { mode: 0o700 });
  return file;
}

/** What an HSM tool does, with a key in a file that the product never hears of. */
const sign = (place: At, key: string): Promise<string> =>
  program(place, `sign-${key}`, `exec openssl pkeyutl -sign -pkeyopt digest:sha384 -inkey ${join(place.folder, `${key}_privk.pem`)}`);

const deploy = (place: At, name: string, command: string, ...more: readonly string[]): Promise<Outcome> =>
  place.run([
    ...["governance", "client", "deploy", "--ccf-endpoint", place.url, "--name", `${name}-client`],
    ...["--signing-cert", join(place.folder, `${name}_cert.pem`), "--signing-command", command],
    ...["--service-cert", join(place.folder, "service_cert.pem"), ...more],
  ]);

test("a member whose key only a command reaches joins, proposes, votes and withdraws", async () => {
  const place = await freshService();
  expect(await deploy(place, "isv", await sign(place, "isv"))).toEqual({ status: 0, out: "", notes: "" });
  await place.as("isv", "governance member activate");
  expect(await place.as("isv", "governance member show --query value[].status -o tsv")).toBe("Active");

  await place.makeKeys("tdp");
  const add = `governance member add --certificate ${join(place.folder, "tdp_cert.pem")} --identifier tdp --query proposalId -o tsv`;
  const first = await place.as("isv", add);
  await place.as("isv", `governance proposal withdraw --proposal-id ${first}`);
  const second = await place.as("isv", add);
  expect(await place.as("isv", `governance proposal vote --proposal-id ${second} --action accept --query proposalState -o tsv`)).toBe(
    "Accepted",
  );
  expect(await place.as("isv", "governance member show --query length(value)")).toBe("2");
});

test("what the application asks a certificate for is refused with a way out, before anything is done", async () => {
  const place = await consortium();
  await deploy(place, "isv", await sign(place, "isv"));
  const reading = /^error: MemberCertificateMissing: .* --tls-cert and --tls-key .*$/;
  expect(await place.attempt("isv", "governance contract list")).toMatchObject({ status: 1, out: "", notes: reading });
  expect(await place.as("isv", "status")).toMatch(/\nContracts: not known: .*--tls-cert.*\n\nNo proposal waits for this member's vote\.$/);
  expect(JSON.parse(await place.as("isv", "status -o json"))).not.toHaveProperty("contracts");
  const { status, notes } = await place.attempt("isv", "governance contract create --id c --data text");
  expect({ status, notes }).toMatchObject({ status: 1 });
  expect(notes).toMatch(/^error: MemberCertificateMissing: .* one with --signing-key can$/);
  expect(await place.as("tdp", "governance contract list --query value")).toBe("[]");
});

test("a vote on a contract needs no certificate: the proposal itself says what it is about", async () => {
  const place = await consortium();
  for (const id of ["c", "d"]) await place.as("tdp", `governance contract create --id ${id} --data terms`);
  const propose = async (id: string): Promise<string> => {
    const version = await place.as("tdp", `governance contract show --id ${id} --query version -o tsv`);
    return place.as("tdp", `governance contract propose --id ${id} --version ${version} --query proposalId -o tsv`);
  };
  const [proposal, other] = [await propose("c"), await propose("d")];
  await deploy(place, "isv", await sign(place, "isv"));
  const vote = (id: string, about: string) =>
    place.attempt("isv", `governance contract vote --id ${about} --proposal-id ${id} --action accept`);
  expect(await vote(other, "c")).toMatchObject({ status: 1, notes: expect.stringMatching(/^error: ProposalIdMismatch: .*"c"/) as unknown });
  expect((await vote("ab".repeat(32), "c")).notes).toMatch(/^error: ProposalNotFound: /);
  expect(await vote(proposal, "c")).toMatchObject({ status: 0, notes: "" });
  for (const name of ["tdp", "tdc"]) await place.as(name, `governance contract vote --id c --proposal-id ${proposal} --action accept`);
  expect(await place.as("tdp", "governance contract show --id c --query state -o tsv")).toBe("Accepted");
  expect(await place.as("tdp", `governance proposal show --proposal-id ${other} --query ballotCount`)).toBe("0");
});

test("with the certificate of a registered user it also reads, and so proposes contracts", async () => {
  const place = await consortium();
  await place.makeKeys("isv-reader");
  const user = ["--tls-cert", join(place.folder, "isv-reader_cert.pem"), "--tls-key", join(place.folder, "isv-reader_privk.pem")];
  await deploy(place, "isv", await sign(place, "isv"), ...user);
  expect((await place.attempt("isv", "governance contract list")).notes).toMatch(/^error: InvalidAuthenticationInfo: .*\(HTTP 401\)/);

  const cert = await readFile(join(place.folder, "isv-reader_cert.pem"), "utf8");
  const content = join(place.folder, "content.json");
  await writeFile(content, JSON.stringify({ actions: [{ name: "set_user", args: { cert } }] }));
  const id = await place.as("isv", `governance proposal create --content ${content} --query proposalId -o tsv`);
  for (const name of ["isv", "tdp", "tdc"]) await place.as(name, `governance proposal vote --proposal-id ${id} --action accept`);

  await place.as("tdp", "governance contract create --id c --data terms");
  const version = await place.as("isv", "governance contract show --id c --query version -o tsv");
  const proposal = await place.as("isv", `governance contract propose --id c --version ${version} --query proposalId -o tsv`);
  for (const name of ["tdp", "tdc", "isv"]) {
    await place.as(name, `governance contract vote --id c --proposal-id ${proposal} --action accept`);
  }
  expect(await place.as("isv", "governance contract show --id c --query state -o tsv")).toBe("Accepted");
  expect(await place.as("isv", "status --query contracts[].id -o tsv")).toBe("c");
  expect((await place.attempt("isv", "governance contract secret set --contract-id c --secret-name s --value v")).notes).toMatch(
    /^error: MemberCertificateMissing: /,
  );

  const { out } = await place.run(["governance", "client", "show", "--name", "isv-client"]);
  expect(JSON.parse(out)).toMatchObject({ signingCommand: join(place.folder, "sign-isv"), signingKey: "<redacted>", tlsCert: cert });
  expect(out).not.toContain("PRIVATE");
});

test("the command is told the algorithm, gets the digest alone, and its words are taken as they are", async () => {
  const place = await freshService();
  const key = join(place.folder, "isv_privk.pem");
  const seen = join(place.folder, "seen");
  const file = await program(
    place,
    "sign",
    `[ "$1" = 'two words; $HOME' ] && [ "$#" = 1 ] || exit 3
     tee >(wc -c > ${seen}-bytes) | openssl pkeyutl -sign -inkey ${key} | base64 -w 20
     echo "$CLEANROOM_SIGNING_ALGORITHM" > ${seen}`,
  );
  expect(await deploy(place, "isv", `${file} 'two words; $HOME'`)).toEqual({ status: 0, out: "", notes: "" });
  expect(await readFile(seen, "utf8")).toBe("ES384\n");
  expect(await readFile(`${seen}-bytes`, "utf8")).toBe("48\n");
  await place.as("isv", "governance member activate");
});

test("a command can open its standard input by its name", async () => {
  const place = await freshService();
  const key = join(place.folder, "isv_privk.pem");
  const file = await program(place, "sign", `exec openssl pkeyutl -sign -pkeyopt digest:sha384 -inkey ${key} -in /dev/stdin`);
  expect(await deploy(place, "isv", file)).toEqual({ status: 0, out: "", notes: "" });
});

test("what a command cannot do is one line, which tells none of its words, and nothing is stored", async () => {
  const at = await keys("isv", "other");
  const pin = "the-PIN-4711";
  const fails = await program(at, "fails", 'echo "no token is present" >&2\necho "see the manual" >&2\nexit 7');
  const failures: [string, RegExp][] = [
    [await sign(at, "other"), /sign-other printed 10\d bytes, which are no ES384 signature of the digest by the key of .*\(CN=isv\)$/],
    ["cleanroom-no-such-tool", /^error: the signing command cleanroom-no-such-tool is not on the PATH$/],
    [join(at.folder, "missing"), /^error: the signing command .*missing does not exist$/],
    [join(at.folder, "isv_cert.pem"), /^error: the signing command .*isv_cert\.pem cannot be run: EACCES$/],
    [`${fails} --pin ${pin}`, /^error: the signing command .*fails ended with status 7: no token is present; see the manual$/],
    [`${await program(at, "quiet", "true")} --pin ${pin}`, /^error: the signing command .*quiet printed nothing of the digest/],
    [await program(at, "killed", "kill -TERM $$"), /^error: the signing command .*killed ended with SIGTERM$/],
    [await program(at, "endless", "yes"), /^error: the signing command .*endless printed more than 16384 bytes, which are no signature$/],
  ];
  for (const [command, expected] of failures) {
    const { status, out, notes } = await deploy(at, "isv", command);
    expect({ status, out }, command).toEqual({ status: 1, out: "" });
    expect(notes, command).toMatch(expected);
    expect(notes).not.toContain(pin);
    expect(notes).not.toContain("\n");
  }
  expect((await at.run(["governance", "client", "show", "--name", "isv-client"])).notes).toContain("there is no governance client");
});

test("a command that hangs is ended, also where it has started others", async () => {
  const at = await keys("isv");
  const { run } = await shell({ CLEANROOM_SIGNING_TIMEOUT: "2", PATH: process.env.PATH ?? "" });
  const hangs = await program(at, "hangs", "sleep 20");
  const began = performance.now();
  expect(await deploy({ ...at, run }, "isv", hangs)).toEqual({
    status: 1,
    out: "",
    notes: `error: the signing command ${hangs} has not ended after 2 s; CLEANROOM_SIGNING_TIMEOUT sets the limit, in seconds`,
  });
  expect(performance.now() - began).toBeLessThan(15_000);
});

test("a limit that is no number of seconds is refused", async () => {
  const at = await keys("isv");
  const elsewhere = await shell({ CLEANROOM_SIGNING_TIMEOUT: "soon" });
  expect(await deploy({ ...at, run: elsewhere.run }, "isv", await sign(at, "isv"))).toMatchObject({ status: 2 });
});

test("a key that is exchanged for another later, or a command that is gone, changes nothing at the service", async () => {
  const place = await freshService();
  const command = await sign(place, "isv");
  await deploy(place, "isv", command);
  await place.as("isv", "governance member activate");
  await writeFile(join(place.folder, "isv_privk.pem"), member("stranger").keyPem);
  const add = `governance member add --certificate ${join(place.folder, "isv_cert.pem")} --identifier x`;
  expect((await place.attempt("isv", add)).notes).toMatch(/^error: the signing command .* are no ES384 signature of the digest/);
  await writeFile(command, "");
  expect((await place.attempt("isv", add)).status).toBe(1);
  expect(await place.as("isv", "governance proposal list --query length(value)")).toBe("0");
});

test.each([
  [[], /either --signing-key or --signing-command/],
  [["--signing-key", "k", "--signing-command", "c"], /either --signing-key or --signing-command/],
  [["--signing-command", ""], /--signing-command is empty/],
  [["--signing-command", "./sign.sh"], /give the absolute path of \.\/sign\.sh/],
  [["--signing-command", "sign 'open"], /stays open$/m],
  [["--signing-command", "c", "--tls-cert", "t"], /--tls-cert and --tls-key go together/],
  [["--signing-key", "k", "--tls-cert", "t", "--tls-key", "u"], /are for --signing-command/],
])("options that do not go together are refused: %j", async (options, message) => {
  const at = await keys("isv");
  const { status, notes } = await at.run([
    ...["governance", "client", "deploy", "--ccf-endpoint", at.url, "--name", "x"],
    ...["--signing-cert", join(at.folder, "isv_cert.pem"), ...options],
  ]);
  expect(status).toBe(2);
  expect(notes).toMatch(message);
});
