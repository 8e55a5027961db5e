import { generateKeyPairSync } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { endpointsOf, readAppMap } from "../../build/appMap.js";
import { readExamples, type Example } from "../../build/reference/examples.js";
import type { SandboxResponse } from "../../sandbox/index.js";
import { furnished } from "../support/furnished.js";
import { Placeholders } from "./placeholders.js";

const { place, alice, bob, operator, invited, room, proposals } = await furnished(afterAll);
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const callers = { alice: alice.der, bob: bob.der, nobody: undefined, "clean room": undefined };
const placeholders = new Placeholders({
  alice: alice.id,
  bob: bob.id,
  operator: operator.id,
  invited: invited.id,
  evidence: room.attestation,
  "public key": room.publicKey,
  "PEM of a public key": publicKey.export({ type: "spki", format: "pem" }),
  proposal: proposals.contract,
});

/** The body as it is sent; what the clean room signs has its own placeholders. */
function bodyOf({ body, signs }: Example): unknown {
  if (signs === undefined) return placeholders.filled(body);
  const { sign, data } = room.signed(placeholders.filled(signs));
  return new Placeholders({ evidence: room.attestation, "public key": room.publicKey, signature: sign.signature, data }).filled(body);
}

/** Answers from the ledger come when they come. */
async function ask(example: Example): Promise<SandboxResponse> {
  const [method = ""] = example.operation.split(" ");
  const certificate = callers[example.by];
  const body = bodyOf(example);
  const request = { method, url: String(placeholders.filled(example.path)), ...(certificate && { certificate }), ...(body !== undefined && { json: body }) }; // prettier-ignore
  for (;;) {
    const answer = await place.service.request(request);
    if (answer.status !== 202 || example.status === 202) return answer;
  }
}

const textOrJson = (text: string): unknown => (/^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text);

const files = await readExamples(import.meta.dirname);

describe.each([...files])("%s", (_, examples) => {
  test.each(examples.map((example, i) => ({ title: `${i + 1} ${example.operation}`, example })))("$title", async ({ example }) => {
    const answer = await ask(example);
    const text = answer.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    expect({ status: answer.status, answer: body }).toEqual({ status: example.status, answer: placeholders.met(example.answer, body) });
    if (example.unwraps === undefined) return;
    const released = textOrJson(room.unwrap((body as { value: unknown }).value));
    expect(released).toEqual(placeholders.met(example.unwraps, released));
  });
});

test("there is an example of each operation, and of nothing else", async () => {
  const routes = endpointsOf(await readAppMap(process.cwd()));
  const functionOf = new Map(routes.map(({ url, verb, endpoint }) => [`${verb.toUpperCase()} ${url}`, endpoint.js_function]));
  const shown = [...files.values()].flat().map(({ operation }) => functionOf.get(operation) ?? operation);
  expect([...new Set(shown)].sort()).toEqual([...new Set(functionOf.values())].sort());
});
