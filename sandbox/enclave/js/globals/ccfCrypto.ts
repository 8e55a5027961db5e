import type { HostFunction } from "../values.js";
import type { Namespace } from "./namespace.js";

/** `length` of the functions, where it is not 1. */
const LENGTHS: Readonly<Record<string, number>> = {
  sign: 3,
  verifySignature: 4,
  wrapKey: 3,
  unwrapKey: 3,
  digest: 2,
  isValidX509CertChain: 2,
};

/** `ccf.crypto` with the given functions, under their names. */
export function cryptoNamespace(functions: Readonly<Record<string, HostFunction>>): Namespace {
  const names = Object.keys(functions);
  const list = Object.values(functions);
  return {
    where: "everywhere",
    operations: {
      crypto: (_call, args) => list[args.number(0)]?.(args.from(1)),
    },
    guest: `
      ccf.crypto = {};
      ${JSON.stringify(names.map((name) => [name, LENGTHS[name] ?? 1]))}.forEach(([name, length], index) => {
        ccf.crypto[name] = withLength(({ [name](...args) { return host(OP.crypto, index, ...args); } })[name], length);
      });
    `,
  };
}
