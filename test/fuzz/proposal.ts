import fc from "fast-check";
import type { Action } from "../../client/governance/proposal.js";
import { broken } from "./schema.js";

/** Anything that could stand where an argument is expected, or where none is. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, false, 0, 1, -1, 1e99, "", "true", "ab".repeat(32), [], {}, { isOperator: true }),
);

/**
 * Texts to propose: actions that are good, others close to those, and anything at all.
 *
 * @param names of all actions that there are
 * @param good actions that are valid
 */
export function proposals(names: readonly string[], good: readonly Action[]): fc.Arbitrary<string> {
  const fields = [...new Set(good.flatMap(({ args }) => Object.keys(args as object)))];
  const args = fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string()), value, { maxKeys: 5 });
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...good) },
    { weight: 4, arbitrary: broken(fc.constantFrom(...good)) },
    { weight: 1, arbitrary: fc.record({ name: fc.constantFrom(...names), args }, { requiredKeys: ["name"] }) },
    { weight: 1, arbitrary: fc.record({ name: fc.string(), args: value }) },
  );
  const proposal = fc.record({ actions: fc.oneof(fc.tuple(action), fc.array(action, { minLength: 1, maxLength: 3 })) });
  return fc.oneof(
    { weight: 6, arbitrary: proposal.map((whole) => JSON.stringify(whole)) },
    { weight: 1, arbitrary: broken(proposal).map((whole) => JSON.stringify(whole)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
}
