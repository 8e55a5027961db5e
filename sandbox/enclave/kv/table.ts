/** A table as a transaction sees it. Keys and values are bytes; nothing here knows what they mean. */
export interface ReadableTable {
  readonly name: string;
  has(key: Uint8Array): boolean;
  get(key: Uint8Array): Uint8Array | undefined;
  readonly size: number;
  /** Visits what was there when the call began; writes made by `visit` are not visited. */
  forEach(visit: (value: Uint8Array, key: Uint8Array) => void): void;
  /** Sequence number of the transaction that last wrote the key, as committed before this transaction; undefined if absent. */
  versionOfPreviousWrite(key: Uint8Array): number | undefined;
}

export interface Table extends ReadableTable {
  set(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  clear(): void;
}

/** Bytes as a map key: one character a byte. */
export const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

export const bytesOf = (key: string): Uint8Array => new Uint8Array(Buffer.from(key, "latin1"));
