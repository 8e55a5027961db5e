import { InternalError, type GuestResult } from "../values.js";
import type { HistoricalState } from "../host.js";
import type { Call } from "../call.js";
import type { Namespace } from "./namespace.js";

/** `ccf.historical`, and `ccf.historicalState` where the endpoint runs on a past state. */
export const historicalNamespace: Namespace = {
  where: "app",
  operations: {
    range: (call, args) => {
      const states = statesOf(call, args.number(0), args.number(1), args.number(2), args.number(3));
      return states?.map((state) => describe(call, state)) ?? null;
    },
    drop: (call, args) => call.services.historical.drop(args.number(0)),
  },
  guest: `
    const stateOf = ({ transactionId, receipt, scope }) => ({ __proto__: null, transactionId, receipt, kv: api.kvOf(scope) });
    api.setHistoricalState = (state) => {
      if (state === undefined) delete ccf.historicalState;
      else ccf.historicalState = stateOf(state);
    };
    ccf.historical = {
      getStateRange(handle, first, last, expiry) {
        if (arguments.length !== 4) throw wrongCount(arguments.length, 4);
        const h = int64(handle), a = int64(first), b = int64(last), e = int64(expiry);
        if (h < 0 || a < 0 || b < 0 || e < 0) throw fail(RangeError, "Invalid handle or seqno or expiry: cannot be negative");
        const states = host(OP.range, h, a, b, e);
        if (states === null) return null;
        for (let i = 0; i < states.length; i++) states[i] = stateOf(states[i]);
        return states;
      },
      dropCachedStates(handle) {
        if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
        const h = int64(handle);
        if (h < 0) throw fail(RangeError, "Invalid handle: cannot be negative");
        return host(OP.drop, h);
      },
    };
  `,
};

/** A state as the guest side builds its object from; its tables are readable until the call ends. */
export function describe(call: Call, state: HistoricalState): GuestResult {
  return { transactionId: state.transactionId, receipt: state.receipt, scope: call.states.push(state) };
}

function statesOf(call: Call, handle: number, first: number, last: number, expirySeconds: number): readonly HistoricalState[] | null {
  try {
    return call.services.historical.range(handle, first, last, expirySeconds);
  } catch (error) {
    throw new InternalError(`Failed to get state range: ${(error as Error).message}`, { cause: error });
  }
}
