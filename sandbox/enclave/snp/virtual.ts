import { createHash, createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { didX509Of } from "./didX509.js";
import { readEndorsements } from "./endorsements.js";
import { SIZES } from "./report.js";
import type { ExtraRoot } from "./trust.js";
import { CONTAINER_EKU, createPlatform, createUvmSigner, VIRTUAL_TCB } from "./virtualAuthorities.js";
import { signReport } from "./virtualReport.js";
import { signUvmEndorsements } from "./virtualUvm.js";

/** Everything a virtual TEE is, private keys included. PEM, and base64 of DER. */
export type VirtualTeeState = {
  readonly endorsements: string;
  readonly vcekKey: string;
  readonly uvmChain: readonly string[];
  readonly uvmKey: string;
};

export type MintOptions = {
  /** 32 bytes. */
  readonly hostData: Uint8Array;
  /** At most 64 bytes; zeros follow. */
  readonly reportData: Uint8Array;
  /** 48 bytes; that of the one image that a virtual TEE is taken to run, unless given. */
  readonly measurement?: Uint8Array;
  /** Whether the guest policy allows debugging, which no verifier accepts. */
  readonly debug?: boolean;
  readonly uvm?: { readonly feed?: string; readonly svn?: number };
};

/** What a clean room sends as `attestation`, all base64. */
export type MintedEvidence = { readonly evidence: string; readonly endorsements: string; readonly uvm_endorsements: string };

const FEED = "ContainerPlat-AMD-UVM";
const SVN = 100;
const MEASUREMENT = createHash("sha384").update("virtual TEE").digest();

/**
 * A processor that is none: it mints SEV-SNP evidence in the genuine format, under roots of its own. A verifier believes it only where
 * it is given `root`. FOR DEVELOPMENT: whoever holds the state can attest anything.
 */
export class VirtualTee {
  private constructor(
    private readonly endorsements: string,
    private readonly vcekKey: KeyObject,
    private readonly uvmChain: readonly Buffer[],
    private readonly uvmKey: KeyObject,
  ) {}

  /** A new one. The keys of its authorities are not kept. */
  static create(): VirtualTee {
    const platform = createPlatform();
    const uvm = createUvmSigner();
    return new VirtualTee(platform.endorsements, platform.key, uvm.chain, uvm.key);
  }

  /** @throws Error for a state that `toJSON` did not make */
  static fromJSON(state: VirtualTeeState): VirtualTee {
    readEndorsements(state.endorsements);
    const chain = state.uvmChain.map((der) => Buffer.from(der, "base64"));
    return new VirtualTee(state.endorsements, createPrivateKey(state.vcekKey), chain, createPrivateKey(state.uvmKey));
  }

  toJSON(): VirtualTeeState {
    return {
      endorsements: this.endorsements,
      vcekKey: pkcs8(this.vcekKey),
      uvmChain: this.uvmChain.map((der) => der.toString("base64")),
      uvmKey: pkcs8(this.uvmKey),
    };
  }

  /** For `snpVerifier({ extraRoots })`. */
  get root(): ExtraRoot {
    return { rootKeyId: readEndorsements(this.endorsements).rootKeyId, uvm: [{ did: this.did, feed: FEED, svn: SVN }] };
  }

  /** @throws RangeError for a field of another size */
  mint({ hostData, reportData, measurement = MEASUREMENT, debug = false, uvm = {} }: MintOptions): MintedEvidence {
    const { tcb = VIRTUAL_TCB, chipId = new Uint8Array() } = readEndorsements(this.endorsements);
    const padding = Buffer.alloc(Math.max(0, SIZES.reportData - reportData.length));
    const content = { hostData, reportData: Buffer.concat([reportData, padding]), measurement, debug, tcb, chipId };
    const signer = { did: this.did, chain: this.uvmChain, key: this.uvmKey };
    return {
      evidence: base64(signReport(content, this.vcekKey)),
      endorsements: base64(Buffer.from(this.endorsements)),
      uvm_endorsements: base64(signUvmEndorsements(signer, uvm.feed ?? FEED, uvm.svn ?? SVN, measurement)),
    };
  }

  private get did(): string {
    const root = this.uvmChain.at(-1) ?? Buffer.alloc(0);
    return `${didX509Of(new X509Certificate(root))}::eku:${CONTAINER_EKU}`;
  }
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
