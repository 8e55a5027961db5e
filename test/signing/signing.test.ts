import { constants, createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { base64, cleanRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;
const stranger = place.stranger("stranger");

const a = cleanRoom(place, { contractId: "a", hostData: "0a".repeat(32) });
const other = cleanRoom(place, { contractId: "a", hostData: "0b".repeat(32) });
beforeAll(async () => {
  await agree([alice, bob], setContract("a"));
  await agree([alice, bob], a.setPolicy);
});

type Info = { readonly enabled: boolean; readonly publicKeyPem: string; readonly previousPublicKeyPem?: string };
const info = async (): Promise<Info> => (await bob.call("POST", "/app/signing/info")).body as Info;
const generateKey = (): Promise<Answer> => alice.call("POST", "/app/signing/generateSigningKey");
const sign = (body: unknown): Promise<Answer> => call(place.anonymous, "POST", "/app/contracts/a/signing/sign", body);
const text = "what is to be signed: ä→𝄞\0";

async function signatureOf(payload: string): Promise<string> {
  const answer = await sign(a.attested({ payload }));
  expect(answer).toMatchObject({ status: 200, body: { value: expect.any(String) as unknown } });
  return a.unwrap((answer.body as { value: string }).value);
}

const verifies = (signed: string | Uint8Array, signature: string, publicKeyPem: string): boolean =>
  verify(
    "sha256",
    Buffer.from(signed),
    { key: createPublicKey(publicKeyPem), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    Buffer.from(signature, "base64"),
  );

describe("payloads", () => {
  test("cannot be signed before the members have enabled it and one has made the key", async () => {
    expect(await info()).toEqual({ enabled: false, publicKeyPem: "" });
    expect(await generateKey()).toMatchObject(refusal(405, "SigningNotEnabled"));
    await agree([alice, bob], { name: "enable_signing", args: { kid: "payloads" } });
    expect(await info()).toEqual({ enabled: true, publicKeyPem: "" });
    expect(await sign(a.attested({ payload: base64(text) }))).toMatchObject(refusal(405, "SigningKeyNotAvailable"));
    expect(await stranger.call("POST", "/app/signing/generateSigningKey")).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));

    expect(await generateKey()).toMatchObject({ status: 200, body: { reqId: "1", kid: "payloads-1" } });
    expect(await generateKey()).toMatchObject({ status: 200, body: { reqId: "1", kid: "payloads-1" } });
    expect(await info()).toEqual({ enabled: true, publicKeyPem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/) as unknown });
  });

  test("are signed as the bytes that they stand for, and the signature verifies with the published key", async () => {
    const { publicKeyPem } = await info();
    const signature = await signatureOf(base64(text));
    expect(signature).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    expect(verifies(text, signature, publicKeyPem)).toBe(true);
    expect(verifies(base64(text), signature, publicKeyPem)).toBe(false);
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(verifies(bytes, await signatureOf(base64(bytes)), publicKeyPem)).toBe(true);
  });

  test("of 96 KiB are signed too, and no larger ones, which would take too long to decode", async () => {
    const large = Buffer.alloc(98_304, "payload");
    expect(verifies(large, await signatureOf(base64(large)), (await info()).publicKeyPem)).toBe(true);
    expect(await sign(a.attested({ payload: base64(Buffer.alloc(98_305)) }))).toMatchObject(refusal(400, "InvalidInput"));
  });

  test("are not signed with the key that signs tokens", async () => {
    await agree([alice, bob], { name: "enable_oidc_issuer", args: { kid: "payloads" } });
    expect(await alice.call("POST", "/app/oidc/generateSigningKey")).toMatchObject({ status: 200 });
    const { keys } = (await call(place.anonymous, "GET", "/app/oidc/keys")).body as { keys: [{ n: string }] };
    expect(createPublicKey((await info()).publicKeyPem).export({ format: "jwk" }).n).not.toBe(keys[0].n);
  });
});

describe("a request to sign is refused", () => {
  const good = { payload: base64(text) };
  test.each([
    ["an empty object", {}, "AttestationMissing"],
    ["no evidence", { ...a.attested(good), attestation: null }, "AttestationMissing"],
    ["no key of its own", { ...a.attested(good), encrypt: {} }, "EncryptionMissing"],
    ["no payload", a.attested(), "PayloadMissing"],
    ["null as payload", a.attested({ payload: null }), "PayloadMissing"],
    ["an empty payload", a.attested({ payload: "" }), "PayloadMissing"],
    ["no payload, and evidence that is none", { ...a.attested(), attestation: {} }, "PayloadMissing"],
    ["foreign characters in the base64", a.attested({ payload: "AAA*AAAA" }), "PayloadInvalid"],
    ["a character left over", a.attested({ payload: "AAAAA" }), "PayloadInvalid"],
    ["padding in the middle", a.attested({ payload: "AA==AAAA" }), "PayloadInvalid"],
    ["bits left over", a.attested({ payload: "AB==" }), "PayloadInvalid"],
    ["a number as payload", a.attested({ payload: 1 }), "InvalidInput"],
    ["another platform", a.attested({ ...good, platform: "snp-cvm" }), "UnsupportedPlatform"],
    ["evidence of another clean room", other.attested(good), "VerifySnpAttestationFailed"],
    ["another's key", { ...a.attested(good), encrypt: other.attested().encrypt }, "ReportDataMismatch"],
  ])("with %s", async (_what, body, code) => {
    expect(await sign(body)).toMatchObject(refusal(400, code));
  });

  test("from a clean room of another contract", async () => {
    await agree([alice, bob], setContract("b"));
    const answer = await call(place.anonymous, "POST", "/app/contracts/b/signing/sign", a.attested(good));
    expect(answer).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test("while a member has disabled the execution of the contract", async () => {
    expect(await bob.call("POST", "/app/contracts/a/disable")).toMatchObject({ status: 200 });
    expect(await sign(a.attested(good))).toMatchObject(refusal(403, "ContractDisabled"));
    expect(await bob.call("POST", "/app/contracts/a/enable")).toMatchObject({ status: 200 });
    expect(await sign(a.attested(good))).toMatchObject({ status: 200 });
  });
});

test("after a rotation of the key, earlier signatures still verify with the previous key, which stays published", async () => {
  const { publicKeyPem: first } = await info();
  const before = await signatureOf(base64(text));
  await agree([alice, bob], { name: "signing_enable_rotate_signing_key", args: {} });
  expect(await generateKey()).toMatchObject({ status: 200, body: { reqId: "2", kid: "payloads-2" } });

  const { publicKeyPem: second, previousPublicKeyPem } = await info();
  expect(previousPublicKeyPem).toBe(first);
  expect(second).not.toBe(first);
  expect(verifies(text, before, first)).toBe(true);
  expect(verifies(text, await signatureOf(base64(text)), second)).toBe(true);
});
