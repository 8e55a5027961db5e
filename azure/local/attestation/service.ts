import { createHash, createPublicKey, randomUUID, type JsonWebKey } from "node:crypto";
import { Refused } from "../refused.js";
import { objectIn, type Answer } from "../serve.js";
import { secondsOf, type Signer } from "../signer.js";
import { claimsOf, type VerifiedEvidence } from "./claims.js";

/** Judges evidence: report, certificates (PEM) and endorsements of the utility VM. @throws Error with its reason */
export type VerifyEvidence = (report: Uint8Array, endorsements: Uint8Array, uvm: Uint8Array | undefined) => Promise<VerifiedEvidence>;

export type AttestationService = {
  readonly signer: Signer;
  /** `https://127.0.0.1:PORT` */
  readonly url: () => string;
  readonly verify: VerifyEvidence;
};

/** Seconds that a token is good for. */
const LIFETIME = 8 * 3600;

/** What Microsoft Azure Attestation does for SEV-SNP guests: `POST /attest/SevSnpVm`; its keys are at `/certs`. */
export function attestationService({ signer, url, verify }: AttestationService): Answer {
  return async ({ method, path, body }) => {
    if (method === "GET" && path === "/certs") return signer.keys;
    if (method === "GET" && path === "/.well-known/openid-configuration") return { issuer: url(), jwks_uri: `${url()}/certs` };
    if (method !== "POST" || path !== "/attest/SevSnpVm") throw new Refused(404, "NotFound", `there is nothing at ${method} ${path}`);
    const { report, endorsements, uvm, runtimeData } = evidenceIn(objectIn(body));
    const verified = await verify(report, endorsements, uvm).catch((cause: unknown) => {
      throw invalid(cause instanceof Error ? cause.message : "the evidence does not verify", { cause });
    });
    if (verified.attestation.policy.debug !== 0) throw invalid("the guest can be debugged");
    requireReported(runtimeData, verified.attestation.report_data);
    const now = secondsOf(new Date());
    const dates = { iss: url(), jti: randomUUID(), iat: now, nbf: now, exp: now + LIFETIME };
    const runtime = jsonIn(runtimeData, "runtimeData.data");
    return { token: await signer.sign({ ...dates, ...claimsOf(verified), "x-ms-runtime": runtime }) };
  };
}

/**
 * The report speaks of data by their SHA-256; what is left of its 64 bytes is zero. Besides the runtime data, as the real service wants it,
 * it may be about the one key in them, as PEM or the base64 of that: so does evidence that a clean room shows to governance, and recorded
 * evidence is no other.
 *
 * @throws Refused
 */
export function requireReported(runtimeData: Uint8Array, reportData: Uint8Array): void {
  const contents = [runtimeData, ...pemsOf(runtimeData).flatMap((pem) => [pem, Buffer.from(pem.toString("base64"), "ascii")])];
  const expected = contents.map((content) => Buffer.concat([createHash("sha256").update(content).digest(), Buffer.alloc(32)]));
  if (!expected.some((data) => data.equals(reportData))) throw invalid("the data of the report are not the hash of runtimeData");
}

/** Of a set of exactly one key, which then is what was attested; none of anything else. */
function pemsOf(runtimeData: Uint8Array): Buffer[] {
  const { keys } = jsonIn(runtimeData, "runtimeData.data");
  const [key, ...others] = Array.isArray(keys) ? (keys as JsonWebKey[]) : [];
  if (!key || others.length > 0) return [];
  try {
    const pem = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
    return [pem, pem.trimEnd()].map((text) => Buffer.from(text, "ascii"));
  } catch {
    return []; // no key
  }
}

type Evidence = {
  readonly report: Uint8Array;
  readonly endorsements: Uint8Array;
  readonly uvm: Uint8Array | undefined;
  readonly runtimeData: Uint8Array;
};

/** @throws Refused */
function evidenceIn({ report, runtimeData }: Readonly<Record<string, unknown>>): Evidence {
  const evidence = jsonIn(bytesIn(report, "report"), "report");
  const more = evidence.Endorsements;
  const { Uvm: uvm } = more === undefined || more === "" ? {} : jsonIn(bytesIn(more, "Endorsements"), "Endorsements");
  const first: unknown = Array.isArray(uvm) ? uvm[0] : undefined;
  const runtime = (typeof runtimeData === "object" && runtimeData !== null ? runtimeData : {}) as Readonly<Record<string, unknown>>;
  if (runtime.dataType !== "JSON") throw new Refused(400, "InvalidParameter", "runtimeData.dataType is JSON");
  return {
    report: bytesIn(evidence.SnpReport, "SnpReport"),
    endorsements: bytesIn(evidence.VcekCertChain, "VcekCertChain"),
    uvm: first === undefined ? undefined : bytesIn(first, "Uvm"),
    runtimeData: bytesIn(runtime.data, "runtimeData.data"),
  };
}

function bytesIn(value: unknown, name: string): Buffer {
  if (typeof value === "string" && value !== "") return Buffer.from(value, "base64url");
  throw new Refused(400, "InvalidParameter", `${name} is base64url`);
}

function jsonIn(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  try {
    return objectIn(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new Refused(400, "InvalidParameter", `${name} is base64url of a JSON object`, { cause });
  }
}

function invalid(message: string, options?: ErrorOptions): Refused {
  return new Refused(400, "AttestationFailed", message, options);
}
