import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordedRoom, type Recording } from "../../cleanroom/evidence/recorded.js";
import { reportDataOf } from "../../cleanroom/evidence/source.js";
import { contents } from "../../cleanroom/room.js";
import { newKeyPair } from "../../cleanroom/keys.js";
import { unwrap } from "../../cleanroom/unwrap.js";
import { genuineRooms, whyNoGenuine } from "../attestation/genuine.js";
import { HOST_DATA, setCleanRoomPolicy } from "../support/cleanRoom.js";
import { agree } from "../support/party.js";
import { agentFor, world } from "./world.js";

const { place, members, both } = await world(afterAll);
const [keys, others] = await Promise.all([newKeyPair(), newKeyPair()]);
const pem = ({ privateKey }: typeof keys) => privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const reportData = reportDataOf(contents.base64(keys));
const { evidence, endorsements, uvm_endorsements } = place.service.attest({ hostData: Buffer.from(HOST_DATA, "hex"), reportData });

const recording: Recording = {
  report: JSON.stringify({ attestation: evidence, platformCertificates: endorsements, uvmEndorsements: uvm_endorsements }),
  privateKey: pem(keys),
  publicKey: keys.publicKeyPem,
};
let secretId: string;
beforeAll(async () => {
  const { body } = await members.alice.call("PUT", "/app/contracts/c1/secrets/s", { value: "for the recorded" });
  secretId = (body as { secretId: string }).secretId;
});

describe("a recorded clean room", () => {
  test.each([
    ["stock clean rooms write it", recording],
    ["the service takes it", { ...recording, report: JSON.stringify({ evidence, endorsements, uvm_endorsements }) }],
  ])("is the clean room that it was, recorded as %s", async (_, files) => {
    const room = recordedRoom(files);
    const workload = await agentFor(place.service, afterAll, { room: () => Promise.resolve(room) });
    expect(await workload.call("POST", `/secrets/${secretId}`)).toMatchObject({ status: 200, body: { value: "for the recorded" } });
  });

  test.each([
    ["the keys of another", { privateKey: pem(others), publicKey: others.publicKeyPem }, "InvalidEvidence"],
    ["a public key with another newline", { publicKey: `${keys.publicKeyPem}\n` }, "InvalidEvidence"],
    ["the private key of another", { privateKey: pem(others) }, "InvalidKey"],
    ["a public key that is none", { publicKey: "hello" }, "InvalidKey"],
    ["a report that is not JSON", { report: "{" }, "InvalidEvidence"],
    ["a report that is null", { report: "null" }, "InvalidEvidence"],
  ])("with %s is refused", (_, change, code) => {
    expect(() => recordedRoom({ ...recording, ...change })).toThrow(expect.objectContaining({ code }) as Error);
  });

  test.each([
    ["stock clean rooms write it", { attestation: evidence, platformCertificates: endorsements, uvmEndorsements: null }],
    ["the service takes it", { evidence, endorsements, uvm_endorsements: null }],
  ])("whose utility VM nothing endorses is taken, recorded with null as %s", (_, report) => {
    expect(recordedRoom({ ...recording, report: JSON.stringify(report) }).attestation).toEqual({ evidence, endorsements });
  });

  test.each([
    [{ evidence }, 'the recorded evidence has no "platformCertificates"'],
    [{ attestation: null, platformCertificates: endorsements }, 'the recorded evidence has no "attestation"'],
    [{ attestation: 5, platformCertificates: endorsements }, '"attestation" of the recorded evidence is not a base64 text'],
    [{ evidence, endorsements: [endorsements] }, '"endorsements" of the recorded evidence is not a base64 text'],
    [{ evidence, endorsements, uvmEndorsements: {} }, '"uvmEndorsements" of the recorded evidence is not a base64 text'],
  ])("is refused with the name of the field at fault (case %#)", (report, message) => {
    const taking = (): unknown => recordedRoom({ ...recording, report: JSON.stringify(report) });
    expect(taking).toThrow(expect.objectContaining({ code: "InvalidEvidence", message }) as Error);
  });
});

test.each(["", "AAAA", Buffer.alloc(300, 7).toString("base64")])(
  "what was not encrypted for a key is not decrypted with it: %j",
  (value) => {
    expect(() => unwrap(keys, value)).toThrow(expect.objectContaining({ code: "NotForThisKey" }) as Error);
  },
);

test.skipIf(genuineRooms.length > 0)(`genuine reports are absent ${whyNoGenuine}`, () => {
  expect(genuineRooms).toEqual([]);
});

describe.each(genuineRooms.filter(({ hasRsaKey }) => hasRsaKey))(
  "the genuine clean room $name",
  ({ room: { attestation, key, hostData, publicKeyPem } }) => {
    test("is believed, and gets what was released for it", async () => {
      await agree(both, setCleanRoomPolicy("c1", { "x-ms-sevsnpvm-hostdata": hostData }));
      const room = recordedRoom({
        report: JSON.stringify(attestation),
        privateKey: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        publicKey: publicKeyPem,
      });
      const workload = await agentFor(place.service, afterAll, { room: () => Promise.resolve(room) });
      expect(await workload.call("POST", "/consentcheck/execution")).toMatchObject({ status: 200, body: { status: "enabled" } });
      expect(await workload.call("POST", `/secrets/${secretId}`)).toMatchObject({ status: 200, body: { value: "for the recorded" } });
      expect(await workload.call("PUT", "/events", { by: "genuine" })).toMatchObject({ status: 200 });
    });
  },
);
