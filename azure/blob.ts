import type { Readable } from "node:stream";

/** The blobs of one container. */
export type BlobContainer = {
  readonly list: () => AsyncIterable<{ readonly name: string; readonly size: number; readonly metadata: Readonly<Record<string, string>> }>;
  readonly put: (
    name: string,
    content: Readable | Uint8Array,
    options?: { readonly metadata?: Readonly<Record<string, string>> },
  ) => Promise<void>;
  readonly get: (
    name: string,
  ) => Promise<{ readonly content: Readable; readonly metadata: Readonly<Record<string, string>>; readonly size: number }>;
  readonly remove: (name: string) => Promise<void>;
};

/** One storage account. */
export type BlobAccount = {
  readonly container: (name: string) => BlobContainer;
  /** Makes a container; one that is there stays as it is. */
  readonly createContainer: (name: string, options?: { readonly publicRead?: boolean }) => Promise<void>;
};
