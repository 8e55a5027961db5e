import { ccf, type KvMap } from "@microsoft/ccf-app/global.js";
import type { Converter } from "./converters.js";

/**
 * A typed view of a table of the key-value store.
 *
 * The map is taken anew for each call: it belongs to the request, and interpreters outlive requests.
 */
export class Table<K, V> {
  constructor(
    readonly name: string,
    readonly keys: Converter<K>,
    readonly values: Converter<V>,
  ) {}

  get map(): KvMap {
    return ccf.kv[this.name] as unknown as KvMap; // CCF makes a handle for every name, whether or not the table has been written
  }

  has(key: K): boolean {
    return this.map.has(this.keys.encode(key));
  }

  get(key: K): V | undefined {
    const value = this.map.get(this.keys.encode(key));
    return value === undefined ? undefined : this.values.decode(value);
  }

  set(key: K, value: V): void {
    this.map.set(this.keys.encode(key), this.values.encode(value));
  }

  delete(key: K): void {
    this.map.delete(this.keys.encode(key));
  }

  clear(): void {
    this.map.clear();
  }

  get size(): number {
    return this.map.size;
  }

  /** Sequence number of the transaction that last wrote the key; undefined when it was never written. */
  seqnoOf(key: K): number | undefined {
    return this.map.getVersionOfPreviousWrite(this.keys.encode(key));
  }

  /** Visits all rows, in no particular order and to the end. */
  forEach(visit: (value: V, key: K) => void): void {
    this.map.forEach((value, key) => {
      visit(this.values.decode(value), this.keys.decode(key));
    });
  }
}

/**
 * A table by its name. Names that start with `public:` are plain text in the ledger; those that start with `public:ccf.gov.` are written
 * by governance alone, and governance cannot read any other (CCF documentation, "Read/Write Restrictions").
 */
export function table<K, V>(name: string, keys: Converter<K>, values: Converter<V>): Table<K, V> {
  return new Table(name, keys, values);
}
