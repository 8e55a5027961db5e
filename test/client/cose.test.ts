import { createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { decode, Tag } from "cbor2";
import { expect, test } from "vitest";
import { signMessage } from "../../client/cose.js";
import { identityOf } from "../../client/identity.js";
import { member } from "./authority.js";

type Envelope = { protectedHeader: Uint8Array; unprotected: unknown; payload: Uint8Array; signature: Uint8Array };

function open(envelope: Uint8Array): Envelope {
  expect(envelope[0]).toBe(0xd2); // tag 18 in one byte, as CCF insists
  const [protectedHeader, unprotected, payload, signature] = decode<Tag>(envelope).contents as [
    Uint8Array,
    unknown,
    Uint8Array,
    Uint8Array,
  ];
  return { protectedHeader, unprotected, payload, signature };
}

/** A CBOR byte string (RFC 8949 section 3), written by hand: what is signed must not depend on the encoder under test. */
function byteString(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  const head = length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

const curves = [
  ["P-256", -7, "sha256", 64],
  ["P-384", -35, "sha384", 96],
  ["P-521", -36, "sha512", 132],
] as const;

test.each(curves)("a message signed with a %s key verifies over the structure that RFC 9052 prescribes", async (curve, alg, hash, size) => {
  const signer = member("alice", curve);
  const payload = Buffer.from('{"ballot":"…"}');
  const { protectedHeader, signature } = open(await signMessage(signer, { type: "ballot", payload, proposalId: "ab".repeat(32) }));
  const signed = Buffer.concat([
    Buffer.from("846a5369676e617475726531", "hex"),
    byteString(protectedHeader),
    byteString(Buffer.alloc(0)),
    byteString(payload),
  ]);

  expect(decode<Map<number, unknown>>(protectedHeader).get(1)).toBe(alg);
  expect(signature).toHaveLength(size);
  expect(verify(hash, signed, { key: createPublicKey(signer.certificate), dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
  signed.writeUInt8(signed.readUInt8(signed.length - 1) ^ 1, signed.length - 1);
  expect(verify(hash, signed, { key: createPublicKey(signer.certificate), dsaEncoding: "ieee-p1363" }, signature)).toBe(false);
});

test("all headers are protected, in the order and with the labels of the stock clients", async () => {
  const signer = member("alice");
  const before = Math.floor(Date.now() / 1000);
  const { protectedHeader, unprotected } = open(
    await signMessage(signer, { type: "withdrawal", payload: new Uint8Array(), proposalId: "1234" }),
  );
  const after = Math.floor(Date.now() / 1000);
  const header = decode<Map<number | string, unknown>>(protectedHeader);

  expect([...header.keys()]).toEqual([1, 4, "ccf.gov.msg.type", "ccf.gov.msg.created_at", "ccf.gov.msg.proposal_id"]);
  const digest = createHash("sha256").update(new X509Certificate(signer.certificate).raw).digest("hex");
  expect(Buffer.from(header.get(4) as Uint8Array).toString("ascii")).toBe(digest);
  expect(header.get("ccf.gov.msg.type")).toBe("withdrawal");
  expect(header.get("ccf.gov.msg.proposal_id")).toBe("1234"); // a text even where it is all digits
  expect(header.get("ccf.gov.msg.created_at")).toBeGreaterThanOrEqual(before);
  expect(header.get("ccf.gov.msg.created_at")).toBeLessThanOrEqual(after);
  expect(unprotected).toEqual({});
});

test("a proposal names no proposal id, and its payload is carried as it is", async () => {
  const payload = Buffer.from('{"actions":[{"name":"x","args":{"text":"Größe 😀"}}]}', "utf8");
  const envelope = open(await signMessage(member("alice"), { type: "proposal", payload }));
  expect(decode<Map<number | string, unknown>>(envelope.protectedHeader).has("ccf.gov.msg.proposal_id")).toBe(false);
  expect(Buffer.from(envelope.payload).equals(payload)).toBe(true);
});

test("a key that does not belong to the certificate is refused", () => {
  const [alice, bob] = [member("alice"), member("bob")];
  expect(() => identityOf(alice.certificate, bob.keyPem)).toThrow(expect.objectContaining({ code: "KeyMismatch" }));
  expect(() => identityOf("nonsense", bob.keyPem)).toThrow(expect.objectContaining({ code: "InvalidCertificate" }));
  expect(() => identityOf(alice.certificate, "nonsense")).toThrow(expect.objectContaining({ code: "InvalidKey" }));
});
