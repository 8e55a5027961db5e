import type { VerifyEvidence } from "../../../azure/local/attestation/service.js";
import { verifyEvidence, type ExtraRoot } from "../../../sandbox/index.js";
import type { Io } from "../../io.js";
import { ask } from "../control.js";
import { running } from "../registry.js";

/** Believes real processors, and the virtual TEEs of the sandboxes that run now. */
export function evidenceOf(io: Io): VerifyEvidence {
  return async (report, endorsements, uvmEndorsements) => verifyEvidence({ report, endorsements, uvmEndorsements }, await virtualRoots(io));
}

async function virtualRoots(io: Io): Promise<ExtraRoot[]> {
  const nodes = (await running(io)).filter(({ virtualTee }) => virtualTee);
  return Promise.all(nodes.map(async ({ control }) => (await ask(control, { word: "root" })) as ExtraRoot));
}
