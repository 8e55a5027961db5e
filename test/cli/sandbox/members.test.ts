import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listMembers } from "../../../client/governance/members.js";
import { openSession } from "../../../client/session.js";
import { member } from "../../client/authority.js";
import { sandboxShell, type SandboxShell } from "../sandbox.js";

/** What a service that was started so says of its initial members, by their identifiers. */
async function started({ start, folder }: SandboxShell, ...members: readonly string[]) {
  const dir = join(folder, "service");
  const { port } = await start("--members", ...members, "--dir", dir);
  const serviceCertificate = await readFile(join(dir, "service_cert.pem"), "utf8");
  const session = openSession({ url: `https://127.0.0.1:${port}`, serviceCertificate, identity: member("reader") });
  onTestFinished(() => session.transport.close());
  const { value } = await listMembers(session);
  return new Map(value.map((known) => [known.memberData?.identifier, known]));
}

/** A folder with the keys of several, as a tutorial leaves them, and one with tdc's. */
async function keys(): Promise<SandboxShell> {
  const at = await sandboxShell();
  const write = (name: string, content: string): Promise<void> => writeFile(join(at.folder, name), content);
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await write("isv_data.json", '{"identifier": "isv"}');
  await write("isv_enc_pubk.pem", publicKey.export({ type: "spki", format: "pem" }).toString());
  await write("tdp_cert.pem", member("tdp").certificate);
  await write("tdp_data.json", '{"identifier": "tdp"}');
  await mkdir(join(at.folder, "others"));
  await write("others/tdc_cert.pem", member("tdc").certificate);
  await write("others/tdc_data.json", '{"identifier": "tdc"}');
  return at;
}

test("a service begins with the members whose certificates are named, and with no others of their folder", async () => {
  const at = await keys();
  const members = await started(at, join(at.folder, "isv_cert.pem"));
  expect([...members.keys()]).toEqual(["isv"]);
  expect(members.get("isv")).toMatchObject({ recoveryRole: "Participant", status: "Accepted" });
});

test("certificates and directories of certificates can be named together, and one twice", async () => {
  const at = await keys();
  const members = await started(at, join(at.folder, "tdp_cert.pem"), join(at.folder, "others"), join(at.folder, "others", "tdc_cert.pem"));
  expect([...members.keys()].sort()).toEqual(["tdc", "tdp"]);
  expect(members.get("tdp")).toMatchObject({ recoveryRole: "NonParticipant" });
});

test.each([
  ["empty", "FOLDER/empty holds no certificate (NAME_cert.pem) of an initial member"],
  ["none_cert.pem", "cannot read the certificates of initial members: there is no FOLDER/none_cert.pem"],
  ["isv_data.json", "FOLDER/isv_data.json is not called NAME_cert.pem, as certificates of initial members are"],
  ["false_cert.pem", "FOLDER/false_cert.pem is no PEM certificate"],
])("sandbox start --members %s is refused", async (name, problem) => {
  const { folder, run } = await keys();
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "false_cert.pem"), "false");
  const words = ["sandbox", "start", "--port", "0", "--members", join(folder, "isv_cert.pem"), join(folder, name)];
  const { status, notes } = await run(words);
  expect({ status, notes }).toEqual({ status: 1, notes: `error: ${problem.replace("FOLDER", folder)}` });
});
