/** What a verifier found in evidence; the names are those of CCF's `verifySnpAttestation`. */
export type VerifiedEvidence = {
  readonly attestation: {
    readonly guest_svn: number;
    readonly policy: { readonly smt: number; readonly migrate_ma: number; readonly debug: number };
    readonly family_id: Uint8Array;
    readonly image_id: Uint8Array;
    readonly vmpl: number;
    readonly report_data: Uint8Array;
    readonly measurement: Uint8Array;
    readonly host_data: Uint8Array;
    readonly id_key_digest: Uint8Array;
    readonly author_key_digest: Uint8Array;
    readonly report_id: Uint8Array;
  };
  readonly uvm_endorsements?: { readonly did: string; readonly feed: string; readonly svn: string } | undefined;
};

/** The claims of Microsoft Azure Attestation on a SEV-SNP guest; bytes are lower-case hexadecimal. */
export function claimsOf({ attestation, uvm_endorsements: uvm }: VerifiedEvidence): Readonly<Record<string, unknown>> {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const { policy } = attestation;
  return {
    "x-ms-ver": "1.0",
    "x-ms-attestation-type": "sevsnpvm",
    ...(uvm && { "x-ms-compliance-status": "azure-compliant-uvm", "x-ms-sevsnpvm-uvm-endorsement": uvmClaim(uvm) }),
    "x-ms-sevsnpvm-authorkeydigest": hex(attestation.author_key_digest),
    "x-ms-sevsnpvm-familyId": hex(attestation.family_id),
    "x-ms-sevsnpvm-guestsvn": attestation.guest_svn,
    "x-ms-sevsnpvm-hostdata": hex(attestation.host_data),
    "x-ms-sevsnpvm-idkeydigest": hex(attestation.id_key_digest),
    "x-ms-sevsnpvm-imageId": hex(attestation.image_id),
    "x-ms-sevsnpvm-is-debuggable": policy.debug !== 0,
    "x-ms-sevsnpvm-launchmeasurement": hex(attestation.measurement),
    "x-ms-sevsnpvm-migration-allowed": policy.migrate_ma !== 0,
    "x-ms-sevsnpvm-reportdata": hex(attestation.report_data),
    "x-ms-sevsnpvm-reportid": hex(attestation.report_id),
    "x-ms-sevsnpvm-smt-allowed": policy.smt !== 0,
    "x-ms-sevsnpvm-vmpl": attestation.vmpl,
  };
}

function uvmClaim({ did, feed, svn }: NonNullable<VerifiedEvidence["uvm_endorsements"]>) {
  return { "x-ms-sevsnpvm-guestsvn": Number(svn), "x-ms-sevsnpvm-did": did, "x-ms-sevsnpvm-feed": feed };
}
