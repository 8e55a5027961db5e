import { constants, createDecipheriv, createHash, generateKeyPairSync, privateDecrypt, sign, type KeyObject } from "node:crypto";
import type { Action } from "../../client/governance/proposal.js";
import type { Attestation, AttestRequest, Sandbox } from "../../sandbox/index.js";
import { agree, setContract, type Party } from "./party.js";

export type CleanRoomOptions = {
  readonly contractId: string;
  /** 64 hexadecimal digits; by default those of the one container policy that all clean rooms of the tests run under. */
  readonly hostData?: string;
  /** What the report data are the digest of: the PEM, or its base64, as clean rooms of the older generation have it. */
  readonly digestOf?: "pem" | "base64";
  /** Whatever else the report is to say. */
  readonly report?: Partial<AttestRequest>;
  /** Another key than a new one of RSA-2048. */
  readonly key?: Pair;
  /** The PEM to the letter, where the digest was made of one that is not written as here. */
  readonly publicKeyPem?: string;
};

export type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** What identifies a clean room of the tests unless they say otherwise. */
export const HOST_DATA = createHash("sha256").update("the container policy of the tests").digest("hex");

export const newKey = (): Pair => generateKeyPairSync("rsa", { modulusLength: 2048 });

export const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString("base64");

/** What a clean room puts into the body of a request. */
export type AttestedBody = { readonly attestation: Attestation; readonly encrypt: { readonly publicKey: string } };
export type SignedBody = AttestedBody & {
  readonly sign: { readonly publicKey: string; readonly signature: string };
  readonly data: string;
};

/** RSASSA-PSS with SHA-256 and a salt of 32 bytes, base64. */
export function signature(data: string | Uint8Array, key: KeyObject, saltLength = 32): string {
  return base64(sign("sha256", Buffer.from(data), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }));
}

/** A clean room that runs under the virtual TEE of a service: it speaks as stock clean rooms do. */
export class CleanRoom {
  readonly contractId: string;
  readonly hostData: string;
  readonly key: Pair;
  readonly publicKeyPem: string;
  /** The base64 of the PEM, as requests carry it. */
  readonly publicKey: string;
  readonly attestation: Attestation;

  constructor(service: Pick<Sandbox, "attest">, options: CleanRoomOptions) {
    const { contractId, hostData = HOST_DATA, digestOf = "pem", report, key, publicKeyPem } = options;
    this.contractId = contractId;
    this.hostData = hostData;
    this.key = key ?? newKey();
    this.publicKeyPem = publicKeyPem ?? this.key.publicKey.export({ type: "spki", format: "pem" }).toString();
    this.publicKey = base64(this.publicKeyPem);
    const reportData = createHash("sha256")
      .update(digestOf === "pem" ? this.publicKeyPem : this.publicKey)
      .digest();
    this.attestation = service.attest({ hostData: Buffer.from(hostData, "hex"), reportData, ...report });
  }

  /** The body of a request that needs no signature. */
  attested<Extra extends object>(extra: Extra = {} as Extra): AttestedBody & Extra {
    return { attestation: this.attestation, encrypt: { publicKey: this.publicKey }, ...extra };
  }

  /** The body of a request with data that the clean room has signed; a text is signed as it is. */
  signed<Extra extends object>(json: unknown, extra: Extra = {} as Extra): SignedBody & Extra {
    const data = typeof json === "string" ? json : JSON.stringify(json);
    const signed = { sign: { publicKey: this.publicKey, signature: signature(data, this.key.privateKey) }, data: base64(data) };
    return { ...this.attested(extra), ...signed };
  }

  /** Decrypts the `value` of an answer as stock clean rooms do. @throws Error unless it was wrapped for this one */
  unwrap(value: unknown): string {
    if (typeof value !== "string") throw new Error("there is no value");
    const wrapped = Buffer.from(value, "base64");
    const modulus = (this.key.privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    const oaep = { key: this.key.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    const aesKey = privateDecrypt(oaep, wrapped.subarray(0, modulus));
    const aes = createDecipheriv("id-aes256-wrap-pad", aesKey, Buffer.from("A65959A6", "hex")); // RFC 5649, 3
    return Buffer.concat([aes.update(wrapped.subarray(modulus)), aes.final()]).toString("utf8");
  }

  /** The claims by which a policy lets this clean room in. */
  get policy(): Readonly<Record<string, unknown>> {
    return { "x-ms-sevsnpvm-hostdata": this.hostData, "x-ms-sevsnpvm-is-debuggable": false };
  }

  /** What members propose to let it in. */
  get setPolicy(): Action {
    return setCleanRoomPolicy(this.contractId, this.policy);
  }
}

export const setCleanRoomPolicy = (
  contractId: string,
  claims: Readonly<Record<string, unknown>>,
  type: "add" | "remove" = "add",
): Action => ({ name: "set_clean_room_policy", args: { contractId, type, claims } });

/** A service with a virtual TEE: `consortium(people, end, { virtualTee: true })`. */
type Place = { readonly service: Pick<Sandbox, "attest"> };

export const cleanRoom = ({ service }: Place, options: CleanRoomOptions): CleanRoom => new CleanRoom(service, options);

/** An accepted contract, and a clean room that its policy lets in. */
export async function agreedRoom(place: Place, parties: readonly [Party, ...Party[]], options: CleanRoomOptions): Promise<CleanRoom> {
  const room = cleanRoom(place, options);
  await agree(parties, setContract(options.contractId));
  await agree(parties, room.setPolicy);
  return room;
}
