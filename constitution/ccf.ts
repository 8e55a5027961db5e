export { ccf } from "@microsoft/ccf-app/global.js";

/*
 * What governance sees besides what the package describes for endpoints (CCF documentation, "Constitution").
 * It sees no `rpc`, `consensus` and `historical`; no clock, no network, no modules.
 */
declare module "@microsoft/ccf-app/global.js" {
  interface CCF {
    /** Hex SHA-256 of the DER bytes of the certificate: the id of the member or user who holds it. */
    pemToId(pem: string): string;
    /** From CCF 6.0.9 on. @throws for a processor that CCF does not know */
    readonly tcbHexToPolicy?: (cpuid: string, tcbVersion: string) => unknown;
    /** From CCF 7 on, and only in `validate`. @throws when the text is not a constitution */
    readonly gov?: { readonly validateConstitution?: (text: string) => void };

    // The rest is there in `apply` only.
    readonly node: {
      triggerLedgerRekey(): void;
      triggerRecoverySharesRefresh(): void;
      triggerLedgerChunk(): void;
      triggerSnapshot(): void;
      triggerACMERefresh(interfaces?: readonly string[]): void;
      /** Identities are PEM certificates as buffers. */
      transitionServiceToOpen(previousIdentity: ArrayBuffer | undefined, nextIdentity: ArrayBuffer): void;
    };
    readonly network: {
      getLatestLedgerSecretSeqno(): number;
      generateEndorsedCertificate(csrPem: string, validFrom: string, validityDays: number): string;
      generateNetworkCertificate(validFrom: string, validityDays: number): string;
    };
    refreshAppBytecodeCache(): void;
    setJwtPublicSigningKeys(issuer: string, metadata: unknown, jwks: unknown): void;
    removeJwtPublicSigningKeys(issuer: string): void;
  }
}
