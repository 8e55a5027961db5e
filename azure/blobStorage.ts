import { createHash } from "node:crypto";
import {
  AnonymousCredential,
  BlobServiceClient,
  newPipeline,
  RestError,
  StorageSharedKeyCredential,
  type ContainerClient,
  type StoragePipelineOptions,
} from "@azure/storage-blob";
import { BlobError, type BlobAccount, type BlobContainer } from "./blob.js";
import type { Credential } from "./tokens.js";

/** How a caller shows who it is. */
export type BlobAccess =
  | { readonly kind: "sharedKey"; readonly account: string; readonly key: string }
  /** A query string that grants some rights. */
  | { readonly kind: "sas"; readonly token: string }
  | { readonly kind: "credential"; readonly credential: Credential }
  | { readonly kind: "anonymous" };

export type BlobStorageOptions = {
  readonly access: BlobAccess;
  /** PEM of a certification authority that is trusted for this endpoint alone. */
  readonly ca?: string | undefined;
  /** Ends calls, and waiting between their repetitions. */
  readonly signal?: AbortSignal | undefined;
};

const SCOPE = "https://storage.azure.com/.default";
/** Of a blob on its way; the store takes 50,000 of them. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Blocks of one blob that are on their way. */
const AT_ONCE = 2;
/** Milliseconds before the first repetition; each later one waits twice as long. */
const RETRY_AFTER = 500;

/**
 * A storage account of Azure, or of what speaks its protocol.
 *
 * @param endpoint `https://ACCOUNT.blob.core.windows.net/`, or one with the account in the path
 */
export function blobStorage(endpoint: string, { access, ca, signal }: BlobStorageOptions): BlobAccount {
  const url = access.kind === "sas" ? `${endpoint}?${access.token.replace(/^\?/, "")}` : endpoint;
  // What is not in the type is passed on to the pipeline of requests, which knows it.
  const options: StoragePipelineOptions & { tlsOptions?: { ca: string } } = {
    retryOptions: { retryDelayInMs: RETRY_AFTER },
    ...(ca !== undefined && { tlsOptions: { ca } }),
  };
  const ending = signal === undefined ? {} : { abortSignal: signal };
  const service = new BlobServiceClient(url, newPipeline(credentialOf(access), options));
  return {
    container: (name, { customerKey } = {}) => containerOf(service.getContainerClient(name), customerKey, ending),
    createContainer: async (name, { publicRead = false } = {}) => {
      await explained(service.getContainerClient(name).createIfNotExists({ ...ending, ...(publicRead && { access: "blob" }) }), name);
    },
  };
}

function credentialOf(access: BlobAccess): Parameters<typeof newPipeline>[0] {
  switch (access.kind) {
    case "sharedKey":
      return new StorageSharedKeyCredential(access.account, access.key);
    case "credential":
      // A credential remembers its token as long as it is good; the library asks before each request once this time is near.
      return { getToken: async () => ({ token: await access.credential.token(SCOPE), expiresOnTimestamp: Date.now() + 5 * 60_000 }) };
    case "sas":
    case "anonymous":
      return new AnonymousCredential();
  }
}

function containerOf(client: ContainerClient, customerKey: Uint8Array | undefined, ending: { abortSignal?: AbortSignal }): BlobContainer {
  const options = { ...ending, ...(customerKey && { customerProvidedKey: providedKey(customerKey) }) };
  const where = (name: string): string => `${client.containerName}/${name}`;
  return {
    list: async function* () {
      const blobs = client.listBlobsFlat({ ...ending, includeMetadata: true })[Symbol.asyncIterator]();
      for (;;) {
        const next = await explained(blobs.next(), client.containerName, "cannot be listed");
        if (next.done === true) return;
        const { name, metadata = {}, properties } = next.value;
        if (metadata.hdi_isfolder === "true") continue; // how accounts with folders show them
        yield { name, metadata, size: properties.contentLength ?? 0 };
      }
    },
    put: async (name, content, { metadata, contentType } = {}) => {
      const blob = client.getBlockBlobClient(name);
      const ids: string[] = [];
      const under = new Set<Promise<unknown>>();
      const free: Buffer[] = [];
      try {
        for await (const block of inBlocks(content, free)) {
          const id = Buffer.from(String(ids.length).padStart(8, "0")).toString("base64");
          ids.push(id);
          const sent = explained(blob.stageBlock(id, block, block.length, options), where(name)).finally(() => {
            under.delete(sent);
            free.push(block);
          });
          under.add(sent);
          if (under.size >= AT_ONCE) await Promise.race(under);
        }
        await Promise.all(under);
      } finally {
        await Promise.allSettled(under);
      }
      const described = typeof metadata === "function" ? metadata() : metadata;
      const headers = contentType === undefined ? {} : { blobHTTPHeaders: { blobContentType: contentType } };
      await explained(blob.commitBlockList(ids, { ...options, ...headers, ...(described && { metadata: { ...described } }) }), where(name));
    },
    get: async (name) => {
      const {
        readableStreamBody,
        contentLength = 0,
        metadata = {},
      } = await explained(client.getBlobClient(name).download(0, undefined, { ...options, maxRetryRequests: 5 }), where(name));
      if (!readableStreamBody) throw new BlobError("NoContent", undefined, `${where(name)}: the store sent no content`);
      return { content: chunksOf(readableStreamBody, where(name)), size: contentLength, metadata: metadata };
    },
    remove: async (name) => {
      await explained(client.getBlobClient(name).deleteIfExists(ending), where(name));
    },
  };
}

/** https://learn.microsoft.com/azure/storage/blobs/encryption-customer-provided-keys */
function providedKey(key: Uint8Array): { encryptionKey: string; encryptionKeySha256: string; encryptionAlgorithm: "AES256" } {
  return {
    encryptionKey: Buffer.from(key).toString("base64"),
    encryptionKeySha256: createHash("sha256").update(key).digest("base64"),
    encryptionAlgorithm: "AES256",
  };
}

/**
 * Puts chunks together to blocks, which may be sent more than once.
 *
 * @param free blocks that are sent: they are used again, since the memory of many would come back late
 */
async function* inBlocks(content: AsyncIterable<Uint8Array> | Uint8Array, free: Buffer[]): AsyncGenerator<Buffer> {
  const empty = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let block = empty();
  let filled = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      block = empty();
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

async function* chunksOf(stream: NodeJS.ReadableStream, where: string): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await explained(chunks.next(), where);
      if (next.done === true) return;
      yield next.value as Buffer;
    }
  } finally {
    await chunks.return?.();
  }
}

/**
 * @param what has failed, where the store says nothing
 * @throws BlobError in the place of the library's errors, which run over many lines
 */
async function explained<T>(call: Promise<T>, where: string, what = "the request failed"): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const { code = "RequestFailed", message, name } = cause as Error & { code?: string };
    const status = cause instanceof RestError ? cause.statusCode : undefined;
    const network = name === "AbortError" || /^E[A-Z]+$/.test(code) ? "cannot be reached: " : "";
    const [said = ""] = message.split("\n");
    const silent = `${what}: the store gave no reason${status === undefined ? "" : `, with HTTP status ${status}`}`;
    // An error of the library has the request with it: its headers show a key of the customer.
    throw new BlobError(code, status, `${where}: ${network}${said === "" ? silent : said}`, cause instanceof RestError ? {} : { cause });
  }
}
