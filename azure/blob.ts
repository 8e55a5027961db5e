/** A blob as a container lists it. */
export type BlobItem = { readonly name: string; readonly size: number; readonly metadata: Readonly<Record<string, string>> };

export type Metadata = Readonly<Record<string, string>>;

/** The blobs of one container. */
export type BlobContainer = {
  /** @throws BlobError */
  readonly list: () => AsyncIterable<BlobItem>;
  /**
   * Writes a blob, in place of one of that name; it is not there, or as it was, until all of it is.
   *
   * @param options.metadata a function is asked once the content has ended
   * @throws BlobError, and whatever the content throws
   */
  readonly put: (
    name: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options?: { readonly metadata?: Metadata | (() => Metadata); /** Such as `application/json`. */ readonly contentType?: string },
  ) => Promise<void>;
  /** @throws BlobError */
  readonly get: (
    name: string,
  ) => Promise<{ readonly content: AsyncIterable<Uint8Array>; readonly metadata: Metadata; readonly size: number }>;
  /** One that is not there is no error. @throws BlobError */
  readonly remove: (name: string) => Promise<void>;
};

/** One storage account. */
export type BlobAccount = {
  /** @param options.customerKey 32 bytes, with which the store encrypts and decrypts, and which it forgets (CPK) */
  readonly container: (name: string, options?: { readonly customerKey?: Uint8Array | undefined }) => BlobContainer;
  /** Makes a container; one that is there stays as it is. @throws BlobError */
  readonly createContainer: (name: string, options?: { readonly publicRead?: boolean }) => Promise<void>;
};

/** What the store refused, or that it could not be reached. */
export class BlobError extends Error {
  override readonly name = "BlobError";

  constructor(
    /** The code of the store, such as `ContainerNotFound`, or of the network. */
    readonly code: string,
    readonly status: number | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
