import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import type { Answer } from "./answer.js";
import type { Party } from "./party.js";

/** Milliseconds between two attempts: shorter than `retry-after` says, because here the ledger is near. */
const PAUSE = 5;
/** Milliseconds, less than a test may take: a busy machine lets both the node and its disk wait for seconds. */
const PATIENCE = 50_000;

/** Asks until the node has read its ledger. */
export async function settled(party: Party, link: string): Promise<Answer> {
  for (const end = performance.now() + PATIENCE; performance.now() < end;) {
    const answer = await party.call("GET", link);
    if (answer.status !== 202) return answer;
    expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    await setTimeout(PAUSE);
  }
  throw new Error(`${link} is still not there`);
}

/** Follows the links from page to page. @param links what is followed is noted here */
export async function wholeHistory<Entry>(party: Party, first: string, links: string[] = []): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let link: string | undefined = first; link !== undefined;) {
    const answer: Answer = await settled(party, link);
    expect(answer, link).toMatchObject({ status: 200 });
    const page = answer.body as { readonly value: readonly Entry[]; readonly nextLink?: string };
    entries.push(...page.value);
    link = page.nextLink;
    if (link !== undefined) links.push(link);
  }
  return entries;
}

export const seqnoOf = (transactionId = ""): number => Number(transactionId.split(".")[1]);
