import { createHash, createPublicKey, sign, verify, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { cbor, Tagged } from "./ccf/cbor.js";
import { compare } from "./ccf/comparer.js";
import { coseSign1 } from "./ccf/cose.js";
import { generateKey, identity, publicPem } from "./ccf/identity.js";
import { outdated } from "./ccf/judge.js";
import { jwt } from "./ccf/jwt.js";
import { known } from "./ccf/known.js";
import { Names, Normaliser } from "./ccf/normaliser.js";
import { verifyReceipt, type Receipt } from "./ccf/receipt.js";
import { readOptions } from "./ccf/options.js";
import { readRecordings } from "./ccf/recordings.js";
import { select } from "./ccf/select.js";
import type { Step } from "./ccf/step.js";
import { suites } from "./ccf/suites/index.js";
import { keyIdOf, selfSigned } from "./ccf/x509.js";

const answered: Step = {
  label: "a",
  req: "GET /x",
  status: 200,
  headers: { "content-type": "application/json" },
  body: { json: { error: { code: "C", message: "m", details: [{ code: "D", message: "n" }] }, list: [1, 2] } },
};

/** Severities of the differences of an answer that is otherwise in one field. */
const severities = (change: object): string[] =>
  compare({ steps: [answered] }, { steps: [{ ...answered, ...change }] }).map(({ severity }) => severity);

const body = (change: object): object => ({ body: { json: { error: { code: "C", message: "m" }, list: [1, 2], ...change } } });

test("another status, header, code or shape is a hard difference; another text for people is one of message", () => {
  expect(severities({})).toEqual([]);
  expect(severities({ req: "other" })).toEqual([]);
  expect(severities({ status: 201 })).toEqual(["hard"]);
  expect(severities({ headers: {} })).toEqual(["hard"]);
  expect(severities({ headers: { ...answered.headers, allow: "GET" } })).toEqual(["hard"]);
  const details = [{ code: "D", message: "n" }];
  expect(severities(body({ error: { code: "C", message: "m", details } }))).toEqual([]);
  expect(severities(body({ error: { code: "X", message: "m", details } }))).toEqual(["hard"]);
  expect(severities(body({ error: { code: "C", message: "x", details } }))).toEqual(["message"]);
  expect(severities(body({ error: { code: "C", message: "m", details: [{ code: "D", message: "x" }] } }))).toEqual(["message"]);
  expect(severities(body({ error: { code: "C", details } }))).toEqual(["hard"]);
  expect(severities(body({ error: { code: "C", message: "m", details }, list: [1, 2, 3] }))).toEqual(["hard"]);
  expect(severities(body({ error: { code: "C", message: "m", details }, extra: null }))).toEqual(["hard"]);
});

test("a step that is missing, and a scenario that could not go on, are hard differences", () => {
  expect(compare({ steps: [answered] }, { steps: [] })).toMatchObject([{ severity: "hard", expected: "present", actual: "(absent)" }]);
  expect(compare({ steps: [] }, { steps: [], crashed: "boom" })).toMatchObject([{ severity: "hard", actual: "boom" }]);
});

test("values that a recording declares soft are of severity message", () => {
  const step: Step = { label: "a", body: { json: { order: [1, 2], sorted: [1, 2] } }, soft: [".body.json.order"] };
  const played = { steps: [{ label: "a", body: { json: { order: [2, 1], sorted: [2, 1] } } }] };
  expect(compare({ steps: [step] }, played).map(({ path, severity }) => `${severity} ${path}`)).toEqual([
    "message body.json.order[0]",
    "message body.json.order[1]",
    "hard body.json.sorted[0]",
    "hard body.json.sorted[1]",
  ]);
});

test("every scenario has a recording, whose change would be noticed", () => {
  for (const { name, scenarios } of suites) {
    const recorded = readRecordings(name);
    expect(Object.keys(recorded).sort()).toEqual(scenarios.map((scenario) => scenario.name).sort());
    for (const recording of Object.values(recorded)) {
      expect(compare(recording, recording)).toEqual([]);
      const changed = recording.steps.map((step) => (step.status === undefined ? step : { ...step, status: step.status + 1 }));
      const statuses = recording.steps.filter(({ status }) => status !== undefined).length;
      expect(compare(recording, { steps: changed }).filter(({ severity }) => severity === "hard")).toHaveLength(statuses);
    }
  }
});

test("a known difference names a step that is recorded, and is missed when it does not show", () => {
  for (const { suite, scenario, steps } of known) {
    const labels = readRecordings(suite)[scenario]?.steps.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining([...steps]));
  }
  const played = known.map(({ suite, scenario }) => ({ suite, scenario, steps: 1, milliseconds: 0, mismatches: [] }));
  expect(outdated(played)).toEqual(known.filter(({ sometimes }) => !sometimes));
});

test.each(["P-256", "P-384", "RSA2048"] as const)("a certificate of a %s key verifies", (kind) => {
  const certificate = new X509Certificate(identity("someone", kind).cert);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkIssued(certificate)).toBe(true);
  expect(certificate.subject).toBe("CN=someone");
});

test("CBOR is encoded as RFC 8949 says", () => {
  const values = new Map<string | number, Parameters<typeof cbor>[0]>([
    [1, -35],
    ["a", Buffer.of(1)],
    [-1, [true, null]],
  ]);
  expect(cbor(values).toString("hex")).toBe("a301382261614101" + "2082f5f6");
  expect(cbor(new Tagged(18, [1000000, 4294967296])).toString("hex")).toBe("d2821a000f42401b0000000100000000");
  expect(coseSign1(identity("m"), "payload", { type: "proposal" })[0]).toBe(0xd2);
});

test("a token is signed by its key", () => {
  const key = generateKey("P-256");
  const [header = "", payload = "", signature = ""] = jwt(key, { header: { kid: "k" } }).split(".");
  const verifier = { key: createPublicKey(publicPem(key)), dsaEncoding: "ieee-p1363" } as const;
  expect(verify("sha256", Buffer.from(`${header}.${payload}`), verifier, Buffer.from(signature, "base64url"))).toBe(true);
});

test("a receipt verifies as it is, and no more with another leaf", () => {
  const sha256 = (data: Uint8Array | string): Buffer => createHash("sha256").update(data).digest();
  const key = generateKey("P-256");
  const cert = selfSigned("node", key);
  const parts = { write_set_digest: sha256("write set").toString("hex"), commit_evidence: "ce:2.5:00", claims_digest: "00".repeat(32) };
  const leaf = Buffer.concat([sha256("write set"), sha256(parts.commit_evidence), Buffer.alloc(32)]);
  // The signature is over the root itself: without a proof, that is what signing the leaf's components with SHA-256 gives.
  const signature = sign("sha256", leaf, key).toString("base64");
  const receipt: Receipt = { cert, node_id: keyIdOf(cert), signature, proof: [], leaf_components: parts };
  expect(verifyReceipt(receipt)).toMatchObject({ ok: true, problems: [] });
  expect(verifyReceipt({ ...receipt, leaf_components: { ...parts, commit_evidence: "ce:2.6:00" } }).ok).toBe(false);
});

test("ids, digests and traces have the same names in every run", () => {
  const service = new Names();
  service.set("f".repeat(64), "member0");
  const normaliser = new Normaliser(service, "127.0.0.1:1");
  expect(normaliser.text("Error: x\n    at f (file:1)\n    at g\n")).toBe("Error: x <trace>");
  expect(normaliser.text("parse error at line 1, column 2")).toBe("parse error at line 1, column 2");
  const [a, b, member] = ["a", "b", "f"].map((digit) => digit.repeat(64));
  expect(normaliser.text(`m[${member ?? ""}] ${a ?? ""} ${a ?? ""} ${b ?? ""}`)).toBe("m[<member0>] <hex64#1> <hex64#1> <hex64#2>");
});

test("all suites are played that the command line names, in one option or several", () => {
  const options = readOptions(["--suite", "snp,app-authn", "--suite", "app-flows"]);
  expect(select(options).map(({ name }) => name)).toEqual(
    suites.map(({ name }) => name).filter((name) => /^(snp|app-authn|app-flows)$/.test(name)),
  );
  expect(options.suite).toHaveLength(3);
});
