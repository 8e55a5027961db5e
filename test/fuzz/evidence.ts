import fc from "fast-check";
import type { CleanRoom } from "../support/cleanRoom.js";
import { broken, described, type Schema } from "./schema.js";
import { openApiOf, type Operation } from "./request.js";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

/** What a clean room signs, by operation: the code behind signature and evidence should be reached, so most of it is right. */
const SIGNED: Readonly<Record<string, (publicKeyPem: string) => readonly unknown[]>> = {
  putEvent: () => [{ source: "training", message: "started" }, "text", null],
  putSecret: () => [{ value: "secret" }, { value: "ü".repeat(1000) }],
  putDelegate: () => [
    { type: "add", claims: { [HOST_DATA]: "ab".repeat(32) }, policyType: "snp-caci" },
    { type: "remove", claims: { [HOST_DATA]: ["ab".repeat(32), "cd".repeat(32)] } },
  ],
  generateEndorsedCert: (publicKey) => [
    { publicKey, subjectName: "CN=web,O=A\\, B and Co", subjectAlternateNames: ["dNSName:host.example"], validityPeriodDays: 10 },
    { publicKey, subjectName: "CN=web", validityPeriodDays: 1 },
  ],
};

/** Whether an operation is for clean rooms, also where others may call it. */
export const takesEvidence = (operation: Operation): boolean => "attestation" in (bodyOf(operation).properties ?? {});

const bodyOf = (operation: Operation): Schema => openApiOf(operation).requestBody?.content["application/json"].schema ?? {};

/** What the clean room itself puts into a body. */
const OF_THE_ROOM = ["attestation", "encrypt", "sign", "data", "platform"];

/**
 * Bodies with evidence that verifies, of clean rooms that the policy lets in and of others; some with a part of them broken.
 *
 * @param right what else the body may hold, for this operation
 */
export function attestedBodies(operation: Operation, rooms: readonly CleanRoom[], right: readonly object[] = []): fc.Arbitrary<string> {
  const { properties = {} } = bodyOf(operation);
  const others = Object.fromEntries(Object.entries(properties).filter(([field]) => !OF_THE_ROOM.includes(field)));
  const name = String(operation.endpoint.js_function);
  const good = SIGNED[name];
  if (properties.sign && !good) throw new Error(`the fuzz knows nothing that a clean room signs for ${name}`);

  const extra = fc.oneof(...(right.length > 0 ? [fc.constantFrom(...right)] : []), described({ type: "object", properties: others }));
  const body = fc.constantFrom(...rooms).chain((room) => {
    const meant = fc.constantFrom(...(good?.(room.publicKeyPem) ?? [{}]));
    const data = fc.oneof({ weight: 4, arbitrary: meant }, { weight: 3, arbitrary: broken(meant) }, fc.jsonValue(), fc.string());
    return fc.tuple(data, extra).map(([signed, more]) => (good ? room.signed(signed, more as object) : room.attested(more as object)));
  });
  // What is signed anew at each step is not worth making smaller.
  const whole = fc.noShrink(body);
  return fc.oneof<fc.Arbitrary<unknown>[]>(whole, whole, broken(whole)).map((value) => JSON.stringify(value));
}
