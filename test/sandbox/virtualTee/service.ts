import type { Bundle } from "../../../client/governance/application.js";
import { getServiceInfo, openService } from "../../../client/governance/service.js";
import type { Attestation, SandboxOptions } from "../../../sandbox/index.js";
import { member } from "../../client/authority.js";
import { built, setApplication, startPlace, type Place } from "../../support/consortium.js";
import { agree } from "../../support/party.js";

/** An application whose one endpoint has the engine verify what it is sent, and answers what that says. Bytes are lists of numbers. */
const verifier: Bundle = {
  metadata: {
    endpoints: {
      "/verify": {
        post: {
          js_module: "verify.js",
          js_function: "verify",
          forwarding_required: "never",
          authn_policies: [],
          mode: "readonly",
          openapi: {},
        },
      },
    },
  },
  modules: [
    {
      name: "verify.js",
      module: `
        const buffer = (list) => list && new Uint8Array(list).buffer;
        const list = (buffer) => Array.from(new Uint8Array(buffer));
        export function verify(request) {
          const { evidence, endorsements, uvm_endorsements } = request.body.json();
          try {
            const found = snp_attestation.verifySnpAttestation(buffer(evidence), buffer(endorsements), buffer(uvm_endorsements));
            const { host_data, report_data, measurement } = found.attestation;
            return { body: { hostData: list(host_data), reportData: list(report_data), measurement: list(measurement), uvm: found.uvm_endorsements } };
          } catch (error) {
            return { body: { refused: error.name + ": " + error.message } };
          }
        }`,
    },
  ],
};

/** What the application says of evidence. */
export type Verdict = {
  readonly refused?: string;
  readonly hostData?: readonly number[];
  readonly reportData?: readonly number[];
  readonly measurement?: readonly number[];
  readonly uvm?: { readonly did: string; readonly feed: string; readonly svn: string };
};

export type Verifier = Place & { readonly judge: (evidence: Attestation, change?: Change) => Promise<Verdict> };

/** Damages one of the parts; a part may be absent. */
export type Change = (parts: Record<keyof Attestation, Uint8Array | undefined>) => void;

/** When a service ends: `afterAll` or `onTestFinished`. */
type End = (stop: () => Promise<void>) => void;

/** An open service that runs the verifier. */
export async function freshVerifier(options: SandboxOptions, end: End): Promise<Verifier> {
  const isv = member("isv");
  const members = [{ certificate: isv.certificate }];
  const place = await startPlace({ members, constitution: await built.constitution(), ...options }, end);
  const party = place.party(isv);
  await party.activate();
  await agree([party], setApplication(verifier), openService(await getServiceInfo(party.session)));
  return withJudge(place);
}

export async function resumedVerifier(options: SandboxOptions, end: End): Promise<Verifier> {
  return withJudge(await startPlace({ ...options, resume: true }, end));
}

function withJudge(place: Place): Verifier {
  const judge: Verifier["judge"] = async (evidence, change) => {
    const bytes = (text: string | undefined): Uint8Array | undefined => (text === undefined ? undefined : Buffer.from(text, "base64"));
    const parts = {
      evidence: bytes(evidence.evidence),
      endorsements: bytes(evidence.endorsements),
      uvm_endorsements: bytes(evidence.uvm_endorsements),
    };
    change?.(parts);
    const body = JSON.stringify(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part && Array.from(part)])));
    const headers = { "content-type": "application/json" };
    const { status, body: answer } = await place.service.request({ method: "POST", url: "/app/verify", headers, body });
    if (status !== 200) throw new Error(`HTTP ${status}: ${String(answer)}`);
    return JSON.parse(Buffer.from(answer ?? "").toString()) as Verdict;
  };
  return Object.assign(place, { judge });
}
