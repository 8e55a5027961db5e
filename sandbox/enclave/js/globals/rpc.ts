import type { Namespace } from "./namespace.js";

/** `ccf.rpc`: what becomes of the transaction of the request. */
export const rpcNamespace: Namespace = {
  where: "app",
  operations: {
    applyWrites: (call, args) => {
      call.applyWrites = args.boolean(0);
      return undefined;
    },
    claimsDigest: (call, args) => {
      call.tx.claimsDigest = args.bytes(0);
      return undefined;
    },
  },
  guest: `
    ccf.rpc = {
      setApplyWrites(apply) {
        if (arguments.length !== 1) throw wrongCount(arguments.length, 1, "");
        host(OP.applyWrites, !!apply);
      },
      setClaimsDigest(digest) {
        if (arguments.length !== 1) throw wrongCount(arguments.length, 1, "");
        if (!isBuffer(digest)) throw fail(TypeError, "Argument must be an ArrayBuffer");
        if (byteLength(digest) !== 32) throw fail(TypeError, "Argument must be an ArrayBuffer of the right size: 32");
        host(OP.claimsDigest, digest);
      },
    };
  `,
};
