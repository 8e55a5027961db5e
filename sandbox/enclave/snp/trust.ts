import type { Report } from "./report.js";

/** A signer of UVM (utility VM) images that is believed. */
export type UvmRootOfTrust = {
  /** The signer, as did:x509. */
  readonly did: string;
  readonly feed: string;
  /** The lowest security version believed. */
  readonly svn: number;
};

/** Roots that are trusted besides the vendors': those of a `VirtualTee`, say. JSON. */
export type ExtraRoot = {
  /** SHA-256 of the root certificate's SubjectPublicKeyInfo (DER), in hexadecimal. It may endorse any product. */
  readonly rootKeyId: string;
  readonly uvm: readonly UvmRootOfTrust[];
};

type Product = "Milan" | "Genoa";

/**
 * Key ids (see `ExtraRoot.rootKeyId`) of AMD's root keys, ARK-Milan and ARK-Genoa, published at https://kdsintf.amd.com/vcek/v1/{product}/cert_chain.
 */
const AMD_ROOTS: Readonly<Record<Product, string>> = {
  Milan: "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9",
  Genoa: "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831",
};

/** Microsoft's signers of the utility VMs of confidential containers on ACI and on AKS. */
const MICROSOFT_ROOT = "did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s";
export const UVM_ROOTS: readonly UvmRootOfTrust[] = [
  { did: `${MICROSOFT_ROOT}::eku:1.3.6.1.4.1.311.76.59.1.2`, feed: "ContainerPlat-AMD-UVM", svn: 100 },
  { did: `${MICROSOFT_ROOT}::eku:1.3.6.1.4.1.311.76.59.1.5`, feed: "ConfAKS-AMD-UVM", svn: 1 },
];

/**
 * Key id of the root that must have endorsed a report's processor.
 * Reports before version 3 do not name their processor; only Milan wrote them.
 *
 * @throws RangeError for a processor that no root is known for
 */
export function rootFor(report: Report): string {
  const product = report.version < 3 ? "Milan" : productOf(report.cpuid_fam_id, report.cpuid_mod_id);
  if (product) return AMD_ROOTS[product];
  throw new RangeError(`SEV-SNP: Unsupported CPUID family ${report.cpuid_fam_id} model ${report.cpuid_mod_id}`);
}

function productOf(family: number, model: number): Product | undefined {
  if (family !== 0x19) return undefined;
  return model === 0x01 ? "Milan" : model === 0x11 ? "Genoa" : undefined;
}
