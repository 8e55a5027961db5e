import { X509Certificate } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { call, refusal } from "../support/answer.js";
import { cleanRoom, newKey, signature } from "../support/cleanRoom.js";
import { byOpenssl, hasOpenssl, misuse, verify } from "./openssl.js";
import { ecKey, rsaKey, World } from "./world.js";

const world = await World.start(afterAll);
const room = await world.contractWithCa("c1");
const ca = await world.caCertificate("c1");
const { publicKey: caKey = "" } = await world.info("c1");
const key = ecKey("P-256");
const request = { publicKey: key.publicKey, subjectName: "CN=web", subjectAlternateNames: ["dNSName:web.example"], validityPeriodDays: 1 };

describe("a certificate is refused", () => {
  test.each([
    ["for a second name behind a comma", { subjectAlternateNames: ["dNSName:web.example,DNS:victim.example"] }, "/subjectAlternateNames/0"],
    [
      "for a second name behind a line break",
      { subjectAlternateNames: ["dNSName:a.example", "dNSName:b\nDNS:c"] },
      "/subjectAlternateNames/1",
    ],
    ["for a name without a prefix, which ends the public service", { subjectAlternateNames: ["web.example"] }, "/subjectAlternateNames/0"],
    ["for names that are no list", { subjectAlternateNames: "dNSName:web.example" }, "/subjectAlternateNames"],
    [
      "for more names than anyone needs",
      { subjectAlternateNames: Array.from({ length: 101 }, () => "dNSName:a") },
      "/subjectAlternateNames",
    ],
    ["for an attribute that turns a leaf into a CA", { subjectName: "CN=web,basicConstraints=CA:TRUE" }, "/subjectName"],
    ["for a section of OpenSSL's configuration", { subjectName: "CN=web\n[ext]\nbasicConstraints=CA:TRUE" }, "/subjectName"],
    ["for the name of the CA", { subjectName: "CN=Azure Clean Room CA" }, "/subjectName"],
    ["for the name of the CA, written differently", { subjectName: "cn=Azure\\20Clean Room CA" }, "/subjectName"],
    ["for the name of the CA in capitals", { subjectName: "CN=AZURE CLEAN ROOM CA" }, "/subjectName"],
    ["for the name of the CA with more spaces", { subjectName: "CN=Azure  Clean Room CA" }, "/subjectName"],
    ["for the key of the CA", { publicKey: caKey }, "/publicKey"],
    ["for a weak key", { publicKey: rsaKey(1024).publicKey }, "/publicKey"],
    ["for a certificate instead of a key", { publicKey: ca }, "/publicKey"],
    ["for a private key instead of a public one", { publicKey: key.privateKey }, "/publicKey"],
    ["for no day", { validityPeriodDays: 0 }, "/validityPeriodDays"],
    ["for a negative number of days", { validityPeriodDays: -1 }, "/validityPeriodDays"],
    ["for a part of a day", { validityPeriodDays: 0.5 }, "/validityPeriodDays"],
    ["for days in words", { validityPeriodDays: "30" }, "/validityPeriodDays"],
    ["for longer than calendars reach", { validityPeriodDays: 1e15 }, "/validityPeriodDays"],
    ["without a key", { publicKey: undefined }, ""],
    ["without a subject", { subjectName: undefined }, ""],
    ["without a lifetime", { validityPeriodDays: undefined }, ""],
  ])("%s", async (_, change, field) => {
    const answer = await world.ask("c1", room.signed({ ...request, ...change }));
    expect(answer).toMatchObject(refusal(400, "InvalidInput", expect.stringMatching(new RegExp(`^data${field} `))));
  });

  test.each([["[]"], ["null"], ['"text"'], ["not JSON"]])("for signed data that are %s", async (data) => {
    expect(await world.ask("c1", room.signed(data))).toMatchObject(refusal(400, "InvalidInput"));
  });
});

test("fields that ask for a CA change nothing", async () => {
  const extra = {
    isCA: true,
    ca: true,
    cA: true,
    pathLen: 3,
    basicConstraints: "CA:TRUE",
    extensions: [{ extname: "basicConstraints", cA: true }],
  };
  expect(new X509Certificate(await world.certificate(room, { ...request, ...extra })).ca).toBe(false);
});

test("however many days are asked for, a certificate ends with that of its CA", async () => {
  for (const validityPeriodDays of [101, 3650, 36_500]) {
    const { validTo } = new X509Certificate(await world.certificate(room, { ...request, validityPeriodDays }));
    expect(validTo).toBe(new X509Certificate(ca).validTo);
  }
});

test.skipIf(!hasOpenssl)(`what a certificate signs is worth nothing, says ${byOpenssl}`, async () => {
  const intermediate = await world.certificate(room, request);
  const victim = await misuse(intermediate, key.privateKey, ecKey("P-256").publicKey);
  expect(victim).toMatch(/^-----BEGIN CERTIFICATE/);
  expect(await verify({ ca, intermediate, leaf: victim })).toMatch(/invalid CA certificate/);
});

describe("who is not a clean room of the contract gets no certificate:", () => {
  test("not by evidence that was overheard, with a signature of his own", async () => {
    const own = newKey();
    const data = JSON.stringify(request);
    const publicKey = Buffer.from(own.publicKey.export({ type: "spki", format: "pem" })).toString("base64");
    const sign = { publicKey, signature: signature(data, own.privateKey) };
    expect(await world.ask("c1", { ...room.signed(request), sign })).toMatchObject(refusal(400, "ReportDataMismatch"));
    const encrypt = { publicKey };
    expect(await world.ask("c1", { ...room.signed(request), sign, encrypt })).toMatchObject(refusal(400, "ReportDataMismatch"));
    const pretended = { publicKey: room.publicKey, signature: sign.signature };
    expect(await world.ask("c1", { ...room.signed(request), sign: pretended })).toMatchObject(refusal(400, "SignatureMismatch"));
  });

  test("not for other data than were signed", async () => {
    const data = Buffer.from(JSON.stringify({ ...request, subjectName: "CN=victim" })).toString("base64");
    expect(await world.ask("c1", { ...room.signed(request), data })).toMatchObject(refusal(400, "SignatureMismatch"));
  });

  test("not with a signature or evidence missing", async () => {
    const body = room.signed(request);
    expect(await world.ask("c1", { ...body, sign: undefined })).toMatchObject(refusal(400, "SignatureMismatch"));
    expect(await world.ask("c1", { ...body, attestation: undefined })).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await world.ask("c1", { ...body, encrypt: undefined })).toMatchObject(refusal(400, "EncryptionMissing"));
  });

  test("not from the CA of another contract", async () => {
    const other = await world.contractWithCa("c2", "2".repeat(64));
    expect(await world.ask("c1", other.signed(request))).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await world.ask("c2", room.signed(request))).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test("not with other software", async () => {
    const stranger = cleanRoom(world.place, { contractId: "c1", hostData: "0".repeat(64) });
    expect(await world.ask("c1", stranger.signed(request))).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });
});

test("whoever repeats a request gets what the clean room alone can read", async () => {
  const body = room.signed(request);
  const { value } = (await world.ask("c1", body)).body as { value: string };
  expect(room.unwrap(value)).toContain("BEGIN CERTIFICATE");
  const eavesdropper = cleanRoom(world.place, { contractId: "c1" });
  expect(() => eavesdropper.unwrap(value)).toThrow();
});

test("a request that was overheard is no event, and an event that was overheard gets no certificate (24.1 no. 6)", async () => {
  const events = "/app/contracts/c1/events?id=overheard";
  const put = (body: object) => call(world.place.anonymous, "PUT", events, { ...body, timestamp: "1700000000000" });
  const asked = room.signed(request);
  expect(await world.ask("c1", asked)).toMatchObject({ status: 200 });
  expect(await put(asked)).toMatchObject(refusal(409, "SignatureReused"));
  const written = room.signed(request);
  expect(await put(written)).toMatchObject({ status: 204 });
  expect(await world.ask("c1", written)).toMatchObject(refusal(409, "SignatureReused"));
});
