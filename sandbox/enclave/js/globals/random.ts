import { randomBytes } from "node:crypto";
import type { Namespace } from "./namespace.js";

/** `Math.random` on cryptographic randomness, as in CCF: nobody can predict it, and no two replicas would agree on it. */
export const randomNamespace: Namespace = {
  where: "everywhere",
  operations: {
    random: () => Number(randomBytes(8).readBigUInt64LE() >> 11n) / 2 ** 53,
  },
  guest: `
    defineProperty(Math, "random", { value: ({ random() { return host(OP.random); } }).random, writable: true, configurable: true });
  `,
};
