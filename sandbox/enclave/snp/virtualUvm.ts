import { encode, Tag } from "cbor2";
import { sign, type KeyObject } from "node:crypto";
import { ES384, sigStructure } from "./coseSign1.js";
import { UVM_CLAIMS, UVM_CONTENT_TYPE, UVM_HEADER } from "./uvm.js";

export type UvmSigner = {
  /** Its did:x509. */
  readonly did: string;
  /** DER certificates, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** P-384, of the leaf. */
  readonly key: KeyObject;
};

/** Endorsements of a utility VM image: who signs, what it is called, its security version and its launch measurement. */
export function signUvmEndorsements(signer: UvmSigner, feed: string, svn: number, measurement: Uint8Array): Uint8Array {
  const header = new Map<number | string, unknown>([
    [UVM_HEADER.alg, ES384],
    [UVM_HEADER.contentType, UVM_CONTENT_TYPE],
    [UVM_HEADER.x5chain, signer.chain.map((der) => new Uint8Array(der))],
    [UVM_HEADER.iss, signer.did],
    [UVM_HEADER.feed, feed],
  ]);
  const claims = { [UVM_CLAIMS.measurement]: Buffer.from(measurement).toString("hex"), [UVM_CLAIMS.svn]: String(svn) };
  const protectedBytes = encode(header);
  const payload = new Uint8Array(Buffer.from(JSON.stringify(claims)));
  const signature = sign("sha384", sigStructure(protectedBytes, payload), { key: signer.key, dsaEncoding: "ieee-p1363" });
  return encode(new Tag(18, [protectedBytes, new Map(), payload, new Uint8Array(signature)]));
}
