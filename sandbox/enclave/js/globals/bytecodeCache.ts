import { appModuleNames, appModules } from "../appModules.js";
import { Fault } from "../failures.js";
import { InternalError } from "../values.js";
import type { Namespace } from "./namespace.js";

/**
 * `ccf.refreshAppBytecodeCache`: compiles every module of the application.
 *
 * Nothing is stored, for this build of QuickJS cannot serialise bytecode; what matters is that an application with a module that does
 * not compile is refused when it is proposed, as in CCF.
 */
export const bytecodeCacheNamespace: Namespace = {
  where: "apply",
  operations: {
    compileAll: (call, _args, compile) => {
      try {
        compile(appModuleNames(call.tx), appModules(call.tx));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        throw new InternalError(`Failed to refresh bytecode: ${error.message}`, { cause: error });
      }
      return undefined;
    },
  },
  guest: `
    ccf.refreshAppBytecodeCache = ({ refreshAppBytecodeCache() {
      if (arguments.length !== 0) throw wrongCount(arguments.length, "none", "");
      host(OP.compileAll);
    } }).refreshAppBytecodeCache;
  `,
};
