import { problemWithJson } from "../src/encoding/json.js";
import { type Shape, type Values, anyObject, objectOf } from "./arguments.js";

/** Shared by the actions of one proposal while they are checked: what earlier ones leave behind, for example. By names that areas choose. */
export type Plan = Map<string, unknown>;

type Effect<Arguments> = (args: Arguments, proposalId: string) => void;

type Rules<Arguments> = {
  /** What must hold besides the arguments being of the right shape. @throws an Error that tells the proposer what is wrong */
  readonly validate: (args: Arguments, plan: Plan) => void;
  readonly effect: Effect<Arguments>;
};

type Definition = {
  readonly validate: (raw: unknown, plan: Plan) => void;
  readonly apply: (raw: unknown, plan: Plan, proposalId: string) => void;
};

const definitions = new Map<string, Definition>();

/** An action that members may propose: its name, the arguments it takes, what it does (its effect), and what else must hold (`validate`). */
export function action<S extends Shape>(name: string, shape: S, rules: Effect<Values<S>> | Rules<Values<S>>): void {
  const { validate, effect } = typeof rules === "function" ? { validate: undefined, effect: rules } : rules;
  /*! Everything is checked when an action is proposed, and again before it is applied: the service may have changed in between. */
  const checked = (raw: unknown, plan: Plan): Values<S> => {
    const args = objectOf(shape)(anyObject(raw ?? {}, "args"), "");
    validate?.(args, plan);
    return args;
  };
  definitions.set(name, {
    validate: (raw, plan) => {
      for (const [field, value] of Object.entries(anyObject(raw ?? {}, "args"))) {
        const problem = problemWithJson(value);
        if (problem !== undefined) throw new Error(`${field} ${problem}`);
      }
      checked(raw, plan);
    },
    apply: (raw, plan, proposalId) => {
      effect(checked(raw, plan), proposalId);
    },
  });
}

export const definitionOf = (name: string) => definitions.get(name);
