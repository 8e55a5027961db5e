import { isKnownAlgorithm, parseCoseSign1, verifyCoseSign1, type CoseSign1 } from "./coseSign1.js";
import { resolveDidX509 } from "./didX509.js";
import { remembered } from "../js/globals/crypto/remembered.js";
import type { UvmRootOfTrust } from "./trust.js";

/** Labels of the protected header; `iss` and `feed` are texts. */
export const UVM_HEADER = { alg: 1, contentType: 3, x5chain: 33, iss: "iss", feed: "feed" } as const;
export const UVM_CONTENT_TYPE = "application/json";
export const UVM_CLAIMS = { measurement: "x-ms-sevsnpvm-launchmeasurement", svn: "x-ms-sevsnpvm-guestsvn" } as const;

/** What a signer says about a utility VM image; the signature is verified, whether the signer is believed is another matter. */
export type UvmStatement = {
  readonly did: string;
  readonly feed: string;
  /** Security version, decimal. */
  readonly svn: string;
  /** Launch measurement, hexadecimal. */
  readonly measurement: string;
};

/**
 * Reads and verifies endorsements of a utility VM: a COSE_Sign1 over JSON whose protected header holds the signer's did:x509 and chain.
 * All VMs of a release carry the same ones, so they are remembered.
 *
 * @param message the bytes, one character each ("latin1")
 * @throws RangeError
 */
export const readUvmEndorsements = remembered(64, (message: string): UvmStatement => {
  const cose = parseCoseSign1(Buffer.from(message, "latin1"));
  const alg = cose.header.get(UVM_HEADER.alg);
  if (!isKnownAlgorithm(alg)) throw new RangeError(`Signature algorithm ${String(alg)} is not one of expected: RSA, ECDSA`);
  const did = text(cose, UVM_HEADER.iss);
  verifyCoseSign1(cose, resolveDidX509(did, x5chain(cose)));

  const contentType = text(cose, UVM_HEADER.contentType);
  if (contentType !== UVM_CONTENT_TYPE) {
    throw new RangeError(`Unexpected payload content type ${contentType}, expected ${UVM_CONTENT_TYPE}`);
  }
  return { did, feed: text(cose, UVM_HEADER.feed), ...claims(cose.payload) };
});

/** @throws RangeError unless the statement is about `measurement` and its signer is believed */
export function requireUvmRoot({ measurement, ...statement }: UvmStatement, attested: string, roots: readonly UvmRootOfTrust[]) {
  if (measurement !== attested) {
    throw new RangeError(
      `Launch measurement in UVM endorsements payload ${measurement} is not equal to UVM attestation measurement ${attested}`,
    );
  }
  const { did, feed, svn } = statement;
  if (!roots.some((root) => root.did === did && root.feed === feed && root.svn <= Number(svn))) {
    throw new RangeError(`UVM endorsements did ${did}, feed ${feed}, svn ${svn} do not match any of the known UVM roots of trust`);
  }
  return statement;
}

function text({ header }: CoseSign1, label: string | number): string {
  const value = header.get(label);
  if (typeof value !== "string") throw new RangeError("Failed to decode protected header");
  return value;
}

/** One certificate may stand without an array around it (RFC 9360). */
function x5chain({ header }: CoseSign1): Uint8Array[] {
  const value = header.get(UVM_HEADER.x5chain);
  const chain: unknown[] = Array.isArray(value) ? value : [value];
  if (chain.length === 0) throw new RangeError("x5chain array length was 0 in COSE header");
  if (chain.every((item) => item instanceof Uint8Array)) return chain;
  throw new RangeError("Next item in x5chain was not of type byte string");
}

function claims(payload: Uint8Array): Pick<UvmStatement, "svn" | "measurement"> {
  const value = parseJson(payload);
  const measurement = value[UVM_CLAIMS.measurement];
  const svn = value[UVM_CLAIMS.svn];
  if (typeof measurement !== "string") throw new RangeError(`No ${UVM_CLAIMS.measurement} in UVM endorsements payload`);
  if ((typeof svn !== "string" && typeof svn !== "number") || !/^\d{1,15}$/.test(String(svn))) {
    throw new RangeError(`Unable to parse svn value ${JSON.stringify(svn)} to unsigned in UVM endorsements payload`);
  }
  return { svn: String(svn), measurement };
}

function parseJson(payload: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw new RangeError("UVM endorsements payload is not JSON", { cause: error });
  }
  throw new RangeError("UVM endorsements payload is not a JSON object");
}
