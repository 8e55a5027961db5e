/*
 * A process that writes transactions until somebody kills it: `node <this> <directory> <sealed identity file>`.
 * It tells on standard output what it was told: `issued <view>.<seqno> <value>` and `committed <seqno>`.
 */
import { existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Identity } from "../../../sandbox/enclave/identity.js";
import { Ledger } from "../../../sandbox/enclave/ledger/ledger.js";
import { Replay } from "../../../sandbox/enclave/ledger/replay.js";
import { LedgerFiles } from "../../../sandbox/host/files.js";

const [directory = "", sealed = ""] = process.argv.slice(2);
const options = { hosts: ["127.0.0.1"], validFrom: new Date() };
if (!existsSync(sealed)) writeFileSync(sealed, Identity.create(options).seal());
const identity = Identity.unseal(readFileSync(sealed, "utf8"), options);

const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

let ledger: Ledger | undefined = undefined as Ledger | undefined;
const events = {
  persisted: (seqno: number) => {
    ledger?.persisted(seqno);
    say(`committed ${ledger?.lastCommitted().seqno ?? 0}`);
  },
  failed: (error: Error) => {
    throw error;
  },
};
const files = await LedgerFiles.open(directory, events, { chunkBytes: 20_000 });
const replay = new Replay(identity);
for await (const entries of files.recover()) for (const entry of entries) replay.push(entry);
const state = replay.finish();
await files.cut(state.store.seqno);
const policy = { transactions: 7, milliseconds: 3 };
ledger = new Ledger({ identity, state, storage: files, policy, historical: { now: () => performance.now(), warn: say } });
await ledger.whenCommitted(ledger.lastSignedSeqno);

for (let i = 0; ; i++) {
  const value = `${process.pid} ${i}`;
  const tx = ledger.store.begin();
  tx.table("rows").set(Buffer.from("k"), Buffer.from(value));
  const { view, seqno } = ledger.commit(tx);
  say(`issued ${view}.${seqno} ${value}`);
  if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}
