import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Identity } from "../../../sandbox/enclave/identity.js";
import type { Transaction } from "../../../sandbox/enclave/kv/transaction.js";
import { Ledger, type LedgerOptions } from "../../../sandbox/enclave/ledger/ledger.js";
import { Replay } from "../../../sandbox/enclave/ledger/replay.js";
import type { AppendFlags, LedgerStorage } from "../../../sandbox/enclave/ledger/storage.js";
import { LedgerFiles, type LedgerFilesOptions } from "../../../sandbox/host/files.js";
import { MemoryLedger } from "../../../sandbox/host/ledger/memory.js";

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString();

export const newIdentity = (): Identity => Identity.create({ hosts: ["127.0.0.1", "localhost"], validFrom: new Date() });

/** One write; in the ledger it is readable when the table is public. */
export function put(ledger: Ledger, table: string, key: string, value: string, more?: (tx: Transaction) => void) {
  const tx = ledger.store.begin();
  tx.table(table).set(bytes(key), bytes(value));
  more?.(tx);
  return ledger.commit(tx);
}

/** Signs only when told to. */
export const NEVER = { transactions: 1e9, milliseconds: 1e8 };

export const noTimers = { after: () => () => undefined };

export const warnings: string[] = [];

type Options = Partial<Omit<LedgerOptions, "storage">>;

const ledgerOver = (storage: LedgerStorage, options: Options): Ledger =>
  new Ledger({
    identity: newIdentity(),
    policy: NEVER,
    timers: noTimers,
    historical: { now: () => performance.now(), warn: (line) => warnings.push(line) },
    ...options,
    storage,
  });

/** Storage that shows what it was given and confirms nothing by itself. */
export class RecordingStorage implements LedgerStorage {
  readonly entries: Uint8Array[] = [];
  readonly flags: AppendFlags[] = [];

  append(_seqno: number, entry: Uint8Array, flags: AppendFlags): void {
    this.entries.push(entry);
    this.flags.push(flags);
  }

  read(first: number, last: number): Promise<readonly Uint8Array[]> {
    return Promise.resolve(this.entries.slice(first - 1, last));
  }
}

export function recordingLedger(options: Options = {}): { ledger: Ledger; storage: RecordingStorage } {
  const storage = new RecordingStorage();
  return { storage, ledger: ledgerOver(storage, options) };
}

export function memoryLedger(options: Options = {}): Ledger {
  const storage = new MemoryLedger().attach({
    persisted: (seqno) => {
      ledger.persisted(seqno);
    },
  });
  const ledger = ledgerOver(storage, options);
  return ledger;
}

/** Until the end of the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ledger-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export type FileService = { readonly ledger: Ledger; readonly files: LedgerFiles; readonly identity: Identity };

/** A service over a directory: new, or resumed from what is there. */
export async function fileService(
  directory: string,
  { identity = newIdentity(), files: fileOptions, ...options }: Options & { files?: LedgerFilesOptions } = {},
): Promise<FileService> {
  let ledger: Ledger | undefined = undefined as Ledger | undefined;
  const files = await LedgerFiles.open(
    directory,
    {
      persisted: (seqno) => ledger?.persisted(seqno),
      failed: (error) => {
        throw error;
      },
    },
    fileOptions,
  );
  const replay = new Replay(identity);
  for await (const entries of files.recover()) for (const entry of entries) replay.push(entry);
  const state = replay.finish();
  await files.cut(state.store.seqno);
  ledger = ledgerOver(files, { identity, state, ...options });
  return { ledger, files, identity };
}

/** Signs, and waits until that is on disk. */
export async function commitAll(ledger: Ledger): Promise<void> {
  ledger.sign();
  await ledger.whenCommitted(ledger.lastSignedSeqno);
}
