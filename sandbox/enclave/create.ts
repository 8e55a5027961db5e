import type { EnclaveOptions } from "../messages.js";
import type { Clock } from "./clock.js";
import type { NodeContext } from "./frontends/context.js";
import { governanceEndpoints } from "./frontends/gov.js";
import { GuestLog } from "./guestLog.js";
import type { Identity } from "./identity.js";
import { appModules } from "./js/appModules.js";
import { createEngine } from "./js/engine.js";
import { cryptoFunctions } from "./js/globals/crypto/index.js";
import type { ScriptEngine } from "./js/host.js";
import type { Log } from "./log.js";
import type { Transaction } from "./kv/transaction.js";
import type { Ledger } from "./ledger/ledger.js";
import type { Progress } from "./progress.js";
import { Service } from "./service.js";
import { Sessions } from "./sessions.js";
import { snpVerifier } from "./snp/verify.js";
import { SourceMaps } from "./sourceMaps.js";
import { Tracer } from "./trace.js";

export type ServiceParts = {
  readonly identity: Identity;
  readonly ledger: Ledger;
  /** Learns when the guest that runs must have ended, so that the host can end a worker that a guest has wedged. */
  readonly progress: Progress;
  readonly clock: Clock;
  readonly options: Pick<EnclaveOptions, "extraRoots" | "sessions" | "trace" | "sourceMaps">;
  readonly log: Log;
};

/** Puts a service together from its parts. */
export async function createService({ identity, ledger, progress, clock, options, log }: ServiceParts): Promise<Service> {
  const now = (): number => clock.now();
  const maps = new SourceMaps(options.sourceMaps ?? {}, (module) => appModules(ledger.store.begin())(module));
  const guestLog = new GuestLog(log, ledger.store, maps);
  const services = {
    consensus: ledger,
    historical: ledger.historical,
    verifySnpAttestation: snpVerifier({ extraRoots: options.extraRoots }),
    now,
    log: guestLog.log.bind(guestLog),
  };
  const tracer = options.trace
    ? new Tracer((line) => {
        log.writeOf(line);
      })
    : undefined;
  const limited = watched(await createEngine({ services, cryptoFunctions }), progress);
  const engine = tracer?.observed(limited) ?? limited;
  const chunkRequests = new WeakSet<Transaction>();
  const governance = governanceEndpoints({
    engine,
    consensus: ledger,
    merkleRoot: () => ledger.root(),
    identity,
    recoverySecret: identity.recoverySecret(),
    requestLedgerChunk: (tx) => chunkRequests.add(tx),
    observer: tracer,
  });
  const context: NodeContext = {
    store: ledger.store,
    ledger,
    engine,
    nodeId: identity.nodeId,
    nodeSelfSignedCertificate: identity.nodeSelfSignedCertificate,
    sessions: new Sessions(options.sessions),
    now,
    warn: (line) => {
      log.write("fail", line);
    },
    observer: tracer,
  };
  const committer = {
    commit: (tx: Transaction) => {
      const id = ledger.commit(tx);
      if (chunkRequests.has(tx)) ledger.endChunkAtNextSignature();
      return id;
    },
  };
  return new Service(context, committer, governance, tracer);
}

/** A call evaluates modules and then runs, and has its limit for each. */
function watched(engine: ScriptEngine, progress: Progress): ScriptEngine {
  return {
    callGovernance: (call) => progress.within(2 * call.options.maxExecutionTimeMs, () => engine.callGovernance(call)),
    callEndpoint: (call) => progress.within(2 * call.options.maxExecutionTimeMs, () => engine.callEndpoint(call)),
  };
}
