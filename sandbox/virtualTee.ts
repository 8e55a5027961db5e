import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MintedEvidence, MintOptions, VirtualTee, VirtualTeeState } from "./enclave/snp/virtual.js";
import { SandboxError } from "./error.js";
import { writeDurably } from "./host/ledger/durable.js";

const FILE = "virtual-tee.json";

/** What goes to the log of a service with a virtual TEE, and to whoever starts it. */
export const VIRTUAL_TEE_WARNING =
  "WARNING: virtual TEE: this service believes attestation evidence that whoever runs it can make up. " +
  "No attestation policy protects anything here. For development and tests only.";

/** What the evidence is to say. */
export type AttestRequest = Omit<MintOptions, "uvm"> & {
  /** What the endorsements of the utility VM say; `false` leaves them out. */
  readonly uvm?: NonNullable<MintOptions["uvm"]> | false;
};

/** What a clean room sends as `attestation`, all base64. */
export type Attestation = Pick<MintedEvidence, "evidence" | "endorsements"> & Partial<Pick<MintedEvidence, "uvm_endorsements">>;

/**
 * The virtual TEE of a service: the one that its directory holds, otherwise a new one, which is kept there.
 *
 * @throws SandboxError for a file that cannot be read as one
 */
export async function openVirtualTee(dir: string | undefined): Promise<VirtualTee> {
  const { VirtualTee } = await import("./enclave/snp/virtual.js"); // with the makers of certificates that nobody else needs
  if (dir === undefined) return VirtualTee.create();
  const file = join(dir, FILE);
  const kept = await read(file);
  if (kept !== undefined) {
    try {
      return VirtualTee.fromJSON(JSON.parse(kept) as VirtualTeeState);
    } catch (cause) {
      throw new SandboxError(`${file} holds no virtual TEE; without the file the service gets a new one`, { cause });
    }
  }
  const tee = VirtualTee.create();
  await writeDurably(file, JSON.stringify(tee), 0o600);
  return tee;
}

/** @throws SandboxError, RangeError (see `Sandbox.attest`) */
export function attest(tee: VirtualTee | undefined, { uvm, ...request }: AttestRequest): Attestation {
  if (!tee) throw new SandboxError("this sandbox has no virtual TEE: it was started without the switch for it");
  const { evidence, endorsements, uvm_endorsements } = tee.mint({ ...request, ...(uvm && { uvm }) });
  return { evidence, endorsements, ...(uvm !== false && { uvm_endorsements }) };
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
