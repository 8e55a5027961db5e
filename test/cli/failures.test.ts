import { join } from "node:path";
import { expect, test } from "vitest";
import { saveProfile } from "../../cli/profile.js";
import { authority, issue, member, serve } from "../client/authority.js";
import { chmod, rm, writeFile } from "node:fs/promises";
import { freshService } from "./consortium.js";

const nobody = "ab".repeat(32);

test("whatever goes wrong is one clear line and exit status 1, and nothing is half done", async () => {
  const place = await freshService();
  await place.deployClient("isv");
  await place.as("isv", "governance member activate");
  expect((await place.attempt("isv", "status")).out).toMatch(
    /\(Opening\)\nMember .*\n\nContracts: not known: the service is not open: it is Opening\.\n/,
  );
  await place.as("isv", "governance service deploy");
  const open = () => place.as("isv", "governance proposal list --query length(value[?proposalState=='Open'])");
  expect(await open()).toBe("0");
  const missing = join(place.folder, "missing");
  const broken = join(place.folder, "broken.json");
  await writeFile(broken, "{");
  await writeFile(join(place.folder, "list.json"), "[]");
  const binary = join(place.folder, "binary");
  await writeFile(binary, Buffer.from([0x61, 0xff, 0x00, 0xc3]));

  const failures: [string, RegExp][] = [
    [`governance proposal show --proposal-id ${nobody}`, /^error: ProposalNotFound: .*\(HTTP 404\)$/],
    [`governance proposal show-actions --proposal-id ${nobody}`, /^error: ProposalNotFound: .*\(HTTP 404\)$/],
    [`governance proposal vote --proposal-id ${nobody} --action accept`, /^error: ProposalNotFound: .*\(HTTP 404\)$/],
    [`governance proposal withdraw --proposal-id ${nobody}`, /^error: there is no proposal abab/],
    ["governance contract show --id none", /^error: ContractNotFound: .*\(HTTP 404\)$/],
    ["governance contract verify --id none", /^error: ContractNotFound: .*\(HTTP 404\)$/],
    ["governance contract propose --id none --version 2.1", /^error: ContractNotFound: .*\(HTTP 404\)$/],
    [`governance contract create --id c --data @${place.folder}`, /^error: .* is a folder, not a file$/],
    [`governance contract create --id c --data @${missing}`, /^error: cannot read .*missing: no such file or directory$/],
    [`governance contract create --id c --data @${binary}`, /^error: .*binary is not text: it is not UTF-8$/],
    [`governance member add --identifier x --certificate ${binary}`, /^error: .*binary is not text: it is not UTF-8$/],
    [
      `governance member add --member-data ${binary} --certificate ${join(place.folder, "isv_cert.pem")}`,
      /binary is not text: it is not UTF-8$/,
    ],
    [
      "governance contract secret set --contract-id c --secret-name s --value @hunter2",
      /^error: cannot read the file that the value names after its @: no such file or directory$/,
    ],
    [
      "governance contract runtime-option propose --contract-id none --option logging --action enable",
      /^error: ProposalFailedToValidate: .*none/,
    ],
    ["governance contract runtime-option set --contract-id none --option execution --action disable", /^error: ContractNotAccepted: .*$/],
    [`governance deployment template propose --contract-id c --template-file ${missing}`, /^error: cannot read .*missing: no such file/],
    [`governance deployment template propose --contract-id c --template-file ${broken}`, /^error: .*broken\.json is not JSON: /],
    [
      `governance deployment policy propose --contract-id c --policy-file ${join(place.folder, "list.json")}`,
      /does not hold a JSON object$/,
    ],
    [`governance member add --identifier x --certificate ${missing}`, /^error: cannot read .*missing: no such file or directory$/],
    [`governance member add --identifier x --certificate ${broken}`, /^error: .*broken\.json: this is not a certificate in PEM form/],
    [`governance service deploy --bundle ${broken}`, /^error: .*broken\.json is not JSON: /],
    [`governance service upgrade-js-app --js-app-url ${missing}`, /^error: cannot read .*missing: no such file or directory$/],
  ];
  for (const [line, expected] of failures) {
    const { status, out, notes } = await place.attempt("isv", line);
    expect({ status, out }, line).toEqual({ status: 1, out: "" });
    expect(notes.split("\n")[0], line).toMatch(expected);
    expect(notes.split("\n").length, line).toBeLessThanOrEqual(2);
  }
  expect(await open()).toBe("0");

  const io = {
    env: { CLEANROOM_HOME: join(place.folder, "home") },
    out: () => undefined,
    note: () => undefined,
    stdin: () => Promise.resolve(""),
  };
  const stranger = member("stranger");
  const profile = { signingCert: stranger.certificate, signingKeyFile: join(place.folder, "stranger_privk.pem") };
  await writeFile(profile.signingKeyFile, stranger.keyPem, { mode: 0o600 });
  const other = authority("another service");
  const { url: expired } = await serve(issue(other, { expired: true }), (_, response) => response.end("{}"));
  await saveProfile("stranger-client", { ...profile, ccfEndpoint: place.url, serviceCert: place.serviceCertificate }, io);
  await saveProfile("wrong-client", { ...profile, ccfEndpoint: place.url, serviceCert: other.cert }, io);
  await saveProfile("expired-client", { ...profile, ccfEndpoint: expired, serviceCert: other.cert }, io);
  const contracts = async (name: string) => (await place.attempt(name, "governance contract list")).notes;
  expect(await contracts("stranger")).toMatch(/^error: InvalidAuthenticationInfo: .*\(HTTP 401\)\n {2}.+$/);
  expect(await contracts("wrong")).toMatch(
    /^error: NotTrusted: cannot talk to .*: its certificate is not endorsed by the trusted service certificate$/,
  );
  expect(await contracts("expired")).toMatch(/^error: Expired: cannot talk to .* is outside its period of validity$/);
  await chmod(profile.signingKeyFile, 0o604);
  expect(await contracts("stranger")).toMatch(/^error: .* is a private key that others can reach \(mode 0604\): chmod 600 .*$/);
  await writeFile(profile.signingKeyFile, "");
  await chmod(profile.signingKeyFile, 0o600);
  expect(await contracts("stranger")).toMatch(/^error: .*stranger_privk\.pem: this is not an unencrypted private key in PEM form/);
  await rm(profile.signingKeyFile);
  expect(await contracts("stranger")).toMatch(/^error: cannot read .*stranger_privk\.pem: no such file or directory$/);
  await place.stop();
  expect(await contracts("isv")).toMatch(/^error: NotRunning: cannot talk to .*: nothing listens there; is the service running\?$/);
  expect((await place.attempt("isv", "status")).notes).toMatch(/^error: NotRunning: /);
}, 60_000);
