import { createPrivateKey, createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Attestation } from "../../sandbox/index.js";
import { CleanRoom } from "../support/cleanRoom.js";

/** Where genuine reports are looked for: a folder with `index.json`, and one folder a report with its keys. */
const folder = process.env.CLEANROOM_ATTESTATION_DIR ?? resolve(import.meta.dirname, "../../../shared/attestation");

export const whyNoGenuine = `(no genuine reports in ${folder}; set CLEANROOM_ATTESTATION_DIR)`;

type Vector = {
  readonly id: string;
  readonly directory: string;
  readonly key: string;
  readonly host_data: string;
  readonly measurement: string;
};

const vectors = existsSync(join(folder, "index.json"))
  ? (JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { readonly vectors: readonly Vector[] }).vectors
  : [];

/** A clean room that ran on genuine hardware, whose keys were published. */
export type GenuineRoom = { readonly name: string; readonly hasRsaKey: boolean; readonly room: CleanRoom; readonly measurement: string };

export const genuineRooms: readonly GenuineRoom[] = vectors.map(({ id, directory, key, host_data, measurement }) => {
  const file = (name: string) => readFileSync(join(folder, directory, name), "utf8");
  const attestation = JSON.parse(file("attestation.json")) as Attestation;
  const publicKeyPem = file("pub_key.pem");
  const room = new CleanRoom(
    { attest: () => attestation },
    {
      contractId: `of-${id}`,
      hostData: host_data,
      key: { publicKey: createPublicKey(publicKeyPem), privateKey: createPrivateKey(file("priv_key.pem")) },
      publicKeyPem,
    },
  );
  return { name: id, hasRsaKey: key.startsWith("RSA"), room, measurement };
});
