import type { Namespace } from "./namespace.js";

/** `ccf.consensus`. */
export const consensusNamespace: Namespace = {
  where: "app",
  operations: {
    lastCommitted: (call) => call.services.consensus.lastCommitted(),
    statusOf: (call, args) => call.services.consensus.statusOf(args.number(0), args.number(1)),
    viewOf: (call, args) => call.services.consensus.viewOf(args.number(0)),
  },
  guest: `
    ccf.consensus = {
      getLastCommittedTxId() {
        if (arguments.length !== 0) throw wrongCount(arguments.length, 0);
        return host(OP.lastCommitted);
      },
      getStatusForTxId(view, seqno) {
        if (arguments.length !== 2) throw wrongCount(arguments.length, 2);
        const v = int64(view), s = int64(seqno);
        if (v < 0 || s < 0) throw fail(RangeError, "Invalid view or seqno: cannot be negative");
        return host(OP.statusOf, v, s);
      },
      getViewForSeqno(seqno) {
        if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
        const s = int64(seqno);
        if (s < 0) throw fail(RangeError, "Invalid seqno: cannot be negative");
        return host(OP.viewOf, s);
      },
    };
  `,
};
