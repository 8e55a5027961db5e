import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt } from "jose";
import { beforeAll, expect, test } from "vitest";
import { liveAttester, recordedAttester } from "../../../cleanroom/runner/attester.js";
import { attestedRoom, contents, type Content, type Room } from "../../../cleanroom/room.js";
import { reportDataOf, type EvidenceSource } from "../../../cleanroom/evidence/source.js";
import { VirtualTee } from "../../../sandbox/enclave/snp/virtual.js";
import { genuineRooms, whyNoGenuine } from "../../attestation/genuine.js";
import { hostData, localCloud, refusalOf, type LocalSetting } from "./support.js";

const tee = VirtualTee.create();
let at: LocalSetting;
beforeAll(async () => {
  at = await localCloud([tee]);
  return at.close;
}, 60_000);

const platform: EvidenceSource = {
  evidence: (content) => Promise.resolve(tee.mint({ hostData: Buffer.from(hostData, "hex"), reportData: reportDataOf(content) })),
};

test("a platform that attests what it is asked for has a new key attested for what is to be released", async () => {
  const { evidence } = await liveAttester(platform).wrapping();
  expect(decodeJwt(await at.cloud.attest(at.attestation, evidence))).toMatchObject({ "x-ms-sevsnpvm-hostdata": hostData });
});

test.each(Object.keys(contents) as Content[])(
  "evidence that was recorded about a key is believed of that key, bound as %s",
  async (content) => {
    const { evidence } = await recordedAttester(await attestedRoom(platform, content)()).wrapping();
    const { "x-ms-runtime": runtime } = decodeJwt(await at.cloud.attest(at.attestation, evidence));
    expect(runtime).toEqual(JSON.parse(Buffer.from(evidence.runtimeData).toString("utf8")));
  },
);

test("recorded evidence is not believed of another key, nor of one beside others", async () => {
  const { evidence } = await recordedAttester(await attestedRoom(platform)()).wrapping();
  const own = (JSON.parse(Buffer.from(evidence.runtimeData).toString("utf8")) as { keys: object[] }).keys;
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  for (const keys of [[other], [...own, other], [other, ...own], []]) {
    const runtimeData = Buffer.from(JSON.stringify({ keys }));
    expect(await refusalOf(at.cloud.attest(at.attestation, { ...evidence, runtimeData }))).toMatch(
      /^AttestationFailed: .*hash of runtimeData/,
    );
  }
});

const rsaRooms = genuineRooms.filter(({ hasRsaKey }) => hasRsaKey);
test.skipIf(rsaRooms.length === 0)(
  `genuine recorded evidence is believed of its key ${rsaRooms.length === 0 ? whyNoGenuine : ""}`,
  async () => {
    for (const { room } of rsaRooms) {
      const recorded: Room = { keys: { privateKey: room.key.privateKey, publicKeyPem: room.publicKeyPem }, attestation: room.attestation };
      const { evidence, privateKey } = await recordedAttester(recorded).wrapping();
      expect(decodeJwt(await at.cloud.attest(at.attestation, evidence))).toMatchObject({ "x-ms-sevsnpvm-hostdata": room.hostData });
      expect(createPublicKey(privateKey as never).equals(createPublicKey(room.publicKeyPem))).toBe(true);
    }
  },
);
