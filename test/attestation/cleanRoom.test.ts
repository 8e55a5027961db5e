import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Attestation } from "../../sandbox/index.js";
import { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import { certificates, flip, withDamagedSignature } from "../sandbox/snp/evidence.js";
import { refusal } from "../support/answer.js";
import { base64, cleanRoom, newKey, signature, type CleanRoom } from "../support/cleanRoom.js";
import { genuineRooms, whyNoGenuine } from "./genuine.js";
import { probed } from "./place.js";

// Made first: it takes seconds, in which no connection is attended to.
const [ownKey, olderKey, stranger] = [newKey(), newKey(), newKey()];
const largeKey = generateKeyPairSync("rsa", { modulusLength: 3072 });

const { place, members, call, contract } = await probed(afterAll);
const { alice } = members;

const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64");
const sha256 = (content: string) => createHash("sha256").update(content).digest();
const failed = (message: string | RegExp) =>
  refusal(
    400,
    "VerifySnpAttestationFailed",
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
  );
const mismatch = refusal(400, "ReportDataMismatch");
const strangerKey = base64(stranger.publicKey.export({ type: "spki", format: "pem" }).toString());

const rooms: readonly (readonly [string, CleanRoom])[] = [
  ["that was minted", cleanRoom(place, { contractId: "minted", key: ownKey })],
  [
    "that was minted for a clean room of the older generation",
    cleanRoom(place, { contractId: "older", key: olderKey, digestOf: "base64" }),
  ],
  ["that was minted for a key of RSA-3072", cleanRoom(place, { contractId: "large", key: largeKey })],
  ...genuineRooms.filter(({ hasRsaKey }) => hasRsaKey).map(({ name, room }) => [`that is genuine (${name})`, room] as const),
];

test.skipIf(genuineRooms.length > 0)(`genuine reports are absent ${whyNoGenuine}`, () => {
  expect(genuineRooms).toEqual([]);
});

const otherHost = "0".repeat(64);
for (const [, room] of rooms) {
  await contract(room.contractId, room.policy);
  await contract(`not-${room.contractId}`, { ...room.policy, "x-ms-sevsnpvm-hostdata": otherHost });
}
await contract("without-policy");

const released: string[] = [];
afterEach(async () => {
  for (const [, { contractId }] of rooms) {
    const { body } = await alice.call("GET", `/app/contracts/${contractId}/cleanroompolicy/delegates`);
    expect(body, "what was refused has changed something").toEqual({
      value: released.includes(contractId) ? [{ delegateType: "t", delegateId: "i" }] : [],
    });
  }
});

describe.each(rooms)("evidence %s", (_name, room) => {
  const { contractId } = room;
  const probe = (what: string, body: unknown, id = contractId) => call("POST", `/app/probes/${id}/${what}`, body);
  const withEvidence = (change: Partial<Record<keyof Attestation | "endorsed_tcb", unknown>>) =>
    room.attested({ attestation: { ...room.attestation, ...change } });
  const chain = (...pem: string[]) => withEvidence({ endorsements: base64(pem.join("")) });
  const delegate = (body: unknown) => call("PUT", `/app/contracts/${contractId}/cleanroompolicy/delegates/t/i`, body);
  const change = { type: "add", claims: room.policy };

  test("lets its clean room in, and shows the key that it binds", async () => {
    expect(await probe("room", room.attested())).toMatchObject({ status: 200, body: { contractId, publicKey: room.publicKeyPem } });
    expect(await probe("room", room.attested({ platform: "snp-caci" }))).toMatchObject({ status: 200 });
    expect(await probe("room", room.attested({ platform: null }))).toMatchObject({ status: 200 });
    expect(await probe("room?key=sign", room.signed({}))).toMatchObject({ status: 200, body: { publicKey: room.publicKeyPem } });
    expect(await probe("evidence", { attestation: room.attestation })).toMatchObject({
      status: 200,
      body: { "x-ms-sevsnpvm-hostdata": room.hostData, "x-ms-sevsnpvm-is-debuggable": false },
    });
  });

  test("may be written as base64 of URLs, without padding, and in lines", async () => {
    const url = (text: string | undefined) => bytes(text).toString("base64url");
    const lines = (text: string | undefined) => (text ?? "").replace(/.{76}/g, "$&\r\n");
    const { evidence, endorsements, uvm_endorsements } = room.attestation;
    for (const form of [url, lines]) {
      const rewritten = { evidence: form(evidence), endorsements: form(endorsements), uvm_endorsements: form(uvm_endorsements) };
      expect(await probe("evidence", withEvidence(rewritten))).toMatchObject({ status: 200 });
    }
  });

  test("brings the clean room what is encrypted for it, and nobody else can read it", async () => {
    const { status, body } = await probe("release?text=a secret, änd more", room.attested());
    expect(status).toBe(200);
    expect(room.unwrap((body as { value: unknown }).value)).toBe("a secret, änd more");
    expect(() => cleanRoom(place, { contractId }).unwrap((body as { value: unknown }).value)).toThrow();
  });

  test.each([
    ["report data", 0x50],
    ["launch measurement", 0x90],
    ["host data", 0xc0],
    ["guest policy", 0x08],
    ["reported TCB", 0x180],
    ["chip id", 0x1a0],
    ["signature", 0x2a0],
  ])("is refused with the %s changed by a bit", async (_field, at) => {
    const evidence = base64(flip(bytes(room.attestation.evidence), at));
    expect(await probe("room", withEvidence({ evidence }))).toMatchObject(failed("Chip certificate (VCEK) did not sign this attestation"));
  });

  test("is refused cut short, too long, empty, or when it is another text altogether", async () => {
    const report = bytes(room.attestation.evidence);
    for (const evidence of [report.subarray(1), Buffer.concat([report, Buffer.from([0])]), Buffer.alloc(0), Buffer.alloc(1184, 1)]) {
      expect(await probe("room", withEvidence({ evidence: base64(evidence) }))).toMatchObject(failed(/./));
    }
    expect(await probe("room", withEvidence({ evidence: "*" }))).toMatchObject(failed("attestation.evidence is not base64"));
    expect(await probe("room", withEvidence({ uvm_endorsements: "*" }))).toMatchObject(
      failed("attestation.uvm_endorsements is not base64"),
    );
    expect(await probe("room", withEvidence({ uvm_endorsements: "aGVsbG8=" }))).toMatchObject(failed("does not verify"));
  });

  test("is refused unless VCEK, ASK and ARK are there, each signed by the next", async () => {
    const [vcek, ask, ark] = certificates(bytes(room.attestation.endorsements));
    const broken = failed(/^attestation.endorsements is not the base64 of a PEM chain of VCEK, ASK and ARK, each signed by the next/);
    expect(await probe("evidence", chain(vcek, ask, ark))).toMatchObject({ status: 200 });
    for (const pem of [
      [withDamagedSignature(vcek), ask, ark],
      [vcek, withDamagedSignature(ask), ark],
      [vcek, ask],
      [vcek, ark],
      [vcek, ark, ask],
      [ark, ask, vcek],
      [vcek, ask, ark, ark],
      [vcek, vcek, ask, ark],
      [vcek, ask, ark, "and more"],
      ["before", vcek, ask, ark],
      ["hello"],
    ]) {
      expect(await probe("evidence", chain(...pem))).toMatchObject(broken);
    }
    for (const endorsements of [undefined, "", null]) {
      const body = withEvidence({ endorsements });
      const answer = endorsements === null ? refusal(400, "InvalidInput") : failed("attestation.endorsements is missing");
      expect(await probe("evidence", body)).toMatchObject(answer);
    }
  });

  test("is refused with the certificates of another platform", async () => {
    const foreign = VirtualTee.create().mint({ hostData: Buffer.from(room.hostData, "hex"), reportData: sha256("") });
    const others = [foreign.endorsements, ...rooms.map(([, { attestation }]) => attestation.endorsements)];
    for (const endorsements of others.filter((other) => other !== room.attestation.endorsements)) {
      expect(await probe("evidence", withEvidence({ endorsements }))).toMatchObject(failed("The attestation does not verify: "));
    }
    expect(await probe("evidence", { attestation: foreign })).toMatchObject(failed("not the expected one"));
  });

  test("is refused without the endorsements of what was launched, unless the policy names the measurement", async () => {
    const measurement = bytes(room.attestation.evidence).subarray(0x90, 0xc0).toString("hex");
    const pinned = `pinned-${contractId}`;
    await contract(pinned, { ...room.policy, "x-ms-sevsnpvm-launchmeasurement": measurement });
    for (const uvm_endorsements of [undefined, null, ""]) {
      const body = withEvidence({ uvm_endorsements });
      expect(await probe("room", body)).toMatchObject(failed("attestation.uvm_endorsements is missing: send it"));
      expect(await probe("room", body, pinned)).toMatchObject({ status: 200 });
    }
  });

  test("is refused where it runs under other host data than the contract wants, with what was found and wanted", async () => {
    expect(await probe("room", room.attested(), `not-${contractId}`)).toMatchObject(
      failed(`x-ms-sevsnpvm-hostdata is "${room.hostData}", the policy wants "${otherHost}"`),
    );
  });

  test("is refused for a contract that has no policy yet, before anything is verified", async () => {
    for (const body of [room.attested(), withEvidence({ evidence: "*" })]) {
      expect(await probe("room", body, "without-policy")).toMatchObject(failed(/has no clean room policy: propose set_clean_room_policy/));
    }
    expect(await probe("room", room.attested(), "no-such-contract")).toMatchObject(failed("has no clean room policy"));
  });

  test("is refused with another public key than the one that it binds", async () => {
    expect(await probe("room", room.attested({ encrypt: { publicKey: strangerKey } }))).toMatchObject(mismatch);
    expect(await probe("room", room.attested({ encrypt: { publicKey: base64(`${room.publicKeyPem}\n`) } }))).toMatchObject(mismatch);
    expect(await probe("room", room.attested({ encrypt: { publicKey: "*" } }))).toMatchObject(mismatch);
    expect(await probe("release", room.attested({ encrypt: { publicKey: strangerKey } }))).toMatchObject(mismatch);
    expect(await probe("room?key=sign", { ...room.signed({}), sign: { publicKey: strangerKey, signature: "" } })).toMatchObject(mismatch);
  });

  test("does not let anyone act who signs with a key of his own (24.1 no. 1)", async () => {
    const data = JSON.stringify(change);
    const own = { publicKey: strangerKey, signature: signature(data, stranger.privateKey) };
    expect(await delegate({ ...room.signed(change), sign: own })).toMatchObject(
      refusal(400, "ReportDataMismatch", expect.stringContaining("sign.publicKey is not the key that the evidence binds")),
    );
    const forged = { publicKey: room.publicKey, signature: own.signature };
    expect(await delegate({ ...room.signed(change), sign: forged })).toMatchObject(refusal(400, "SignatureMismatch"));
    expect(await delegate({ ...room.signed(change), data: base64(`${data} `) })).toMatchObject(refusal(400, "SignatureMismatch"));
  });

  test("does not let a signature with another padding, salt or hash pass", async () => {
    const data = JSON.stringify(change);
    const { privateKey } = room.key;
    const pkcs1 = sign("sha256", Buffer.from(data), privateKey).toString("base64");
    const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
    const sha512 = sign("sha512", Buffer.from(data), { ...pss, saltLength: 32 }).toString("base64");
    for (const wrong of [
      pkcs1,
      sha512,
      signature(data, privateKey, 0),
      signature(data, privateKey, 20),
      "AAAA",
      "*",
      "",
      null,
      undefined,
    ]) {
      const body = { ...room.signed(change), sign: { publicKey: room.publicKey, signature: wrong } };
      expect(await delegate(body)).toMatchObject(refusal(400, "SignatureMismatch"));
    }
    for (const sign of [undefined, null, {}]) {
      expect(await delegate({ ...room.signed(change), sign })).toMatchObject(refusal(400, "SignatureMismatch"));
    }
  });

  test("lets its clean room act once by a signature, and for one purpose (24.1 no. 6)", async () => {
    const body = room.signed(change);
    released.push(contractId);
    const first = await delegate(body);
    expect(first).toMatchObject({ status: 200 });
    expect(await delegate(body)).toMatchObject({ status: 200 });
    const elsewhere = `/app/contracts/${contractId}/cleanroompolicy/delegates/t/other`;
    expect(await call("PUT", elsewhere, body)).toMatchObject(refusal(409, "SignatureReused"));
    // The same signature, written in another way.
    const padded = { ...body, sign: { ...body.sign, signature: `${body.sign.signature}\n` } };
    expect(await call("PUT", elsewhere, padded)).toMatchObject(refusal(409, "SignatureReused"));
    expect(await delegate(padded)).toMatchObject({ status: 200 });
  });

  test("is asked for what is missing, and refused of another platform", async () => {
    const body = room.attested();
    for (const attestation of [undefined, null]) {
      expect(await probe("room", { ...body, attestation })).toMatchObject(refusal(400, "AttestationMissing"));
      expect(await probe("evidence", { attestation })).toMatchObject(refusal(400, "AttestationMissing"));
    }
    for (const encrypt of [undefined, null, {}, { publicKey: "" }, { publicKey: null }]) {
      expect(await probe("room", { ...body, encrypt })).toMatchObject(refusal(400, "EncryptionMissing"));
    }
    for (const sign of [undefined, null, {}]) {
      expect(await probe("room?key=sign", { ...body, sign })).toMatchObject(refusal(400, "SignatureMissing"));
    }
    for (const platform of ["snp-cvm", "sgx", "SNP-CACI", "__proto__"]) {
      expect(await probe("room", { ...body, platform })).toMatchObject(refusal(400, "UnsupportedPlatform"));
      expect(await probe("evidence", { ...body, platform })).toMatchObject(refusal(400, "UnsupportedPlatform"));
    }
    const cvm = {
      evidence: { tpmQuote: "AA==", hclReport: "AA==", snpReport: "AA==", aikCert: "AA==", pcrs: { 0: "AA==" } },
      nonce: "AA==",
    };
    expect(await probe("room", { ...body, platform: "snp-cvm", attestation: cvm })).toMatchObject(refusal(400, "UnsupportedPlatform"));
    expect(await probe("room", { ...body, attestation: cvm })).toMatchObject(failed("attestation.evidence is missing"));
    expect(await probe("room", withEvidence({ evidence: undefined }))).toMatchObject(failed("attestation.evidence is missing"));
  });

  test.each([
    ["attestation", { attestation: [] }],
    ["attestation/evidence", { attestation: { ...room.attestation, evidence: 5 } }],
    ["attestation/evidence", { attestation: { ...room.attestation, evidence: ["AA=="] } }],
    ["attestation/evidence", { attestation: { ...room.attestation, evidence: "A".repeat(5000) } }],
    ["attestation/endorsements", { attestation: { ...room.attestation, endorsements: {} } }],
    ["attestation/uvm_endorsements", { attestation: { ...room.attestation, uvm_endorsements: false } }],
    ["attestation/endorsed_tcb", { attestation: { ...room.attestation, endorsed_tcb: 1 } }],
    ["platform", { platform: 5 }],
    ["encrypt", { encrypt: 5 }],
    ["encrypt/publicKey", { encrypt: { publicKey: {} } }],
    ["sign", { sign: 1 }],
    ["sign/signature", { sign: { signature: 1 } }],
    ["data", { data: {} }],
  ])("is refused where %s has the wrong type or is too long", async (field, wrong) => {
    const answer = refusal(400, "InvalidInput", expect.stringMatching(new RegExp(`^body/${field} must `)));
    expect(await probe("signed", { ...room.signed({}), ...wrong })).toMatchObject(answer);
  });

  test("may name the TCB that it was endorsed for, which must then be the reported one", async () => {
    const reported = bytes(room.attestation.evidence).subarray(0x180, 0x188).toString("hex");
    expect(await probe("evidence", withEvidence({ endorsed_tcb: reported }))).toMatchObject({ status: 200 });
    expect(await probe("evidence", withEvidence({ endorsed_tcb: null }))).toMatchObject({ status: 200 });
    for (const endorsed_tcb of ["0".repeat(16), "", "zz"]) {
      expect(await probe("evidence", withEvidence({ endorsed_tcb }))).toMatchObject(failed(/TCB/));
    }
  });
});

describe("evidence is refused", () => {
  const contractId = "minted";
  const probe = (body: unknown) => call("POST", `/app/probes/${contractId}/room`, body);

  test("of a guest that may be debugged", async () => {
    const room = cleanRoom(place, { contractId, report: { debug: true } });
    expect(await probe(room.attested())).toMatchObject(failed("debugging must not be enabled"));
  });

  test("when its report data hold more than the digest", async () => {
    const { key } = cleanRoom(place, { contractId });
    const digest = sha256(key.publicKey.export({ type: "spki", format: "pem" }).toString());
    for (const reportData of [Buffer.concat([digest, Buffer.from([1])]), Buffer.from(flip(digest, 31)), Buffer.alloc(64)]) {
      expect(await probe(cleanRoom(place, { contractId, key, report: { reportData } }).attested())).toMatchObject(mismatch);
    }
  });

  test("when it binds a text that is no public key, though that is what was sent", async () => {
    const noKey = refusal(400, "ReportDataMismatch", expect.stringContaining("no public key PEM"));
    const certificate = alice.certificate;
    for (const publicKeyPem of ["hello", certificate, "", `\n${alice.certificate}`]) {
      const expected = publicKeyPem === "" ? refusal(400, "EncryptionMissing") : noKey;
      expect(await probe(cleanRoom(place, { contractId, publicKeyPem }).attested())).toMatchObject(expected);
    }
  });

  test("when endorsements are those of another image, publisher or release", async () => {
    const launched = cleanRoom(place, { contractId, report: { measurement: Buffer.alloc(48, 9) } });
    const other = cleanRoom(place, { contractId });
    const swapped = { ...launched.attestation, uvm_endorsements: other.attestation.uvm_endorsements };
    expect(await probe(launched.attested())).toMatchObject({ status: 200 });
    expect(await probe(launched.attested({ attestation: swapped }))).toMatchObject(failed(/Launch measurement in UVM endorsements/));
    for (const uvm of [{ svn: 99 }, { feed: "another" }]) {
      expect(await probe(cleanRoom(place, { contractId, report: { uvm } }).attested())).toMatchObject(failed(/UVM roots of trust/));
    }
  });
});

test("a key that is not RSA is bound all the same, but nothing can be wrapped or signed with it", async () => {
  const key = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const curves = [cleanRoom(place, { contractId: "minted", key })];
  for (const room of [...curves, ...genuineRooms.filter(({ hasRsaKey }) => !hasRsaKey).map((genuine) => genuine.room)]) {
    const { contractId } = room;
    if (contractId !== "minted") await contract(contractId, room.policy);
    const probe = (what: string, body: unknown) => call("POST", `/app/probes/${contractId}/${what}`, body);
    expect(await probe("room", room.attested())).toMatchObject({ status: 200, body: { publicKey: room.publicKeyPem } });
    expect(await probe("release?text=a", room.attested())).toMatchObject(
      refusal(400, "InvalidInput", expect.stringMatching(/^body\/encrypt\/publicKey /)),
    );
    const data = base64("{}");
    const signed = sign("sha256", Buffer.from("{}"), { key: room.key.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64");
    const body = room.attested({ data, sign: { publicKey: room.publicKey, signature: signed } });
    expect(await probe("signed", body)).toMatchObject(refusal(400, "SignatureMismatch", expect.stringContaining("no RSA key")));
  }
});

test("signed data must be there, base64, JSON, and of reasonable depth", async () => {
  const room = cleanRoom(place, { contractId: "minted" });
  const probe = (body: unknown) => call("POST", "/app/probes/minted/signed", body);
  for (const data of [undefined, null, ""]) expect(await probe({ ...room.signed({}), data })).toMatchObject(refusal(400, "DataMissing"));
  expect(await probe({ ...room.signed({}), data: "*" })).toMatchObject(refusal(400, "InvalidInput", "body/data is not base64"));
  for (const text of ["{", "'", "\u0000", " "]) {
    expect(await probe(room.signed(text))).toMatchObject(refusal(400, "InvalidInput", "data is not the base64 of JSON"));
  }
  const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
  expect(await probe(room.signed(deep))).toMatchObject(refusal(400, "InvalidInput", "data is nested more than 64 levels deep"));
  for (const json of [null, 0, "täxt", [1], { "a b": [{}] }, "x".repeat(100_000)]) {
    const text = JSON.stringify(json);
    expect(await probe(room.signed(text))).toMatchObject({ status: 200, body: { data: json } });
  }
});

test("claims of genuine reports are those of the report", async () => {
  for (const { room, measurement } of genuineRooms) {
    await contract(`claims-${room.contractId}`, room.policy);
    const { body } = await call("POST", `/app/probes/claims-${room.contractId}/evidence`, room.attested());
    const report = bytes(room.attestation.evidence);
    expect(body).toMatchObject({
      "x-ms-ver": String(report.readUInt32LE(0)),
      "x-ms-sevsnpvm-guestsvn": report.readUInt32LE(4),
      "x-ms-sevsnpvm-smt-allowed": true,
      "x-ms-sevsnpvm-is-debuggable": false,
      "x-ms-sevsnpvm-vmpl": 0,
      "x-ms-sevsnpvm-reportdata": report.subarray(0x50, 0x90).toString("hex"),
      "x-ms-sevsnpvm-launchmeasurement": measurement,
      "x-ms-sevsnpvm-idkeydigest": report.subarray(0xe0, 0x110).toString("hex"),
      "x-ms-sevsnpvm-authorkeydigest": report.subarray(0x110, 0x140).toString("hex"),
      "x-ms-sevsnpvm-reportid": report.subarray(0x140, 0x160).toString("hex"),
      "x-ms-sevsnpvm-familyId": `01${"0".repeat(30)}`,
      "x-ms-sevsnpvm-imageId": `02${"0".repeat(30)}`,
      "uvm_endorsements-did": expect.stringMatching(/^did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:/) as unknown,
      "uvm_endorsements-feed": "ContainerPlat-AMD-UVM",
      "uvm_endorsements-svn": expect.stringMatching(/^10\d$/) as unknown,
    });
    expect(body).not.toHaveProperty("constructor");
    expect(body).not.toHaveProperty("x-ms-other");
  }
});

test("a signature cannot be used again without the zeros that it begins with (24.1 no. 6)", async () => {
  const [, room] = rooms[0] ?? [];
  if (!room) throw new Error("there is no clean room");
  const data = JSON.stringify({ type: "add", claims: { "x-ms-sevsnpvm-hostdata": otherHost } });
  let signed: Buffer;
  do signed = bytes(signature(data, room.key.privateKey));
  while (signed[0] !== 0); // one in 256
  const use = (id: string, used: Uint8Array) => {
    const body = { ...room.signed(data), sign: { publicKey: room.publicKey, signature: base64(used) } };
    return call("PUT", `/app/contracts/${room.contractId}/cleanroompolicy/delegates/t/${id}`, body);
  };
  released.push(room.contractId);
  expect(await use("i", signed)).toMatchObject({ status: 200 });
  expect(await use("other", signed.subarray(1))).toMatchObject(refusal(409, "SignatureReused"));
});
