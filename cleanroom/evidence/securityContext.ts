import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CleanRoomError } from "../errors.js";
import type { Attestation } from "./source.js";

/** What confidential containers on Azure find beside the report. */
type Endorsements = Pick<Attestation, "endorsements" | "uvm_endorsements">;

/**
 * Where Azure Container Instances put what belongs to a container group: the variable UVM_SECURITY_CONTEXT_DIR says so, otherwise it is a
 * folder `security-context-...` in the root. Undefined where there is none.
 */
export async function securityContext(env: Readonly<Record<string, string | undefined>>, root = "/"): Promise<string | undefined> {
  const named = env.UVM_SECURITY_CONTEXT_DIR;
  if (named) return named;
  const folder = (await readdir(root)).find((name) => name.startsWith("security-context-"));
  return folder && join(root, folder);
}

/** @throws CleanRoomError InvalidEvidence; system errors where the files are missing */
export async function endorsementsIn(folder: string): Promise<Endorsements> {
  const file = async (name: string): Promise<string> => (await readFile(join(folder, name), "utf8")).trim();
  return { endorsements: chain(await file("host-amd-cert-base64")), uvm_endorsements: await file("reference-info-base64") };
}

/** The PEM chain in the JSON that the host gets from Azure's cache of AMD certificates. @returns base64 */
function chain(base64: string): string {
  const text = Buffer.from(base64, "base64").toString("utf8");
  let certificates: { readonly vcekCert?: unknown; readonly certificateChain?: unknown };
  try {
    certificates = JSON.parse(text) as typeof certificates;
  } catch (cause) {
    throw new CleanRoomError("InvalidEvidence", "host-amd-cert-base64 is not the base64 of JSON", { cause });
  }
  const { vcekCert, certificateChain } = certificates;
  if (typeof vcekCert !== "string" || typeof certificateChain !== "string") {
    throw new CleanRoomError("InvalidEvidence", "host-amd-cert-base64 has no vcekCert, or no certificateChain");
  }
  return Buffer.from(vcekCert + certificateChain, "utf8").toString("base64");
}
