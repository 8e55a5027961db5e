import type { Answer } from "../answer.js";
import type { Play } from "../play.js";
import { snpReports, type SnpReport } from "../snpReports.js";
import type { CallOptions } from "../step.js";
import { scenario, type Scenario, type Suite } from "../suite.js";

/* snp_attestation.verifySnpAttestation with genuine AMD SEV-SNP reports. */

const EXACT = { keepHex: true, keepPem: true, keepTime: true };

/** An argument of the function: a buffer, a text, undefined (null), or a value as it is. */
type Argument = { readonly hex: string } | { readonly text: string } | { readonly raw: unknown } | null;
type Reports = ReturnType<typeof snpReports>;
type Verdict = { readonly ok?: { readonly attestation: { readonly report_data: string }; readonly uvm_endorsements?: unknown } };

const CODE = `const a = request.body.json(); const args = a.map((x) => (x === null ? undefined : x.hex !== undefined ? unhex(x.hex) : x.text !== undefined ? x.text : x.raw));
const plain = (v) => (v instanceof ArrayBuffer ? hex(v) : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])) : v);
return { body: attempt(() => plain(snp_attestation.verifySnpAttestation(...args))) };`;

const attestation = (name: string, run: (t: Play, reports: Reports) => Promise<void>): Scenario =>
  scenario(
    name,
    async (t) => {
      await t.install({ verify: { method: "post", code: CODE } });
      await run(t, snpReports());
    },
    "snp-reports",
  );

const call = (t: Play, label: string, args: readonly Argument[], options: CallOptions = {}): Promise<Answer> =>
  t.call("verify", { label, body: args, ...EXACT, ...options });

const hx = (bytes: Uint8Array): Argument => ({ hex: Buffer.from(bytes).toString("hex") });
/** Report, endorsements of its platform, endorsements of its utility VM. */
const all = ({ evidence, endorsements, uvm }: SnpReport): Argument[] => [hx(evidence), hx(endorsements), hx(uvm)];
const brief = (verdict: Verdict): unknown =>
  verdict.ok ? { ok: { report_data: verdict.ok.attestation.report_data, uvm: verdict.ok.uvm_endorsements ?? null } } : verdict;

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

/** The reported TCB as 16 hexadecimal digits, most significant byte first. */
const tcb = (evidence: Buffer): string => Buffer.from(evidence.subarray(0x180, 0x188)).reverse().toString("hex");

/** The certificates of VCEK, ASK and ARK. */
function certificates({ endorsements }: SnpReport): readonly [string, string, string] {
  const found = endorsements.toString().match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
  const [vcek, ask, ark, ...more] = found;
  if (vcek === undefined || ask === undefined || ark === undefined || more.length > 0)
    throw new Error(`${found.length} certificates, not 3`);
  return [vcek, ask, ark];
}

/** Changes a character near the end of the base64 text, within the signature. */
function damage(pem: string): string {
  const lines = pem.split("\n");
  const at = lines.length - 5;
  return lines.map((line, i) => (i === at ? line.slice(0, 10) + (line[10] === "A" ? "B" : "A") + line.slice(11) : line)).join("\n");
}

export const snp: Suite = {
  name: "snp",
  title: "SNP attestation",

  scenarios: [
    attestation("three-genuine-reports", async (t, V) => {
      for (const [name, report] of Object.entries(V)) await call(t, name, all(report));
    }),
    attestation("without-uvm-endorsements", async (t, V) => {
      await call(t, "two arguments", [hx(V.encryption.evidence), hx(V.encryption.endorsements)]);
      await call(t, "undefined", [hx(V.encryption.evidence), hx(V.encryption.endorsements), null], { pick: brief });
      await call(t, "undefined, undefined", [hx(V.encryption.evidence), hx(V.encryption.endorsements), null, null], { pick: brief });
      await call(t, "null is not undefined", [hx(V.encryption.evidence), hx(V.encryption.endorsements), { raw: null }]);
      await call(t, "empty buffer", [hx(V.encryption.evidence), hx(V.encryption.endorsements), hx(Buffer.alloc(0))]);
    }),
    attestation("tampered-report", async (t, V) => {
      const v = V.signing;
      for (const [n, i] of [
        ["version", 0],
        ["guest svn", 4],
        ["policy", 8],
        ["family id", 0x10],
        ["vmpl", 0x30],
        ["signature algorithm", 0x34],
        ["platform version", 0x38],
        ["report data", 0x50],
        ["measurement", 0x90],
        ["host data", 0xc0],
        ["reported tcb", 0x180],
        ["chip id", 0x1a0],
        ["signature r", 0x2a0],
        ["signature s", 0x2e8],
        ["reserved at the end", 0x49f],
      ] as const) {
        await call(t, n, all({ ...v, evidence: flip(v.evidence, i) }));
      }
    }),
    attestation("wrong-size-report", async (t, V) => {
      const v = V.encryption;
      await call(t, "empty", all({ ...v, evidence: Buffer.alloc(0) }));
      await call(t, "one byte short", all({ ...v, evidence: v.evidence.subarray(0, 1183) }));
      await call(t, "one byte long", all({ ...v, evidence: Buffer.concat([v.evidence, Buffer.from([0])]) }));
      await call(t, "zeros", all({ ...v, evidence: Buffer.alloc(1184) }));
    }),
    attestation("platform-endorsements", async (t, V) => {
      const v = V.encryption;
      const c = certificates(v);
      t.note("certificates in the bundle", c.length);
      const P = (...certificates: readonly string[]): Argument[] => all({ ...v, endorsements: Buffer.from(certificates.join("")) });
      await call(t, "root missing", P(c[0], c[1]));
      await call(t, "intermediate missing", P(c[0], c[2]));
      await call(t, "leaf missing", P(c[1], c[2]));
      await call(t, "other order", P(c[2], c[1], c[0]));
      await call(t, "middle swapped", P(c[0], c[2], c[1]));
      await call(t, "doubled leaf", P(c[0], c[0], c[1], c[2]));
      await call(t, "empty", P());
      await call(t, "text", P("hello"));
    }),
    attestation("tampered-endorsements", async (t, V) => {
      const v = V.encryption;
      const [vcek, ask, ark] = certificates(v);
      const P = (...certificates: readonly string[]): Argument[] => all({ ...v, endorsements: Buffer.from(certificates.join("")) });
      await call(t, "leaf signature", P(damage(vcek), ask, ark));
      // CCF 6.0.7 takes both of these. Compared softly: a stricter implementation is not a fault.
      const soft = { pick: (verdict: Verdict) => (verdict.ok ? "accepted" : verdict), soft: [".body.json"] };
      await call(t, "intermediate signature", P(vcek, damage(ask), ark), soft);
      await call(t, "root signature", P(vcek, ask, damage(ark)), soft);
    }),
    attestation("uvm-endorsements-of-another-measurement", async (t, V) => {
      const v = V.encryption;
      const ids = Object.entries(V).map(([n, x]) => [n, x.evidence.subarray(0x90, 0xc0).toString("hex")]);
      t.note("measurements", ids, { keepHex: true });
      await call(t, "tampered payload", all({ ...v, uvm: flip(v.uvm, v.uvm.length - 600) }));
      await call(t, "tampered signature", all({ ...v, uvm: flip(v.uvm, v.uvm.length - 20) }));
      await call(t, "truncated", all({ ...v, uvm: v.uvm.subarray(0, v.uvm.length - 1) }));
      await call(t, "not cose", all({ ...v, uvm: Buffer.from("hello") }));
      await call(t, "trailing byte", all({ ...v, uvm: Buffer.concat([v.uvm, Buffer.from([0])]) }));
    }),
    attestation("endorsed-tcb", async (t, V) => {
      const v = V.encryption;
      t.note("tcb of the report", tcb(v.evidence));
      for (const [n, x] of [
        ["right", tcb(v.evidence)],
        ["right, upper case", tcb(v.evidence).toUpperCase()],
        ["wrong", "db18000000000003"],
        ["reversed", Buffer.from(tcb(v.evidence), "hex").reverse().toString("hex")],
        ["short", "0004"],
        ["not hex", "zz18000000000004"],
        ["empty", ""],
      ] as const) {
        await call(t, n, [...all(v), { text: x }], { pick: brief });
      }
      await call(t, "right, without uvm", [hx(v.evidence), hx(v.endorsements), null, { text: tcb(v.evidence) }], { pick: brief });
    }),
    attestation("argument-errors", async (t, V) => {
      const v = V.encryption;
      await call(t, "none", []);
      await call(t, "one", [hx(v.evidence)]);
      await call(t, "five", [hx(v.evidence), hx(v.endorsements), null, null, null]);
      await call(t, "evidence text", [{ text: "x" }, hx(v.endorsements)]);
      await call(t, "endorsements text", [hx(v.evidence), { text: v.endorsements.toString() }]);
      await call(t, "uvm text", [hx(v.evidence), hx(v.endorsements), { text: "x" }]);
    }),
  ],
};
