import fc from "fast-check";

/** All that is generated follows from one number, which is printed: with `FUZZ_SEED=number`, a run is repeated. */
export const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(seed)) throw new Error("FUZZ_SEED must be an integer");

fc.configureGlobal({ seed });
console.log(`FUZZ_SEED=${seed}`);
