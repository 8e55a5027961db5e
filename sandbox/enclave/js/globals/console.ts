import type { Namespace } from "./namespace.js";

const LEVELS = ["info", "fail", "fatal"] as const;

/** `console` with CCF's four functions; lines go to the log of the host, outside of the trusted boundary. */
export const consoleNamespace: Namespace = {
  where: "everywhere",
  operations: {
    log: (call, args) => {
      call.services.log(LEVELS[args.number(0)] ?? "info", args.text(1));
      return undefined;
    },
  },
  guest: `
    const lineOf = (items) => {
      let line = "";
      for (let i = 0; i < items.length; i++) {
        const item = items[i];
        line += (i > 0 ? " " : "") + (isObject(item) && !isError(item) ? toJson(item) : \`\${item}\`);
      }
      return line;
    };
    globalThis.console = {
      log: withLength(function log() { host(OP.log, 0, lineOf(arguments)); }, 1),
      info: withLength(function info() { host(OP.log, 0, lineOf(arguments)); }, 1),
      warn: withLength(function warn() { host(OP.log, 1, lineOf(arguments)); }, 1),
      error: withLength(function error() { host(OP.log, 2, lineOf(arguments)); }, 1),
    };
  `,
};
