import { mkdir, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { rest } from "../rest.js";
import type { LocalCloud } from "../localCloud.js";
import { attestationService, type VerifyEvidence } from "./attestation/service.js";
import { issueLoopback, type Issued } from "./authority.js";
import { startAzurite, type Azurite } from "./azurite.js";
import { managementService } from "./management/service.js";
import { serve, type Answer, type Listening, type Refusing } from "./serve.js";
import { signerOf } from "./signer.js";
import { atKeptPort } from "./keptPort.js";
import { openStore, type Part, type State, type Store } from "./state.js";
import { authenticator, issuerAt } from "./tokens/accessToken.js";
import { issuerKeys } from "./tokens/issuerKeys.js";
import { asOauth, tokenService } from "./tokens/service.js";
import type { AuthorityKeys } from "./vault/release.js";
import { vaultService } from "./vault/service.js";

export type LocalCloudOptions = {
  /** Where everything is kept. Whoever reads it has all keys and secrets of the cloud. */
  readonly folder: string;
  /** Judges evidence for the attestation service. */
  readonly verify: VerifyEvidence;
  /** Told where the services are: once they answer, and whenever that changes. */
  readonly publish: (cloud: LocalCloud) => Promise<void>;
};

export type RunningCloud = { readonly cloud: () => LocalCloud; readonly close: () => Promise<void> };

/**
 * Starts what stands in for Azure: blobs (Azurite), tokens, vaults, attestation and management, each at a loopback port that stays the
 * same over restarts. FOR DEVELOPMENT: it keeps no secret from who owns the folder.
 *
 * @throws Error where a port of the folder is taken
 */
export async function startLocalCloud({ folder, verify, publish }: LocalCloudOptions): Promise<RunningCloud> {
  const store = await openStore(folder);
  const { state } = store;
  const tls = issueLoopback(state().authority);
  const ca = state().authority.certificate;
  const listening = new Map<Part, Listening>();
  const urlOf = (part: Part) => (): string => listening.get(part)?.url ?? "";
  let blobs: Azurite | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([...[...listening.values()].map((one) => one.close()), blobs?.close()]);
  };
  const cloud = (): LocalCloud => describe(state(), ca, blobs?.url ?? "", urlOf);
  const signers = { tokens: signerOf(state().signing.tokens), attestation: signerOf(state().signing.attestation) };
  const authenticate = authenticator(signers.tokens, () => issuerAt(urlOf("tokens")(), state().tenantId));
  const get = rest({ ca });
  const attested: AuthorityKeys = async (authority) => (await get("GET", `${authority}/certs`)) as Awaited<ReturnType<AuthorityKeys>>;
  const start = async (part: Part, answer: Answer, refusing?: Refusing): Promise<void> => {
    listening.set(part, await atKeptPort(state().ports[part], (port) => serve(port, tls, answer, refusing)));
  };
  const accountsChanged = async (): Promise<void> => {
    await blobs?.setAccounts(accountsOf(state()));
    await publish(cloud());
  };
  try {
    await start("tokens", tokenService({ state, signer: signers.tokens, url: urlOf("tokens"), keysOf: issuerKeys(ca) }), asOauth);
    const vaultSigner = signerOf(state().signing.vault);
    await start("vaults", vaultService({ store, signer: vaultSigner, url: urlOf("vaults"), authenticate, keysOf: attested }));
    await start("attestation", attestationService({ signer: signers.attestation, url: urlOf("attestation"), verify }));
    await start("management", managementService({ store, authenticate, accountsChanged }));
    const settings = { folder: join(folder, "blobs"), ...(await azuriteSettings(folder, tls, state())) };
    blobs = await atKeptPort(state().ports.blobs, (port) => startAzurite({ ...settings, port }));
    await keepPorts(store, listening, blobs);
    await publish(cloud());
  } catch (error) {
    await close();
    throw error;
  }
  return { cloud, close };
}

/** Without any account Azurite would have one of a key that everybody knows. */
const accountsOf = ({ accounts }: State): State["accounts"] => ({ none: randomBytes(64).toString("base64"), ...accounts });

async function azuriteSettings(folder: string, tls: Issued, state: State) {
  const files = { certificate: join(folder, "blobs.pem"), key: join(folder, "blobs.key.pem") };
  await mkdir(join(folder, "blobs"), { recursive: true, mode: 0o700 });
  await Promise.all([writeFile(files.certificate, tls.certificate, { mode: 0o600 }), writeFile(files.key, tls.key, { mode: 0o600 })]);
  return { accounts: accountsOf(state), tls: files };
}

async function keepPorts({ change }: Store, listening: ReadonlyMap<Part, Listening>, blobs: Azurite | undefined): Promise<void> {
  const portOf = (part: Part): number => Number(new URL(listening.get(part)?.url ?? blobs?.url ?? "").port);
  const ports = {
    blobs: portOf("blobs"),
    tokens: portOf("tokens"),
    vaults: portOf("vaults"),
    attestation: portOf("attestation"),
    management: portOf("management"),
  };
  await change((state) => ({ ...state, ports }));
}

function describe({ accounts, tenantId, person }: State, ca: string, blobsUrl: string, urlOf: (part: Part) => () => string): LocalCloud {
  return {
    ca,
    blobs: { url: blobsUrl, accounts },
    services: {
      tokens: urlOf("tokens")(),
      vaults: urlOf("vaults")(),
      attestation: urlOf("attestation")(),
      management: urlOf("management")(),
      login: { tenantId, clientId: person.clientId, secret: person.secret },
    },
  };
}
