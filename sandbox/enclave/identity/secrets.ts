import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from "node:crypto";
import type { Transaction, WriteSet } from "../kv/transaction.js";
import { keyOf } from "../kv/table.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SECRET_BYTES = 32;

const derive = (secret: Uint8Array, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", secret, new Uint8Array(), purpose, 32)));

/** AES-256-GCM under a random nonce: nonce, tag, ciphertext. */
function seal(key: KeyObject, plain: Uint8Array, authenticated: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(authenticated);
  const ciphertext = cipher.update(plain);
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** undefined where the bytes were not sealed under this key, or were changed. */
function open(key: KeyObject, sealed: Uint8Array, authenticated: Uint8Array): Buffer | undefined {
  const body = NONCE_BYTES + TAG_BYTES;
  if (sealed.length < body) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(authenticated)
    .setAuthTag(sealed.subarray(NONCE_BYTES, body));
  const plain = decipher.update(sealed.subarray(body));
  try {
    decipher.final();
  } catch {
    // The one thing that final() reports: the tag does not match.
    return undefined;
  }
  return plain;
}

/** What private writes are encrypted with, and what commit evidence comes from. */
export class LedgerSecret {
  readonly overheadBytes = NONCE_BYTES + TAG_BYTES;
  readonly #encryption: KeyObject;
  readonly #evidence: KeyObject;

  /** @param from the first transaction under this secret */
  constructor(
    readonly from: number,
    secret: Uint8Array,
  ) {
    this.#encryption = derive(secret, "ledger private writes");
    this.#evidence = derive(secret, "ledger commit evidence");
  }

  seal(plain: Uint8Array, authenticated: Uint8Array): Buffer {
    return seal(this.#encryption, plain, authenticated);
  }

  open(sealed: Uint8Array, authenticated: Uint8Array): Buffer | undefined {
    return open(this.#encryption, sealed, authenticated);
  }

  /** 64 hexadecimal digits that only the holder of the secret can work out. */
  commitNonce(transactionId: string): string {
    return createHmac("sha256", this.#evidence).update(transactionId).digest("hex");
  }
}

const TABLE = "public:ccf.internal.encrypted_ledger_secrets";
const ROW = new Uint8Array(8);

/**
 * The ledger secrets, each from some transaction on. The first is part of the identity; every later one is in the ledger, wrapped under a
 * key of the identity, in the last transaction before those that it encrypts: whoever has one secret cannot read what another hides.
 */
export class LedgerSecrets {
  readonly #wrapping: KeyObject;
  readonly #secrets: LedgerSecret[];

  constructor(first: Uint8Array, wrapping: Uint8Array) {
    this.#wrapping = derive(wrapping, "ledger secret wrapping");
    this.#secrets = [new LedgerSecret(1, first)];
  }

  /** First transaction under the newest secret. */
  get latestSeqno(): number {
    return this.#secrets.at(-1)?.from ?? 1;
  }

  /** @throws RangeError before the first transaction, in CCF's words */
  at(seqno: number): LedgerSecret {
    const secret = this.#secrets.findLast(({ from }) => from <= seqno);
    if (!secret) throw new RangeError(`Earliest known ledger secret at 1 has no earlier secret stored version (${seqno})`);
    return secret;
  }

  /** Puts a new secret into `tx`; it is used for the transactions after it. */
  rekey(tx: Transaction): void {
    tx.table(TABLE).set(ROW, new Uint8Array(seal(this.#wrapping, randomBytes(SECRET_BYTES), Buffer.from(TABLE))));
  }

  /**
   * Takes up the secret that a transaction brings, if it brings one.
   *
   * @throws Error where the secret was wrapped under another identity
   */
  observe(publicWrites: WriteSet, seqno: number): void {
    const wrapped = publicWrites.get(TABLE)?.get(keyOf(ROW));
    if (!wrapped) return;
    const secret = open(this.#wrapping, wrapped, Buffer.from(TABLE));
    if (!secret) throw new Error(`the ledger secret in transaction ${seqno} belongs to another service`);
    this.#secrets.push(new LedgerSecret(seqno + 1, secret));
  }
}
