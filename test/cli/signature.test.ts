import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { signatureIn } from "../../cli/signature.js";
import { algorithmFor } from "../../client/signingAlgorithm.js";

const content = Buffer.from("what is to be signed");

const curves = ["P-256", "P-384", "P-521"] as const;
const layouts = ["ieee-p1363", "der"] as const;
const encodings = {
  bytes: (signature: Buffer) => signature,
  hex: (signature: Buffer) => Buffer.from(`${signature.toString("hex")}\n`),
  "hex in capitals": (signature: Buffer) => Buffer.from(signature.toString("hex").toUpperCase()),
  base64: (signature: Buffer) => Buffer.from(`${signature.toString("base64")}\n`),
  "base64 on lines": (signature: Buffer) => Buffer.from(signature.toString("base64").replace(/.{64}/g, "$&\r\n")),
  base64url: (signature: Buffer) => Buffer.from(signature.toString("base64url")),
};

const cases = curves.flatMap((curve) =>
  layouts.flatMap((layout) => (Object.keys(encodings) as (keyof typeof encodings)[]).map((encoding) => [curve, layout, encoding] as const)),
);

test.each(cases)("a %s signature is read as %s in %s", (curve, layout, encoding) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const algorithm = algorithmFor(publicKey);
  for (let time = 0; time < 10; time++) {
    const signature = sign(algorithm.hash, content, { key: privateKey, dsaEncoding: layout });
    expect(signatureIn(encodings[encoding](signature), algorithm, content, publicKey)).toHaveLength(2 * algorithm.size);
  }
});

test("r and s that begin with zeros, which DER leaves out, get them back", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = algorithmFor(publicKey);
  const sizes = new Set<number>();
  while (!sizes.has(69)) {
    const signature = sign("sha256", content, { key: privateKey, dsaEncoding: "der" });
    sizes.add(signature.length);
    expect(signatureIn(signature, algorithm, content, publicKey)).toHaveLength(64);
  }
});

test("what is no signature, or another's, or of something else, is none", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const { privateKey: another } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const algorithm = algorithmFor(publicKey);
  const good = sign("sha384", content, { key: privateKey, dsaEncoding: "der" });
  const none = [
    Buffer.alloc(0),
    Buffer.from("no signature at all"),
    Buffer.alloc(96),
    good.subarray(0, -1),
    Buffer.concat([good, Buffer.of(0)]),
    ...[0, 1, 2, 3].map((length) => good.subarray(0, length)),
    Buffer.of(0x30, 0x02, 0x02, 0x80),
    sign("sha384", content, { key: another, dsaEncoding: "der" }),
    sign("sha384", Buffer.from("something else"), { key: privateKey, dsaEncoding: "ieee-p1363" }),
  ];
  for (const output of none) expect(signatureIn(output, algorithm, content, publicKey)).toBeUndefined();
});
