import { resolve } from "node:path";

/** A service that suites are played on: one node, three members that are not active, state Opening unless somebody played on it before. */
export type Service = {
  readonly url: string;
  /** Directory with the keys of its members (see members.ts). */
  readonly keys: string;
  /** Nothing was played on it before. */
  readonly fresh: boolean;
  readonly stop: () => Promise<void>;
};

/** Gives each suite its service. */
export type ServiceSource = () => Promise<Service>;

const file = (name: string): string => resolve(import.meta.dirname, "../constitution", name);

/** The files of the constitution that the service has to start with, in this order. */
export const constitution: readonly string[] = [file("actions.js"), file("rules.js")];
