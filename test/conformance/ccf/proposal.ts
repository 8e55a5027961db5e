/** The governance API of CCF 5 and later, and the one before it. */
export const API = "2024-07-01";
export const PREVIEW = "2023-06-01-preview";

export const YES = "export function vote (proposal, proposerId) { return true; }";
export const NO = "export function vote (proposal, proposerId) { return false; }";

export type Action = { readonly name: string; readonly args?: unknown };
export type Proposal = { readonly actions: readonly Action[] };

export const act = (name: string, args?: unknown): Action => ({ name, ...(args !== undefined && { args }) });

/** A proposal that does nothing; the note makes it one of its own. */
export const noop = (note: string): Proposal => ({ actions: [act("noop", { note })] });
