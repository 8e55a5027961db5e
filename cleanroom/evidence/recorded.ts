import { CleanRoomError } from "../errors.js";
import { keyPairOf } from "../keys.js";
import { contents, type Room } from "../room.js";
import { binds, type Attestation } from "./source.js";

/** Texts of the files that a recorded clean room consists of. */
export type Recording = {
  /**
   * JSON of base64 texts: `attestation`, `platformCertificates` and `uvmEndorsements`, as stock clean rooms have them in their virtual
   * mode, or `evidence`, `endorsements` and `uvm_endorsements`, as the service takes them.
   */
  readonly report: string;
  /** PEM */
  readonly privateKey: string;
  /** PEM, to the letter. */
  readonly publicKey: string;
};

/**
 * A clean room that was recorded: genuine evidence with the key that it binds, for tests on machines without SEV-SNP. Whoever has the
 * files is that clean room.
 *
 * @throws CleanRoomError InvalidKey, InvalidEvidence
 */
export function recordedRoom({ report, privateKey, publicKey }: Recording): Room {
  const keys = keyPairOf(privateKey, publicKey);
  const attestation = attestationOf(report);
  if (!Object.values(contents).some((content) => binds(attestation, content(keys)))) {
    throw new CleanRoomError("InvalidEvidence", "the recorded report is not about this public key, whose text counts to the last newline");
  }
  return { keys, attestation };
}

function attestationOf(text: string): Attestation {
  const fields = record(text);
  const uvm = textIn(fields, "uvm_endorsements", "uvmEndorsements");
  return {
    evidence: textIn(fields, "evidence", "attestation") ?? missing("attestation"),
    endorsements: textIn(fields, "endorsements", "platformCertificates") ?? missing("platformCertificates"),
    ...(uvm !== undefined && { uvm_endorsements: uvm }),
  };
}

/** The first of these fields that is there; null is written for what is not. */
function textIn(fields: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name] ?? undefined;
    if (typeof value === "string") return value;
    if (value !== undefined) throw new CleanRoomError("InvalidEvidence", `"${name}" of the recorded evidence is not a base64 text`);
  }
  return undefined;
}

function missing(name: string): never {
  throw new CleanRoomError("InvalidEvidence", `the recorded evidence has no "${name}"`);
}

function record(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new CleanRoomError("InvalidEvidence", "recorded evidence is not JSON", { cause });
  }
  throw new CleanRoomError("InvalidEvidence", "recorded evidence is not a JSON object");
}
