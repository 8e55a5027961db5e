import { problemWithJson } from "../src/encoding/json.js";
import { type Shape, type Values, anyObject, objectOf } from "./arguments.js";

type Rules<Arguments> = {
  /** What must hold besides the arguments being of the right shape. @throws an Error that tells the proposer what is wrong */
  readonly validate?: (args: Arguments) => void;
  readonly apply: (args: Arguments, proposalId: string) => void;
};

const definitions = new Map<string, Required<Rules<unknown>>>();

/*!
 * An action that members may propose: its name, the arguments it takes, what else must hold (`validate`) and what it does (`apply`).
 * Everything is checked when the action is proposed, and again before it is applied, because the service may have changed in between.
 */
export function action<S extends Shape>(name: string, shape: S, rules: Rules<Values<S>>): void {
  const checked = (raw: unknown): Values<S> => {
    const args = objectOf(shape)(anyObject(raw ?? {}, "args"), "");
    rules.validate?.(args);
    return args;
  };
  definitions.set(name, {
    validate: (raw) => {
      for (const [field, value] of Object.entries(anyObject(raw ?? {}, "args"))) {
        const problem = problemWithJson(value);
        if (problem !== undefined) throw new Error(`${field} ${problem}`);
      }
      checked(raw);
    },
    apply: (raw, proposalId) => {
      rules.apply(checked(raw), proposalId);
    },
  });
}

export const definitionOf = (name: string) => definitions.get(name);
