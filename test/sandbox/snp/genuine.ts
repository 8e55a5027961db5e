import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where genuine reports are looked for: a folder with one folder a report, `attestation.json` in each. */
const folder = process.env.CLEANROOM_ATTESTATION_DIR ?? resolve(import.meta.dirname, "../../../../shared/attestation");

export type Evidence = { evidence: string; endorsements: string; uvm_endorsements: string };

/** Genuine evidence by name; none where the folder is missing. */
export const genuine: readonly (readonly [name: string, evidence: Evidence])[] = names().map((name) => [
  name,
  JSON.parse(readFileSync(join(folder, name, "attestation.json"), "utf8")) as Evidence,
]);

export const whyNoGenuine = `(no genuine reports in ${folder}; set CLEANROOM_ATTESTATION_DIR)`;

function names(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "attestation.json")));
}
