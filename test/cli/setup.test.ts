import { X509Certificate } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtFile } from "../../cli/installation.js";
import { memberIdOf } from "../../client/identity.js";
import { authority, expired, member } from "../client/authority.js";
import { consortium, freshService, type Place } from "./consortium.js";

function deploy(place: Place, ...more: string[]): string[] {
  const { folder, url } = place;
  return [
    ...["governance", "client", "deploy", "--name", "isv-client", "--ccf-endpoint", url],
    ...["--signing-cert", join(folder, "isv_cert.pem"), "--signing-key", join(folder, "isv_privk.pem")],
    ...more,
  ];
}

test("on first use the service certificate is pinned, and its fingerprint is said aloud", async () => {
  const place = await freshService();
  const { status, out, notes } = await place.run(deploy(place));
  expect({ status, out }).toEqual({ status: 0, out: "" });
  expect(notes).toContain("WARNING: trusting");
  expect(notes).toContain(new X509Certificate(place.serviceCertificate).fingerprint256);
  expect((await stat(join(place.folder, "home", "clients", "isv-client.json"))).mode & 0o777).toBe(0o600);
});

test("a pinned certificate that has changed is not taken over in silence", async () => {
  const place = await freshService();
  await place.run(deploy(place));
  const file = join(place.folder, "home", "clients", "isv-client.json");
  const profile = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...profile, serviceCert: authority("the service before").cert }));
  const { status, notes } = await place.run(deploy(place));
  expect(status).toBe(1);
  expect(notes).toContain("has CHANGED");
  expect((await place.run(deploy(place, "--service-cert", join(place.folder, "service_cert.pem")))).status).toBe(0);
});

test("a client is not set up for a service whose certificate is another", async () => {
  const place = await freshService();
  await writeFile(join(place.folder, "other.pem"), authority("other").cert);
  const { status, notes } = await place.run(deploy(place, "--service-cert", join(place.folder, "other.pem")));
  expect(status).toBe(1);
  expect(notes).toMatch(/^error: NotTrusted: cannot talk to https:.*: its certificate is not endorsed/);
  expect((await place.run(["governance", "client", "show", "--name", "isv-client"])).notes).toContain("there is no governance client");
});

test("a private key that others can read is refused, with what to do about it", async () => {
  const place = await freshService();
  const key = join(place.folder, "isv_privk.pem");
  await chmod(key, 0o640);
  const refused = `error: ${key} is a private key that others can reach (mode 0640): chmod 600 ${key}`;
  expect(await place.deployClient("isv")).toEqual({ status: 1, out: "", notes: refused });
  await chmod(key, 0o600);
  await place.deployClient("isv");
  await chmod(key, 0o644);
  expect((await place.attempt("isv", "governance member activate")).notes).toBe(refused.replace("0640", "0644"));
  expect(await place.run(["governance", "client", "show", "--name", "isv-client"])).toMatchObject({ status: 1, out: "" });
});

test("a client shows who it is and what the service knows of it, and never the key", async () => {
  const place = await consortium();
  const { out } = await place.run(["governance", "client", "show", "--name", "tdp-client"]);
  const certificate = await readFile(join(place.folder, "tdp_cert.pem"), "utf8");
  expect(JSON.parse(out)).toMatchObject({
    ccfEndpoint: place.url,
    memberId: memberIdOf(new X509Certificate(certificate)),
    memberData: { identifier: "tdp" },
    signingCert: certificate,
    signingKey: "<redacted>",
  });
  expect(out).not.toContain("PRIVATE KEY");
});

test("a service that went away is one clear line", async () => {
  const place = await freshService();
  await place.deployClient("isv");
  await place.stop();
  const { status, notes } = await place.attempt("isv", "governance member show");
  expect({ status, notes }).toEqual({
    status: 1,
    notes: `error: NotRunning: cannot talk to ${place.url}: nothing listens there; is the service running?`,
  });
});

test("service deploy installs the application, opens the service, and finds everything in place the second time", async () => {
  const place = await freshService();
  await place.deployClient("isv");
  const inactive = await place.attempt("isv", "governance service deploy");
  expect(inactive.notes).toMatch(/^error: InvalidAuthenticationInfo: .*\(HTTP 401\)\n {2}.*not an ACTIVE member/m);

  await place.as("isv", "governance member activate");
  const first = await place.attempt("isv", "governance service deploy");
  expect({ status: first.status, out: first.out }).toEqual({ status: 0, out: "" });
  expect(first.notes).toMatch(/^application sha256:[0-9a-f]{64}: accepted \(proposal [0-9a-f]{64}\)$/m);
  expect(first.notes).toMatch(/^open service: accepted/m);

  const second = await place.attempt("isv", "governance service deploy");
  expect(second.status).toBe(0);
  expect(second.notes.split("\n").map((line) => line.replace(/^.*: /, ""))).toEqual([
    "in place",
    "in place",
    "in place",
    "in place",
    "in place",
  ]);
  expect(await place.as("isv", "governance contract list")).toBe(JSON.stringify({ value: [] }, null, 2));
});

test("an upgrade waits for the others, whose deployment of the same files is their vote", async () => {
  const place = await consortium();
  const constitution = join(place.folder, "constitution.js");
  await writeFile(constitution, `${await readFile(builtFile("constitution.js"), "utf8")}\n// a new line\n`);
  const upgrade = `governance service deploy --constitution ${constitution}`;

  const first = await place.attempt("isv", upgrade);
  expect(first.notes).toMatch(/^constitution sha256:[0-9a-f]{64}: waits for the votes of other members \(proposal/);
  await place.as("tdp", upgrade);
  const last = await place.attempt("tdc", upgrade);
  expect(last.notes).toMatch(/^constitution sha256:[0-9a-f]{64}: accepted/);
  expect((await place.attempt("isv", upgrade)).notes).toMatch(/^constitution sha256:[0-9a-f]{64}: in place/);
});

test("a member's tenant can be proposed without losing what else is known of the member", async () => {
  const place = await consortium();
  const id = await place.as("isv", "governance member set-tenant-id --identifier tdp --tenant-id t-1 --query proposalId -o tsv");
  expect(await place.as("isv", `governance proposal show-actions --proposal-id ${id} --query actions[0].args.member_data`)).toBe(
    JSON.stringify({ identifier: "tdp", tenantId: "t-1" }, null, 2),
  );
  const nobody = await place.attempt("isv", "governance member set-tenant-id --identifier nobody --tenant-id t-1");
  expect(nobody.notes).toBe('error: MemberNotFound: no member has the identifier "nobody"');
});

test("members are listed with their state", async () => {
  const place = await consortium();
  const rows = await place.as("tdc", "governance member show --query value[].[status,memberData.identifier] -o tsv");
  expect(rows.split("\n").sort()).toEqual(["Active\t", "Active\ttdc", "Active\ttdp"]);
});

test("a member's certificate that has expired is taken, as CCF does, but said aloud", async () => {
  const place = await freshService();
  const { certificate, keyPem } = member("old");
  const { cert } = expired({ cert: certificate, key: keyPem });
  const file = join(place.folder, "old_cert.pem");
  await writeFile(file, cert);
  await writeFile(join(place.folder, "old_privk.pem"), keyPem, { mode: 0o600 });
  const warning = new RegExp(`^WARNING: the certificate ${file} expired on \\d{4}-.*Z; CCF does not check .* takes it all the same$`);
  expect(await place.deployClient("old")).toEqual({ status: 0, out: "", notes: expect.stringMatching(warning) as unknown });

  await place.deployClient("isv");
  await place.as("isv", "governance member activate");
  await place.as("isv", "governance service deploy");
  const { status, out, notes } = await place.attempt(
    "isv",
    `governance member add --certificate ${file} --identifier old --query proposalId`,
  );
  expect({ status, notes }).toEqual({ status: 0, notes: expect.stringMatching(warning) as unknown });
  await place.as("isv", `governance proposal vote --proposal-id ${JSON.parse(out) as string} --action accept`);
  await place.as("old", "governance member activate");
  expect(await place.as("old", "status")).toContain("(Active)");
});

test("a folder is no private key, whatever its permissions", async () => {
  const place = await freshService();
  const { status, notes } = await place.run([
    ...["governance", "client", "deploy", "--name", "x", "--ccf-endpoint", place.url],
    ...["--signing-cert", join(place.folder, "isv_cert.pem"), "--signing-key", place.folder],
  ]);
  expect({ status, notes }).toEqual({ status: 1, notes: `error: ${place.folder} is a folder, not a file` });
});
