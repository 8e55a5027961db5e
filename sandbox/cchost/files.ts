import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Genesis, InitialMember } from "../messages.js";

/** Files that a node reads when it starts, by their paths. */
export type GenesisFiles = {
  readonly members: readonly MemberFiles[];
  readonly constitution: string;
};

/** Under the names that the configuration of a node has for them. */
export type MemberFiles = {
  readonly certificate_file: string;
  readonly encryption_public_key_file?: string;
  readonly data_json_file?: string;
};

/** Writes what a fresh service is made of into files, which is how CCF takes it. */
export async function writeGenesis(directory: string, { members, constitution }: Genesis): Promise<GenesisFiles> {
  const folder = join(directory, "members");
  await mkdir(folder);
  const constitutionFile = join(directory, "constitution.js");
  await writeFile(constitutionFile, constitution);
  return {
    members: await Promise.all(members.map((member, index) => writeMember(join(folder, `member${index}`), member))),
    constitution: constitutionFile,
  };
}

/** @param stem path of the member's files without their endings */
async function writeMember(stem: string, { certificate, encryptionPublicKey, data }: InitialMember): Promise<MemberFiles> {
  const write = async (ending: string, content: string): Promise<string> => {
    await writeFile(`${stem}${ending}`, content);
    return `${stem}${ending}`;
  };
  return {
    certificate_file: await write("_cert.pem", certificate),
    ...(encryptionPublicKey !== undefined && { encryption_public_key_file: await write("_enc_pubk.pem", encryptionPublicKey) }),
    ...(data !== undefined && { data_json_file: await write("_data.json", JSON.stringify(data)) }),
  };
}
