import type { Call } from "../call.js";
import type { GovernanceEffects } from "../host.js";
import { InternalError } from "../values.js";
import type { Namespace, Operation } from "./namespace.js";

/** @throws InternalError where the proposal is applied by something that has no effects to offer */
function effectsOf(call: Call): GovernanceEffects {
  if (!call.effects) throw new InternalError("Failed to get governance effects object");
  return call.effects;
}

const effect =
  (cause: (effects: GovernanceEffects) => void): Operation =>
  (call) => {
    cause(effectsOf(call));
    return undefined;
  };

const pemOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** `ccf.node`, `ccf.network` and the functions of `ccf` that only `apply` has, all but `refreshAppBytecodeCache`. */
export const effectsNamespace: Namespace = {
  where: "apply",
  operations: {
    open: (call, args) => {
      effectsOf(call).transitionServiceToOpen(args.boolean(0) ? pemOf(args.bytes(1)) : undefined, pemOf(args.bytes(2)));
      return undefined;
    },
    rekey: effect((effects) => {
      effects.triggerLedgerRekey();
    }),
    shares: effect((effects) => {
      effects.triggerRecoverySharesRefresh();
    }),
    chunk: effect((effects) => {
      effects.triggerLedgerChunk();
    }),
    snapshot: effect((effects) => {
      effects.triggerSnapshot();
    }),
    acme: effect((effects) => {
      effects.triggerAcmeRefresh();
    }),
    secretSeqno: (call) => effectsOf(call).latestLedgerSecretSeqno(),
    endorse: (call, args) => effectsOf(call).generateEndorsedCertificate(args.text(0), args.text(1), args.number(2)),
    renew: (call, args) => effectsOf(call).generateNetworkCertificate(args.text(0), args.number(1)),
    setKeys: (call, args) => {
      const [metadata, jwks] = args.from(1);
      effectsOf(call).setJwtPublicSigningKeys(args.text(0), metadata, jwks);
      return undefined;
    },
    removeKeys: (call, args) => {
      effectsOf(call).removeJwtPublicSigningKeys(args.text(0));
      return undefined;
    },
  },
  guest: `
    const none = (given) => { if (given !== 0) throw wrongCount(given, "none", ""); };
    const days = (value) => {
      const number = int64(value);
      if (number < 0 || number > Number.MAX_SAFE_INTEGER) throw fail(RangeError, "invalid array index");
      return number;
    };
    const empty = new ArrayBuffer(0);
    ccf.node = {
      triggerLedgerRekey() { none(arguments.length); host(OP.rekey); },
      transitionServiceToOpen(previous, next) {
        if (arguments.length !== 2) throw wrongCount(arguments.length, "two", "");
        const hasPrevious = previous !== undefined;
        if (hasPrevious && !isBuffer(previous)) throw fail(TypeError, "Previous service identity argument is not an array buffer");
        if (next === undefined) throw fail(InternalError, "Proposal requires a service identity");
        if (!isBuffer(next)) throw fail(TypeError, "Next service identity argument is not an array buffer");
        host(OP.open, hasPrevious, hasPrevious ? previous : empty, next);
      },
      triggerRecoverySharesRefresh() { none(arguments.length); host(OP.shares); },
      triggerLedgerChunk() { host(OP.chunk); },
      triggerSnapshot() { host(OP.snapshot); },
      triggerACMERefresh() { host(OP.acme); },
    };
    ccf.network = {
      getLatestLedgerSecretSeqno() { none(arguments.length); return host(OP.secretSeqno); },
      generateEndorsedCertificate(csr, from, validity) {
        if (arguments.length !== 3) throw wrongCount(arguments.length, 3, "");
        return host(OP.endorse, \`\${csr}\`, \`\${from}\`, days(validity));
      },
      generateNetworkCertificate(from, validity) {
        if (arguments.length !== 2) throw wrongCount(arguments.length, 2, "");
        return host(OP.renew, \`\${from}\`, days(validity));
      },
    };
    ccf.setJwtPublicSigningKeys = ({ setJwtPublicSigningKeys(issuer, metadata, jwks) {
      if (arguments.length !== 3) throw wrongCount(arguments.length, 3, "");
      const copy = (value) => { const text = toJson(value); return text === undefined ? undefined : parse(text); };
      host(OP.setKeys, \`\${issuer}\`, copy(metadata), copy(jwks));
    } }).setJwtPublicSigningKeys;
    ccf.removeJwtPublicSigningKeys = ({ removeJwtPublicSigningKeys(issuer) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1, "");
      host(OP.removeKeys, \`\${issuer}\`);
    } }).removeJwtPublicSigningKeys;
  `,
};
