import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";
import { alternativeNames, commonName, issueCertificate, spkiOf } from "./identity/certificate.js";
import type { TlsIdentity } from "../messages.js";
import { LedgerSecrets, SECRET_BYTES } from "./identity/secrets.js";
import { makeSigningRequest, readSigningRequest } from "./identity/signingRequest.js";
import { MAXIMUM_VALIDITY_DAYS, parseValidFrom, validity } from "./identity/validity.js";

const SERVICE_NAME = "CCF Service";
const NODE_NAME = "CCF Node";

export type IdentityOptions = {
  /** What the node's certificate is for: IP addresses and DNS names. */
  readonly hosts: readonly string[];
  /** Start of the certificates' validity. */
  readonly validFrom: Date;
  /** 1 to 365. */
  readonly days?: number;
};

/** The parts of an identity as they are kept between runs: the JSON text of this. Whoever has it *is* the service. */
type Sealed = {
  readonly format: 1;
  /** PEM. */
  readonly serviceKey: string;
  readonly serviceCertificate: string;
  readonly nodeKey: string;
  /** base64. */
  readonly ledgerSecret: string;
  readonly wrappingSecret: string;
};

/** What should be the identity of an earlier run is none. */
export class IdentityDamaged extends Error {
  override readonly name = "IdentityDamaged";

  constructor(cause: unknown) {
    super(`the keys of the service cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const newKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey;
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }) as string;

/** The service and its one node: their keys (P-384), their certificates, and the ledger secrets. */
export class Identity {
  readonly #parts: Sealed;
  readonly #serviceKey: KeyObject;
  readonly #nodeKey: KeyObject;
  readonly #hosts: readonly string[];
  /** Hexadecimal SHA-256 of the DER of the node's public key. */
  readonly nodeId: string;
  readonly secrets: LedgerSecrets;
  /** PEM; replaced when governance renews it. */
  serviceCertificate: string;
  /** PEM, endorsed by the service; replaced when governance renews it. */
  nodeCertificate: string;
  /** PEM: the node's own word for its key, which whoever joins would see first. */
  readonly nodeSelfSignedCertificate: string;

  private constructor(parts: Sealed, { hosts, validFrom, days = MAXIMUM_VALIDITY_DAYS }: IdentityOptions) {
    this.#parts = parts;
    this.#serviceKey = createPrivateKey(parts.serviceKey);
    this.#nodeKey = createPrivateKey(parts.nodeKey);
    this.#hosts = hosts;
    this.nodeId = createHash("sha256").update(spkiOf(this.#nodeKey)).digest("hex");
    this.secrets = new LedgerSecrets(Buffer.from(parts.ledgerSecret, "base64"), Buffer.from(parts.wrappingSecret, "base64"));
    this.serviceCertificate = parts.serviceCertificate;
    const node = { publicKey: spkiOf(this.#nodeKey), validity: validity(validFrom, days), ca: false, names: alternativeNames(hosts) };
    const subject = commonName(NODE_NAME);
    this.nodeCertificate = issueCertificate({ ...node, subject, issuer: commonName(SERVICE_NAME), issuerKey: this.#serviceKey });
    this.nodeSelfSignedCertificate = issueCertificate({ ...node, subject, issuer: subject, issuerKey: this.#nodeKey });
  }

  /** A new service. @throws RangeError for a validity that is not 1 to 365 days */
  static create(options: IdentityOptions): Identity {
    const serviceKey = newKey();
    const parts: Sealed = {
      format: 1,
      serviceKey: pemOf(serviceKey),
      serviceCertificate: serviceCertificate(serviceKey, options.validFrom, options.days ?? MAXIMUM_VALIDITY_DAYS),
      nodeKey: pemOf(newKey()),
      ledgerSecret: randomBytes(SECRET_BYTES).toString("base64"),
      wrappingSecret: randomBytes(SECRET_BYTES).toString("base64"),
    };
    return new Identity(parts, options);
  }

  /** The identity of an earlier run; its node gets a new certificate. @throws IdentityDamaged where the text is not what `seal` gave */
  static unseal(text: string, options: IdentityOptions): Identity {
    try {
      const identity = new Identity(parseSealed(text), options);
      if (!isFor(identity.#serviceKey, identity.serviceCertificate)) throw new Error("the certificate of the service is not for its key");
      return identity;
    } catch (error) {
      throw new IdentityDamaged(error);
    }
  }

  /** Takes over certificates (PEM) that governance has written, if they are for the keys held here. @returns whether one is new */
  follow({ service, node }: { readonly service: string | undefined; readonly node: string | undefined }): boolean {
    const before = [this.serviceCertificate, this.nodeCertificate];
    if (isFor(this.#serviceKey, service)) this.serviceCertificate = service;
    if (isFor(this.#nodeKey, node)) this.nodeCertificate = node;
    return before[0] !== this.serviceCertificate || before[1] !== this.nodeCertificate;
  }

  seal(): string {
    return JSON.stringify({ ...this.#parts, serviceCertificate: this.serviceCertificate });
  }

  /** What the host serves TLS with. */
  tls(): TlsIdentity {
    return {
      key: this.#parts.nodeKey,
      chain: `${this.nodeCertificate.trimEnd()}\n${this.serviceCertificate}`,
      serviceCertificate: this.serviceCertificate,
    };
  }

  /** All that the private part of the ledger is encrypted with: what recovery members hold shares of. */
  recoverySecret(): Uint8Array {
    return Buffer.concat([this.#parts.ledgerSecret, this.#parts.wrappingSecret].map((text) => Buffer.from(text, "base64")));
  }

  /** ECDSA with P-384 over SHA-256(`preimage`); DER. */
  signAsNode(preimage: Uint8Array): Buffer {
    return sign("sha256", preimage, this.#nodeKey);
  }

  /** The node's request for a certificate; PEM. */
  nodeSigningRequest(): string {
    return makeSigningRequest(NODE_NAME, this.#nodeKey, this.#hosts);
  }

  /**
   * A certificate by the service for the key, subject and names of a request (`ccf.network.generateEndorsedCertificate`).
   *
   * @throws Error for a request that is not PKCS #10 or not signed by its key; RangeError for a bad time or number of days
   */
  endorse(csrPem: string, validFrom: string, days: number): string {
    const { subject, publicKey, names } = readSigningRequest(csrPem);
    const issuer = { issuer: commonName(SERVICE_NAME), issuerKey: this.#serviceKey };
    return issueCertificate({ subject, publicKey, names, ...issuer, validity: validity(parseValidFrom(validFrom), days), ca: false });
  }

  /** A new certificate for the service's key (`ccf.network.generateNetworkCertificate`). @throws RangeError */
  selfSigned(validFrom: string, days: number): string {
    return serviceCertificate(this.#serviceKey, parseValidFrom(validFrom), days);
  }
}

function isFor(key: KeyObject, certificate: string | undefined): certificate is string {
  if (certificate === undefined) return false;
  try {
    return new X509Certificate(certificate).checkPrivateKey(key);
  } catch {
    return false; // no certificate: whatever the constitution wrote there is no reason to stop serving
  }
}

function serviceCertificate(key: KeyObject, validFrom: Date, days: number): string {
  const name = commonName(SERVICE_NAME);
  return issueCertificate({
    subject: name,
    publicKey: spkiOf(key),
    issuer: name,
    issuerKey: key,
    validity: validity(validFrom, days),
    ca: true,
  });
}

function parseSealed(text: string): Sealed {
  const parts = JSON.parse(text) as Partial<Record<keyof Sealed, unknown>>;
  if (parts.format !== 1) throw new Error("the identity is of another format");
  const part = (name: keyof Sealed): string => {
    const value = parts[name];
    if (typeof value !== "string") throw new Error(`the identity has no ${name}`);
    return value;
  };
  const secret = (name: keyof Sealed): string => {
    const value = part(name);
    if (Buffer.from(value, "base64").length !== SECRET_BYTES) throw new Error(`its ${name} does not have ${SECRET_BYTES} bytes`);
    return value;
  };
  return {
    format: 1,
    serviceKey: part("serviceKey"),
    serviceCertificate: part("serviceCertificate"),
    nodeKey: part("nodeKey"),
    ledgerSecret: secret("ledgerSecret"),
    wrappingSecret: secret("wrappingSecret"),
  };
}
