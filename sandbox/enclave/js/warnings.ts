/** What guests do that CCF does not do, or not as they may think: what really happens there, and what to do instead. */
export const WARNINGS = {
  clock:
    "reads the clock, which stands at 1970-01-01T00:00:00Z: CCF has no trusted time. " +
    "Take times from the request, or call ccf.enableUntrustedDateTime(true) first where the time of an untrusted host will do",
  promise:
    "returns a promise. CCF never settles promises: it answers 200 with an empty body, commits what was written up to the first await, and " +
    "runs nothing after it. Return the response itself, from a function that is not async",
  topLevelKv:
    "uses ccf.kv at the top level of a module. CCF documents that modules have no tables while they load; it works by accident in a fresh " +
    "interpreter, and a table that is kept for later requests is not safe where interpreters are reused. Use ccf.kv inside of functions",
} as const;

export type Warning = keyof typeof WARNINGS;

/** For an exception that CCF swallows. */
export const topLevelException = (module: string, reason: string, trace: string | undefined): string =>
  `has a module that fails while it loads. Exception at the top level of module '${module}' is ignored: ${reason}\n${trace ?? ""}` +
  "CCF goes on with what is there by then: functions are, constants and classes that follow are not. Do nothing there that can fail";
