import { createHash } from "node:crypto";

/**
 * What the hardware puts into the reports of a container group that runs under a policy: SHA-256 of the bytes of its text, 64 hexadecimal
 * digits. The template carries the same bytes in base64.
 */
export function hostDataOf(policy: string): string {
  return createHash("sha256").update(policy, "utf8").digest("hex");
}

/** The claims that let clean rooms under a policy in, as `set_clean_room_policy` takes them. */
export function governancePolicy(hostData: string) {
  return { type: "add", claims: { "x-ms-sevsnpvm-is-debuggable": false, "x-ms-sevsnpvm-hostdata": hostData } };
}
