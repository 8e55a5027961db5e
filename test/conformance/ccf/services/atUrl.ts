import type { ServiceSource } from "./service.js";

/** One service, whoever started it, for all suites. */
export const atUrl =
  (url: string, keys: string): ServiceSource =>
  () =>
    Promise.resolve({ url, keys, fresh: false, stop: () => Promise.resolve() });
