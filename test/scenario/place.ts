import { createHash, createPublicKey } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudAt, type AnyCloud } from "../../azure/cloud.js";
import { startLocalCloud } from "../../azure/local/index.js";
import { localCloudFile, type LocalCloud } from "../../azure/localCloud.js";
import type { Contract } from "../../cleanroom/contract.js";
import { newKeyPair } from "../../cleanroom/keys.js";
import { token, type TokenWanted } from "../../cleanroom/operations.js";
import { attestedRoom } from "../../cleanroom/room.js";
import { main } from "../../cli/index.js";
import { verifyEvidence, type AttestRequest, type ExtraRoot } from "../../sandbox/index.js";
import { virtually } from "../cleanroom/world.js";
import type { Outcome } from "../cli/run.js";
import { HOST_DATA, setCleanRoomPolicy } from "../support/cleanRoom.js";
import { consortium, type Place } from "../support/consortium.js";
import { agree, setContract, type Party } from "../support/party.js";

type End = (stop: () => Promise<void>) => void;
type Name = "isv" | "tdp" | "tdc";

/** Governance with a virtual TEE, a local cloud that believes it, and a command line that knows both. */
export type Scenario = {
  readonly place: Place;
  readonly members: Readonly<Record<Name, Party>>;
  readonly everybody: readonly [Party, ...Party[]];
  readonly cloud: () => AnyCloud;
  /** Of the cloud, and of tdp and tdc. */
  readonly tenantId: string;
  readonly folder: string;
  /** All that the cloud remembers, as text. */
  readonly cloudState: () => Promise<string>;
  /** Runs `cleanroom` in this process. */
  readonly run: (words: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
};

/** The ids of the resources of a group. */
export function resourcesOf(group: string) {
  const provider = `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/${group}/providers`;
  return {
    storage: `${provider}/Microsoft.Storage/storageAccounts/sa${group}`,
    vault: `${provider}/Microsoft.KeyVault/vaults/kv${group}`,
    identity: `${provider}/Microsoft.ManagedIdentity/userAssignedIdentities/mi${group}`,
  };
}

/** The members isv (without a tenant), tdp and tdc (both of the tenant of the cloud) have nothing yet. */
export async function scenario(end: End): Promise<Scenario> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-scenario-"));
  end(() => rm(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  await mkdir(join(home, "azure"), { recursive: true });
  let believed: readonly ExtraRoot[] = [];
  let local: LocalCloud | undefined;
  const running = await startLocalCloud({
    folder: join(home, "azure"),
    verify: (report, endorsements, uvmEndorsements) => verifyEvidence({ report, endorsements, uvmEndorsements }, believed),
    publish: async (now) => {
      local = now;
      await writeFile(localCloudFile(home), JSON.stringify(now), { mode: 0o600 });
    },
  });
  end(running.close);
  const tenantId = running.cloud().services?.login.tenantId ?? "";
  const people = { isv: { identifier: "isv" }, tdp: { identifier: "tdp", tenantId }, tdc: { identifier: "tdc", tenantId } };
  const { place, members } = await consortium(people, end, { virtualTee: true });
  if (place.service.virtualRoot) believed = [place.service.virtualRoot];
  const run = async (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> => {
    const out: string[] = [];
    const notes: string[] = [];
    const status = await main(words, {
      env: { CLEANROOM_HOME: home, ...env },
      out: (text) => out.push(text),
      note: (line) => notes.push(line),
      stdin: () => Promise.resolve(""),
    });
    return { status, out: out.join(""), notes: notes.join("\n") };
  };
  await writeFile(join(folder, "service_cert.pem"), place.service.serviceCertificate);
  for (const [name, { session }] of Object.entries(members)) {
    const [cert, key] = [join(folder, `${name}_cert.pem`), join(folder, `${name}_privk.pem`)];
    const { certificate, keyPem } = session.identity;
    await writeFile(cert, certificate);
    await writeFile(key, keyPem, { mode: 0o600 });
    const client = ["--name", `${name}-client`, "--signing-cert", cert, "--signing-key", key];
    const endpoint = ["--ccf-endpoint", place.service.url ?? "", "--service-cert", join(folder, "service_cert.pem")];
    const { status, notes } = await run(["governance", "client", "deploy", ...client, ...endpoint]);
    if (status !== 0) throw new Error(notes);
  }
  return {
    place,
    members,
    everybody: [members.isv, members.tdp, members.tdc],
    cloud: () => cloudAt(local),
    tenantId,
    folder,
    cloudState: () => readFile(join(home, "azure", "cloud.json"), "utf8"),
    run,
  };
}

/** A storage account, a vault and an identity. */
export async function createResources({ cloud }: Scenario, group: string): Promise<ReturnType<typeof resourcesOf>> {
  const ids = resourcesOf(group);
  for (const id of Object.values(ids)) await cloud().management().create(id);
  return ids;
}

/** An accepted contract with an accepted policy, which lets in the clean rooms of the tests. */
export async function agreedContract({ everybody }: Scenario, id: string, hostData = HOST_DATA): Promise<void> {
  await agree(everybody, setContract(id));
  await agree(everybody, setCleanRoomPolicy(id, { "x-ms-sevsnpvm-hostdata": hostData, "x-ms-sevsnpvm-is-debuggable": false }));
}

/** Lets the service issue tokens. */
export async function issueTokens({ everybody, members }: Scenario): Promise<void> {
  await agree(everybody, { name: "enable_oidc_issuer", args: { kid: "key" } });
  const { status } = await members.isv.call("POST", "/app/oidc/generateSigningKey");
  if (status !== 200) throw new Error(`no signing key: ${status}`);
}

export const setupAccess = (group: string, contractId: string, name: Name): string[] => [
  ...["setup-access", "--resource-group", group, "--contract-id", contractId, "--governance-client", `${name}-client`],
];

/** A contract as a clean room under the virtual TEE sees it. @param report what the report says besides */
export function cleanRoomOf({ place }: Scenario, contractId: string, report: Partial<AttestRequest> = {}): Contract {
  const room = attestedRoom(virtually(() => place.service, report));
  return { transport: place.anonymous, prefix: () => `/app/contracts/${contractId}`, room };
}

export const AUDIENCE = "api://AzureADTokenExchange";

/** A token of governance for the managed identity of a tenant. */
export const governanceToken = (at: Scenario, contractId: string, wanted: Partial<TokenWanted> = {}, room = cleanRoomOf(at, contractId)) =>
  token(room, { subject: contractId, tenantId: at.tenantId, audience: AUDIENCE, ...wanted });

/** An attestation token about a new key, as an attestation service gives it to a clean room for the release of keys. */
export async function attestationFor({ place, cloud }: Scenario, report: Partial<AttestRequest> = {}) {
  const { privateKey, publicKeyPem } = await newKeyPair();
  const jwk = { ...createPublicKey(publicKeyPem).export({ format: "jwk" }), key_ops: ["encrypt"], kid: "room" };
  const runtimeData = Buffer.from(JSON.stringify({ keys: [jwk] }));
  const reportData = createHash("sha256").update(runtimeData).digest();
  const minted = place.service.attest({ hostData: Buffer.from(HOST_DATA, "hex"), reportData, ...report });
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64");
  const evidence = {
    report: bytes(minted.evidence),
    endorsements: bytes(minted.endorsements),
    uvmEndorsements: bytes(minted.uvm_endorsements),
    runtimeData,
  };
  const endpoint = cloud().attestationEndpoint ?? "";
  return { token: () => cloud().attest(endpoint, evidence), privateKey };
}

/** What refuses, in a few words. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "not refused",
    (error: unknown) => `${(error as { code?: string }).code ?? ""}: ${(error as Error).message}`,
  );
}
