import type { Namespace } from "./namespace.js";

/** `ccf.host`. Nothing that a guest does can start a process here: the call fails, as it does in CCF where the host refuses. */
export const hostProcessesNamespace: Namespace = {
  where: "app",
  operations: {},
  guest: `
    ccf.host = {
      triggerSubprocess: withLength(({ triggerSubprocess(args, input) {
        if (arguments.length !== 1 && arguments.length !== 2) throw wrongCount(arguments.length, "1 or 2", "");
        if (!isArray(args)) throw fail(TypeError, "First argument must be an array");
        if (args.length === 0) throw fail(RangeError, "First argument must be a non-empty array");
        for (let i = 0; i < args.length; i++) {
          if (typeof args[i] !== "string") throw fail(TypeError, "First argument must be an array of strings, found non-string");
        }
        if (arguments.length === 2 && !isBuffer(input)) throw fail(TypeError, "Argument must be an ArrayBuffer");
        throw fail(InternalError, "Unable to launch host process: this node does not start any");
      } }).triggerSubprocess, 1),
    };
  `,
};
