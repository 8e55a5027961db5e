import type { FromEnclave, ToEnclave } from "../messages.js";
import type { AppendFlags, LedgerStorage } from "./ledger/storage.js";

type Read = { readonly resolve: (entries: readonly Uint8Array[]) => void; readonly reject: (error: Error) => void };

/** The ledger's files, which are the host's. */
export class HostStorage implements LedgerStorage {
  readonly #post: (message: FromEnclave) => void;
  readonly #reads = new Map<number, Read>();
  #nextRead = 1;

  constructor(post: (message: FromEnclave) => void) {
    this.#post = post;
  }

  append(seqno: number, entry: Uint8Array, flags: AppendFlags): void {
    this.#post({ kind: "append", seqno, entry, flags });
  }

  read(first: number, last: number): Promise<readonly Uint8Array[]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextRead++;
      this.#reads.set(id, { resolve, reject });
      this.#post({ kind: "read", id, first, last });
    });
  }

  /** The host's answer to `read`. */
  receive(message: Extract<ToEnclave, { kind: "entries" | "unreadable" }>): void {
    const read = this.#reads.get(message.id);
    this.#reads.delete(message.id);
    if (message.kind === "entries") read?.resolve(message.entries);
    else read?.reject(new Error(message.problem));
  }
}
