import { CleanRoomError } from "../errors.js";
import { unavailable, type EvidenceSource } from "./source.js";

/** Where the key release sidecar of a container group listens. */
export const SIDECAR_URL = "http://localhost:8284";

/** Milliseconds. */
const TIMEOUT = 30_000;

/**
 * Evidence from the key release sidecar of confidential containers (`POST /attest/combined`), which makes the digest itself.
 *
 * @param url without a path
 */
export function httpSidecarEvidence(url: string = SIDECAR_URL): EvidenceSource {
  return {
    async evidence(content) {
      const { evidence, endorsements, uvm_endorsements } = await attest(new URL("/attest/combined", url), content);
      if (typeof evidence !== "string" || typeof endorsements !== "string") {
        throw new CleanRoomError("InvalidEvidence", `the sidecar at ${url} answered without evidence, or without endorsements`);
      }
      return { evidence, endorsements, ...(typeof uvm_endorsements === "string" && uvm_endorsements !== "" && { uvm_endorsements }) };
    },
  };
}

async function attest(url: URL, content: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ runtime_data: Buffer.from(content).toString("base64") }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.ok) return ((await response.json()) ?? {}) as Record<string, unknown>;
    throw new Error(`status ${response.status}: ${(await response.text()).slice(0, 300)}`);
  } catch (error) {
    return unavailable(`the sidecar at ${url.origin} gives no evidence`, (error as Error).cause ?? error);
  }
}
