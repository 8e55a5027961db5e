import { join } from "node:path";
import { authorityOf, bind, DEFAULT_HOST, isLoopback } from "./address.js";
import { ServiceClock } from "./clock.js";
import type { VirtualTee } from "./enclave/snp/virtual.js";
import { SandboxError } from "./error.js";
import { governanceOf } from "./governance.js";
import { EnclaveHost } from "./host/enclave.js";
import { LedgerDamaged } from "./host/ledger/damaged.js";
import { EnclaveRefused } from "./host/run.js";
import { LEDGER_FOLDER, LedgerFiles } from "./host/files.js";
import { writeSealedIdentity, writeServiceCertificate } from "./host/ledger/identityFiles.js";
import { MemoryLedger } from "./host/ledger/memory.js";
import type { LedgerEvents, LedgerWriter } from "./host/ledger/writer.js";
import type { Listener } from "./host/listener.js";
import type { Identity } from "./identity.js";
import type { InitialMember, Question, TlsIdentity } from "./messages.js";
import type { Sandbox, SandboxOptions } from "./options.js";
import { lock, originOf, requireFresh, type Origin } from "./origin.js";
import { messageOf, type SandboxRequest } from "./request.js";
import { SandboxResponse } from "./response.js";
import { requireSourceMaps } from "./sourceMaps.js";
import { attest, openVirtualTee, VIRTUAL_TEE_WARNING } from "./virtualTee.js";

export { isLoopback } from "./address.js";
export { startCchost, type CchostOptions } from "./cchost/start.js";
export type { ClockOption } from "./clock.js";
export type { HttpRequest, HttpResponse } from "./enclave/http/message.js";
export { SandboxError } from "./error.js";
export type { Action, AppBundle, Ballot, Governance, OpenOptions, Proposal, ProposeOptions } from "./governance.js";
export { newIdentity, type Identity, type IdentityOptions, type NewIdentity } from "./identity.js";
export { MAJORITY_CONSTITUTION } from "./majority.js";
export type { InitialMember, LogLevel } from "./messages.js";
export type { Sandbox, SandboxOptions } from "./options.js";
export type { SandboxRequest } from "./request.js";
export { SandboxResponse } from "./response.js";
export { ServiceError } from "./serviceError.js";
export { verifyEvidence, type EvidenceBytes, type ExtraRoot, type VerifiedEvidence } from "./verifyEvidence.js";
export { VIRTUAL_TEE_WARNING, type Attestation, type AttestRequest } from "./virtualTee.js";

/**
 * Starts a CCF-compatible service of one node.
 *
 * @throws SandboxError for options that do not fit, and where `resume` finds a ledger that does not verify
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? DEFAULT_HOST;
  if (options.virtualTee && !isLoopback(host)) {
    throw new SandboxError(`a service with a virtual TEE may not listen at ${host}: whoever reaches it would be believed`);
  }
  const clock = new ServiceClock(options.clock);
  requireSourceMaps(options.sourceMaps ?? {});
  const from = await originOf(options);
  const unlock = options.dir === undefined ? undefined : await lock(options.dir);
  let listener: Listener | undefined;
  try {
    if (options.dir !== undefined && "genesis" in from) await requireFresh(options.dir);
    const tee = options.virtualTee ? await openVirtualTee(options.dir) : undefined;
    if (tee) options.log?.("fail", VIRTUAL_TEE_WARNING);
    listener = options.port === undefined ? undefined : await bind(host, options.port);
    const { enclave, sandbox } = await run(options, host, clock, from, tee, listener);
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      listener?.refuse();
      await enclave.stop();
      await listener?.close();
      await unlock?.();
    };
    return { ...sandbox, virtualRoot: tee?.root, attest: (request) => attest(tee, request), stop: () => (stopping ??= stop()) };
  } catch (error) {
    await listener?.close();
    await unlock?.();
    if (error instanceof LedgerDamaged || error instanceof EnclaveRefused) throw new SandboxError(error.message, { cause: error });
    throw error;
  }
}

type Running = { readonly enclave: EnclaveHost; readonly sandbox: Omit<Sandbox, "attest" | "stop" | "virtualRoot"> };

async function run(
  options: SandboxOptions,
  host: string,
  clock: ServiceClock,
  from: Origin,
  tee: VirtualTee | undefined,
  listener: Listener | undefined,
): Promise<Running> {
  const { dir } = options;
  const memory = new MemoryLedger();
  const authority = authorityOf(host, listener?.port ?? 0);
  const serve = async (tls: TlsIdentity): Promise<void> => {
    if (dir !== undefined) await writeServiceCertificate(dir, tls.serviceCertificate);
    listener?.serve(tls, (request) => enclave.request(request));
  };
  const { enclave, tls } = await EnclaveHost.start(from, {
    address: authority,
    hosts: [...new Set([host, "127.0.0.1", "localhost"])],
    signatures: { transactions: options.signatures?.transactions ?? 5000, milliseconds: options.signatures?.milliseconds ?? 100 },
    extraRoots: tee ? [tee.root] : [],
    clock: clock.shared,
    sessions: listener?.sessions.shared,
    trace: options.trace,
    sourceMaps: options.sourceMaps,
    openLedger: (events: LedgerEvents): Promise<LedgerWriter> =>
      dir === undefined ? Promise.resolve(memory.attach(events)) : LedgerFiles.open(join(dir, LEDGER_FOLDER), events),
    keepIdentity: async (sealed) => {
      if (dir !== undefined) await writeSealedIdentity(dir, sealed);
    },
    renewed: serve,
    log: options.log ?? (() => undefined),
    failed: options.failed ?? (() => undefined),
  });
  await serve(tls);
  const request = async (request: SandboxRequest): Promise<SandboxResponse> =>
    new SandboxResponse(await enclave.request(messageOf(request)));
  const tell = async (question: Question): Promise<void> => {
    const { status } = await enclave.ask(question);
    if (status !== 204) throw new SandboxError("the service has ended");
  };
  return {
    enclave,
    sandbox: {
      ...governanceOf({ request, now: () => clock.now(), founders: (options.members ?? []).filter(hasKey) }),
      url: listener && `https://${authority}`,
      serviceCertificate: tls.serviceCertificate,
      request,
      sign: () => tell({ kind: "sign" }),
      now: () => clock.now(),
      advance: async (milliseconds) => {
        clock.advance(milliseconds);
        await tell({ kind: "tick" });
      },
    },
  };
}

const hasKey = (member: InitialMember): member is InitialMember & Identity => "privateKey" in member;
