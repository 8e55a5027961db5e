import { own } from "../src/encoding/own.js";
import type { Action } from "./proposal.js";

/** A contract or document: what is agreed upon once and for good. */
export type Subject = { readonly kind: "contract" | "document"; readonly id: unknown };

/*! The contract or document that an action makes final, if it does. */
export function subjectOf({ name, args }: Action): Subject | undefined {
  if (name === "set_contract") return { kind: "contract", id: own(args, "contractId") };
  if (name === "set_document" || name === "set_member_document") return { kind: "document", id: own(args, "documentId") };
  return undefined;
}

export const nameOf = ({ kind, id }: Subject): string => `${kind} ${String(id)}`;
