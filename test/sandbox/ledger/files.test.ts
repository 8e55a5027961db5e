import { copyFile, mkdir, readdir, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerDamaged } from "../../../sandbox/host/ledger/damaged.js";
import { readSealedIdentity, writeSealedIdentity, writeServiceCertificate } from "../../../sandbox/host/ledger/identityFiles.js";
import { ledgerEntries } from "../../../sandbox/host/ledger/scan.js";
import { verifyDirectory } from "../../../sandbox/host/ledger/verify.js";
import { Replay } from "../../../sandbox/enclave/ledger/replay.js";
import { Identity } from "../../../sandbox/enclave/identity.js";
import { bytes, commitAll, fileService, NEVER, newIdentity, put, temporaryDirectory, text, type FileService } from "./service.js";

const HOSTS = { hosts: ["127.0.0.1"], validFrom: new Date() };

/** As another process would find it: nothing is shared but the sealed text. */
const again = (identity: Identity): Identity => Identity.unseal(identity.seal(), HOSTS);

const valueOf = ({ ledger }: FileService, table: string, key: string) => text(ledger.store.begin().table(table).get(bytes(key)));

async function stop({ ledger, files }: FileService): Promise<void> {
  await commitAll(ledger);
  await files.close();
}

/** A ledger of one file: three committed writes, and two after the last signature. */
async function smallLedger(): Promise<{ file: string; directory: string; identity: Identity; committed: number }> {
  const directory = await temporaryDirectory();
  const service = await fileService(directory);
  for (const v of ["a", "b", "c"]) put(service.ledger, "private rows", "k", v);
  await commitAll(service.ledger);
  const committed = service.ledger.store.seqno;
  for (const v of ["d", "e"]) put(service.ledger, "private rows", "k", v);
  await service.files.close();
  return { directory, file: join(directory, "ledger_1"), identity: service.identity, committed };
}

/** A directory of its own with just this file. */
async function copyOf(file: string): Promise<{ directory: string; file: string }> {
  const directory = await temporaryDirectory();
  await copyFile(file, join(directory, "ledger_1"));
  return { directory, file: join(directory, "ledger_1") };
}

test("a service that is resumed holds what it held, private rows too, and goes on", async () => {
  const directory = await temporaryDirectory();
  const first = await fileService(directory);
  put(first.ledger, "private rows", "k", "one");
  put(first.ledger, "public:rows", "gone", "x");
  put(first.ledger, "public:rows", "k", "two", (tx) => {
    tx.table("public:rows").delete(bytes("gone"));
  });
  await stop(first);
  const root = first.ledger.root();

  const second = await fileService(directory, { identity: again(first.identity) });
  expect(valueOf(second, "private rows", "k")).toBe("one");
  expect(valueOf(second, "public:rows", "k")).toBe("two");
  expect(valueOf(second, "public:rows", "gone")).toBeUndefined();
  expect(second.ledger.store.begin().table("public:rows").versionOfPreviousWrite(bytes("k"))).toBe(3);
  expect(second.ledger.historical.state(2, 1)).toBeUndefined();
  await second.ledger.whenCommitted(second.ledger.lastSignedSeqno);
  expect(second.ledger.lastCommitted()).toEqual({ view: 3, seqno: 5 });
  const signed = JSON.parse(text(second.ledger.store.begin().table("public:ccf.internal.signatures").get(new Uint8Array(8))) ?? "") as {
    root: string;
  };
  expect(signed.root).toBe(Buffer.from(root).toString("hex"));
  put(second.ledger, "private rows", "k", "three");
  await stop(second);
  expect(await verifyDirectory(directory, first.identity.serviceCertificate)).toEqual({ signed: 7, signatures: 3, views: 2, unsigned: 0 });
});

test("private rows are not readable in the files", async () => {
  const directory = await temporaryDirectory();
  const service = await fileService(directory);
  put(service.ledger, "table of patients", "the patient's key", "the patient's name");
  put(service.ledger, "public:table for all", "key", "value for all");
  await stop(service);
  const all = (await readFile(join(directory, "ledger_1"))).toString("latin1");
  for (const hidden of ["patient", service.identity.seal().slice(30, 60)]) expect(all).not.toContain(hidden);
  expect(all).toContain("value for all");
});

test("whatever is cut off the end of the last file, what was committed before the cut is there, and what is kept verifies", async () => {
  const { file, identity, committed } = await smallLedger();
  const whole = await readFile(file);
  const ends: number[] = [];
  for (let at = 0, rest = whole; rest.length > 0; rest = whole.subarray(at)) ends.push((at += 16 + rest.readUInt32BE(4)));
  const signedEnd = ends[committed - 1] ?? 0;
  expect(ends).toHaveLength(committed + 2);

  const same = again(identity);
  const copy = await copyOf(file);
  for (let length = signedEnd; length <= whole.length; length++) {
    await writeFile(copy.file, whole.subarray(0, length));
    const replay = new Replay(same);
    for await (const entry of ledgerEntries(copy.directory)) replay.push(entry);
    expect(replay.finish().store.seqno).toBe(committed);
    if (length % 20 !== 0) continue;
    const resumed = await fileService(copy.directory, { identity: same });
    expect(valueOf(resumed, "private rows", "k")).toBe("c");
    expect([resumed.ledger.currentView, resumed.ledger.store.seqno]).toEqual([3, committed + 1]);
    put(resumed.ledger, "private rows", "k", "after");
    await stop(resumed);
    const verified = await verifyDirectory(copy.directory, identity.serviceCertificate);
    expect(verified).toEqual({ signed: committed + 3, signatures: 3, views: 2, unsigned: 0 });
  }
  for (let length = ends[2] ?? 0; length < signedEnd; length++) {
    await writeFile(copy.file, whole.subarray(0, length));
    const replay = new Replay(same);
    for await (const entry of ledgerEntries(copy.directory)) replay.push(entry);
    expect(replay.finish().store.seqno).toBe(0);
  }
});

test("a changed bit anywhere in a file is found, and the entry and the byte are named", async () => {
  const { file, identity } = await smallLedger();
  const whole = await readFile(file);
  const starts: number[] = [];
  for (let at = 0; at < whole.length; at += 16 + whole.readUInt32BE(at + 4)) starts.push(at);

  const copy = await copyOf(file);
  const same = again(identity);
  for (let byte = 0; byte < whole.length; byte += 3) {
    const changed = Buffer.from(whole);
    changed[byte] = (changed[byte] ?? 0) ^ (1 << (byte % 8));
    await writeFile(copy.file, changed);
    const entry = starts.findLastIndex((start) => start <= byte);
    const result = await verifyDirectory(copy.directory, identity.serviceCertificate);
    expect(result.fault?.seqno).toBe(entry + 1);
    expect(result.at).toEqual({ file: copy.file, byte: starts[entry] });
    await expect(fileService(copy.directory, { identity: same })).rejects.toThrow(LedgerDamaged);
  }
});

test("an entry that was replaced by a well-formed other one is found by the root of the next signature", async () => {
  const { directory, file, identity } = await smallLedger();
  const other = await temporaryDirectory();
  const twin = await fileService(other, { identity: again(identity) });
  for (const v of ["a", "FORGED", "c"]) put(twin.ledger, "private rows", "k", v);
  await stop(twin);
  const [mine, forged] = [await readFile(file), await readFile(join(other, "ledger_1"))];
  const start = 16 + mine.readUInt32BE(4);
  const end = start + 16 + mine.readUInt32BE(start + 4);
  const forgedEnd = start + 16 + forged.readUInt32BE(start + 4);
  await writeFile(file, Buffer.concat([mine.subarray(0, start), forged.subarray(start, forgedEnd), mine.subarray(end)]));

  const result = await verifyDirectory(directory, identity.serviceCertificate);
  expect(result.fault).toMatchObject({ seqno: 4, reason: "the root is not that of the transactions before" });
  await expect(fileService(directory, { identity: again(identity) })).rejects.toThrow("transaction 4: the root");
});

test("a ledger of another service is refused", async () => {
  const { directory } = await smallLedger();
  await expect(fileService(directory, { identity: newIdentity() })).rejects.toThrow("is not endorsed by the service");
});

test("ids that were given out and lost are invalid ever after, and never mean other transactions", async () => {
  const { directory, identity, committed } = await smallLedger();
  let resumed = await fileService(directory, { identity: again(identity) });
  const lost = committed + 2;
  expect(resumed.ledger.statusOf(2, lost)).not.toBe("Committed");
  for (let i = 0; i < 5; i++) put(resumed.ledger, "private rows", "k", `${i}`);
  await stop(resumed);
  expect(resumed.ledger.statusOf(2, lost)).toBe("Invalid");
  expect(resumed.ledger.statusOf(3, lost)).toBe("Committed");
  expect(resumed.ledger.statusOf(2, committed)).toBe("Committed");

  resumed = await fileService(directory, { identity: again(identity) });
  expect(resumed.ledger.viewHistory()).toEqual([
    { view: 1, first: 1 },
    { view: 2, first: 1 },
    { view: 3, first: committed + 1 },
    { view: 4, first: committed + 8 },
  ]);
  expect(resumed.ledger.statusOf(2, lost)).toBe("Invalid");
  await stop(resumed);
});

test("files end at a signature when they are full, and all of them are read again", async () => {
  const directory = await temporaryDirectory();
  const options = { files: { chunkBytes: 4000 }, policy: { transactions: 4, milliseconds: 1e6 } };
  const service = await fileService(directory, options);
  for (let i = 0; i < 60; i++) {
    put(service.ledger, "t", "k", "v".repeat(100 + i));
    if (i % 9 === 0) await new Promise(setImmediate);
  }
  await stop(service);
  const names = await readdir(directory);
  const ended = names.filter((name) => /^ledger_\d+-\d+\.committed$/.test(name));
  expect(ended.length).toBeGreaterThan(5);
  expect(names.length - ended.length).toBeLessThanOrEqual(1);
  const last = service.ledger.store.seqno;

  const resumed = await fileService(directory, { ...options, identity: again(service.identity) });
  expect(await resumed.files.read(1, last)).toHaveLength(last);
  expect(await resumed.files.read(7, 30)).toHaveLength(24);
  await expect(resumed.files.read(7, last + 100)).rejects.toThrow(RangeError);
  await stop(resumed);
  const entries: Uint8Array[] = [];
  for await (const entry of ledgerEntries(directory)) entries.push(entry);
  expect(entries).toHaveLength(resumed.ledger.store.seqno);
  expect(await verifyDirectory(directory, service.identity.serviceCertificate)).toMatchObject({ signed: entries.length });
});

test("a file ends where it is asked to", async () => {
  const directory = await temporaryDirectory();
  const service = await fileService(directory);
  put(service.ledger, "t", "k", "v");
  service.ledger.endChunkAtNextSignature();
  await commitAll(service.ledger);
  put(service.ledger, "t", "k", "v");
  await stop(service);
  expect((await readdir(directory)).sort()).toEqual(["ledger_1-2.committed", "ledger_3"]);
});

test("a missing or shortened file in the middle is named", async () => {
  const directory = await temporaryDirectory();
  const service = await fileService(directory, { files: { chunkBytes: 1 } });
  for (let i = 0; i < 3; i++) {
    put(service.ledger, "t", "k", "v");
    await commitAll(service.ledger);
  }
  await service.files.close();
  const certificate = service.identity.serviceCertificate;
  const middle = join(directory, "ledger_3-4.committed");

  await truncate(middle, (await stat(middle)).size - 1);
  expect((await verifyDirectory(directory, certificate)).fault).toMatchObject({ seqno: 4 });
  await truncate(middle, 16 + (await readFile(middle)).readUInt32BE(4));
  expect((await verifyDirectory(directory, certificate)).fault).toMatchObject({ seqno: 4, reason: "the file ends here" });
  await mkdir(join(directory, "away"));
  await rename(middle, join(directory, "away", "x"));
  expect((await verifyDirectory(directory, certificate)).fault).toMatchObject({ seqno: 3 });
});

test("zeros at the end, as a power failure leaves them, are cut off", async () => {
  const { directory, file, identity } = await smallLedger();
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(5000)]));
  expect((await verifyDirectory(directory, identity.serviceCertificate)).torn).toBe("5000 zero bytes");
  const resumed = await fileService(directory, { identity: again(identity) });
  expect(valueOf(resumed, "private rows", "k")).toBe("c");
  await stop(resumed);
});

test("many signatures share one fsync, and every one of them is confirmed", async () => {
  const directory = await temporaryDirectory();
  const service = await fileService(directory, { policy: { transactions: 1, milliseconds: 1e6 } });
  const all = Array.from({ length: 50 }, (_, i) => service.ledger.whenCommitted(put(service.ledger, "t", "k", `${i}`).seqno));
  await Promise.all(all);
  expect(service.ledger.lastCommitted().seqno).toBe(100);
  await service.files.close();
});

test("a ledger secret that was changed is found again when the service resumes", async () => {
  const directory = await temporaryDirectory();
  const first = await fileService(directory);
  const tx = first.ledger.store.begin();
  first.identity.secrets.rekey(tx);
  first.ledger.commit(tx);
  put(first.ledger, "private rows", "k", "under the new secret");
  await stop(first);
  const second = await fileService(directory, { identity: again(first.identity) });
  expect(valueOf(second, "private rows", "k")).toBe("under the new secret");
  expect(second.identity.secrets.latestSeqno).toBe(2);
  await stop(second);
});

test("past transactions are read from the files, also after they were ended", async () => {
  const directory = await temporaryDirectory();
  const service = await fileService(directory, { files: { chunkBytes: 1 }, policy: NEVER });
  for (const v of ["a", "b"]) {
    put(service.ledger, "private rows", "k", v);
    await commitAll(service.ledger);
  }
  let states = service.ledger.historical.range(1, 1, 4, 60);
  while (!states) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    states = service.ledger.historical.range(1, 1, 4, 60);
  }
  expect(states.map((state) => text(state.table("private rows").get(bytes("k"))))).toEqual(["a", undefined, "b", undefined]);
  await service.files.close();
});

test("the sealed identity is for its owner's eyes only, and written whole", async () => {
  const directory = await temporaryDirectory();
  const identity = newIdentity();
  expect(await readSealedIdentity(directory)).toBeUndefined();
  await writeSealedIdentity(directory, identity.seal());
  await writeServiceCertificate(directory, identity.serviceCertificate);
  expect((await stat(join(directory, "identity.json"))).mode & 0o777).toBe(0o600);
  expect(Identity.unseal((await readSealedIdentity(directory)) ?? "", HOSTS).nodeId).toBe(identity.nodeId);
  expect(await readFile(join(directory, "service_cert.pem"), "utf8")).toBe(identity.serviceCertificate);
  expect((await readdir(directory)).sort()).toEqual(["identity.json", "service_cert.pem"]);
});
