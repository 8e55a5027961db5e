import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { cleanRoom, newKey, signature } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { seqnoOf, settled, wholeHistory } from "../support/history.js";
import { agree, setContract } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;

type Event = { readonly scope: string; readonly id: string; readonly seqno: number; readonly timestamp: string; readonly data: unknown };

const NOW = "1700000000000";
const room = cleanRoom(place, { contractId: "c1" });
const linkOf = (query = "", contractId = "c1"): string => `/app/contracts/${contractId}/events${query}`;
const signed = (data: unknown, timestamp = NOW, by = room) => by.signed(JSON.stringify(data), { timestamp });
const send = (body: unknown, query = "", contractId = "c1"): Promise<Answer> =>
  call(place.anonymous, "PUT", linkOf(query, contractId), body);

/** @returns the sequence number of the transaction */
async function put(data: unknown, query = "", { timestamp = NOW, contractId = "c1" } = {}): Promise<number> {
  const answer = await send(signed(data, timestamp), query, contractId);
  expect(answer).toMatchObject({ status: 204, body: undefined });
  return seqnoOf(answer.transactionId);
}

async function latest(query = "", contractId = "c1"): Promise<readonly Event[]> {
  const { status, body } = await bob.call("GET", linkOf(query, contractId));
  expect(status).toBe(200);
  return (body as { value: Event[] }).value;
}

beforeAll(async () => {
  for (const contractId of ["c1", "c1-s1", "other"]) {
    await agree([alice, bob], setContract(contractId));
    await agree([alice, bob], cleanRoom(place, { contractId }).setPolicy);
  }
});

describe("an event", () => {
  test("is read back as it was written, with the transaction that wrote it and its time", async () => {
    const data = { source: "training", message: "started", detail: [1, null, "é"] };
    const seqno = await put(data, "?id=start&scope=", { timestamp: "1234567890" });
    expect(await latest("?id=start")).toEqual([
      { scope: "", id: "start", seqno, timestamp: "0001234567890", timestamp_iso: "1970-01-15T06:56:07.890Z", data },
    ]);
  });

  test("has the id of the contract and no scope unless it says otherwise", async () => {
    const seqno = await put("unnamed");
    const expected = [{ scope: "", id: "c1", seqno, timestamp: NOW, timestamp_iso: "2023-11-14T22:13:20.000Z", data: "unnamed" }];
    for (const query of ["", "?", "?id=&scope=", "?id=c1", "?from_seqno=&to_seqno=&max_seqno_per_page="]) {
      expect(await latest(query)).toEqual(expected);
    }
  });

  test("takes the place of the one before it, in its scope alone", async () => {
    await put("first", "?id=e&scope=s1");
    await put("elsewhere", "?id=e&scope=s2");
    await put("second", "?id=e&scope=s1");
    expect(await latest("?id=e&scope=s1")).toMatchObject([{ scope: "s1", data: "second" }]);
    expect(await latest("?id=e&scope=s2")).toMatchObject([{ scope: "s2", data: "elsewhere" }]);
    expect(await latest("?id=e")).toEqual([]);
    expect(await latest("?id=e&scope=s3")).toEqual([]);
  });

  test("in a scope is never an event of another contract whose id is made of both", async () => {
    await put("of c1", "?id=e&scope=s1");
    await put("of c1-s1", "?id=e", { contractId: "c1-s1" });
    expect(await latest("?id=e&scope=s1")).toMatchObject([{ data: "of c1" }]);
    expect(await latest("?id=e", "c1-s1")).toMatchObject([{ data: "of c1-s1" }]);
  });

  test("may be any JSON, and the clean room may be of either generation", async () => {
    for (const data of [null, 0, false, "", [], JSON.parse('{"__proto__":1}') as unknown]) {
      await put(data, "?id=any");
      expect((await latest("?id=any"))[0]?.data).toEqual(data);
    }
    const older = cleanRoom(place, { contractId: "c1", digestOf: "base64" });
    expect(await send(signed("older", NOW, older), "?id=older")).toMatchObject({ status: 204 });
  });

  test("may be written while execution is disabled: what still runs then should be on record", async () => {
    expect(await bob.call("POST", "/app/contracts/c1/disable")).toMatchObject({ status: 200 });
    await put("stopped", "?id=stopped");
    expect(await bob.call("POST", "/app/contracts/c1/enable")).toMatchObject({ status: 200 });
    expect(await latest("?id=stopped")).toMatchObject([{ data: "stopped" }]);
  });

  test("may be written by others whom a clean room of the contract let in as writers of events", async () => {
    const guest = cleanRoom(place, { contractId: "c1", hostData: "ab".repeat(32) });
    const event = signed("from a guest", NOW, guest);
    expect(await send(event, "?id=guest")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    const delegate = linkOf("").replace("/events", "/cleanroompolicy/delegates/events/writer");
    const letIn = room.signed({ type: "add", claims: guest.policy, policyType: "snp-caci" });
    expect(await call(place.anonymous, "PUT", delegate, letIn)).toMatchObject({ status: 200 });
    expect(await send(event, "?id=guest")).toMatchObject({ status: 204 });
    expect(await latest("?id=guest")).toMatchObject([{ data: "from a guest" }]);
  });
});

describe("a signature", () => {
  test("serves its event again, which changes nothing", async () => {
    const event = signed("once");
    const { transactionId } = await send(event, "?id=once");
    const before = await latest("?id=once");
    expect(before).toMatchObject([{ seqno: seqnoOf(transactionId) }]);
    await put("later", "?id=once");
    const after = await latest("?id=once");
    expect(await send(event, "?id=once")).toMatchObject({ status: 204 });
    expect(await latest("?id=once")).toEqual(after);
  });

  test("serves no other event: with another id, scope, time or contract it is refused", async () => {
    const event = signed("captured");
    expect(await send(event, "?id=mine")).toMatchObject({ status: 204 });
    const before = await latest("?id=mine");
    const refused = refusal(409, "SignatureReused");
    expect(await send(event, "?id=other")).toMatchObject(refused);
    expect(await send(event, "")).toMatchObject(refused);
    expect(await send(event, "?id=mine&scope=s1")).toMatchObject(refused);
    expect(await send({ ...event, timestamp: "1700000000001" }, "?id=mine")).toMatchObject(refused);
    expect(await send(event, "?id=mine", "other")).toMatchObject(refused);
    expect(await latest("?id=mine")).toEqual(before);
    expect(await latest("?id=mine&scope=s1")).toEqual([]);
    expect(await latest("?id=mine", "other")).toEqual([]);
  });

  test("must be that of the data, by the key that the evidence binds", async () => {
    const event = signed({ rows: 1 });
    const other = newKey();
    const publicKey = Buffer.from(other.publicKey.export({ type: "spki", format: "pem" })).toString("base64");
    const data = Buffer.from('{"rows":2}').toString("base64");
    const mismatch = refusal(400, "SignatureMismatch");
    expect(await send({ ...event, data })).toMatchObject(mismatch);
    expect(await send({ ...event, sign: { ...event.sign, signature: signature('{"rows":1}', other.privateKey) } })).toMatchObject(mismatch);
    expect(await send({ ...event, sign: { ...event.sign, signature: signature('{"rows":1}', room.key.privateKey, 20) } })).toMatchObject(
      mismatch,
    );
    expect(await send({ ...event, sign: { publicKey, signature: signature('{"rows":1}', other.privateKey) } })).toMatchObject(
      refusal(400, "ReportDataMismatch"),
    );
  });
});

describe("a refused event", () => {
  const event = signed("x");

  test("is told what is missing, in the order in which it is looked for", async () => {
    const { attestation, sign } = event;
    expect(await send({})).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await send({ attestation })).toMatchObject(refusal(400, "SignatureMissing"));
    expect(await send({ attestation, sign })).toMatchObject(refusal(400, "TimestampMissing"));
    expect(await send({ attestation, sign: {}, timestamp: NOW })).toMatchObject(refusal(400, "SignatureMissing"));
    expect(await send({ attestation: {}, sign, timestamp: "99999999999999" })).toMatchObject(refusal(400, "TimestampTooLarge"));
    expect(await send({ attestation: {}, sign, timestamp: NOW })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await send({ attestation, sign, timestamp: NOW })).toMatchObject(refusal(400, "DataMissing"));
    expect(await send({ ...event, platform: "snp-cvm" })).toMatchObject(refusal(400, "UnsupportedPlatform"));
    expect(await send(event, "", "unknown")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test("has a time that is none: it would break every later read", async () => {
    for (const timestamp of ["now", "-1", "1e12", "1.5", " 1", "NaN", "0x1", "١", 1700000000000, true, {}, ["1"]]) {
      expect(await send({ ...event, timestamp }), JSON.stringify(timestamp)).toMatchObject(refusal(400, "InvalidInput"));
    }
    for (const timestamp of [null, ""]) expect(await send({ ...event, timestamp })).toMatchObject(refusal(400, "TimestampMissing"));
  });

  test("has data that are no JSON, or not base64", async () => {
    for (const data of ["started", "{", "[".repeat(1000), '{"a":1e999}']) {
      expect(await send(room.signed(data, { timestamp: NOW }))).toMatchObject(refusal(400, "InvalidInput"));
    }
    expect(await send({ ...event, data: "%%%" })).toMatchObject(refusal(400, "InvalidInput"));
  });

  test("names an id or a scope that is none", async () => {
    for (const query of ["?id=a%20b", "?scope=a:b", "?id=-", `?scope=${"a".repeat(129)}`, "?id=a&id=b", "?scope=é"].map(encodeURI)) {
      expect(await send(event, query)).toMatchObject(refusal(400, "InvalidInput"));
      expect(await alice.call("GET", linkOf(query))).toMatchObject(refusal(400, "InvalidInput"));
    }
  });
});

describe("the history of an event", () => {
  const query = "id=h&scope=s1";
  const written: number[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 4; i++) {
      written.push(await put(i, `?${query}`));
      await put("noise", "?id=h");
      await put("noise", "?id=i&scope=s1");
    }
  });

  test("holds all that was written to it, and nothing of others", async () => {
    const { status, body } = await settled(alice, linkOf(`?${query}&from_seqno=1`));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { value: written.map((seqno, data) => ({ seqno, data, id: "h", scope: "s1" })) },
    });
    expect(body).not.toHaveProperty("nextLink");
    const { value } = body as { value: Event[] };
    expect(value[3]).toEqual((await latest(`?${query}`))[0]);
  });

  test("comes in exact pages, whose links repeat all that was asked", async () => {
    const [first = 0, , , last = 0] = written;
    const links: string[] = [];
    const range = `from_seqno=${first}&to_seqno=${last}&max_seqno_per_page=3`;
    const entries = await wholeHistory<Event>(alice, linkOf(`?${query}&${range}`), links);
    expect(entries.map(({ seqno }) => seqno)).toEqual(written);
    expect(links).toHaveLength(Math.ceil((last - first + 1) / 3) - 1);
    expect(links[0]).toBe(linkOf(`?from_seqno=${first + 3}&to_seqno=${last}&max_seqno_per_page=3&id=h&scope=s1`));
    expect(await wholeHistory<Event>(bob, links[0] ?? "")).toEqual(entries.slice(1));
  });

  test("without a scope, the links name none", async () => {
    const { body } = await settled(alice, linkOf("?id=h&from_seqno=1&max_seqno_per_page=2"));
    expect((body as { nextLink: string }).nextLink).toMatch(
      /^\/app\/contracts\/c1\/events\?from_seqno=3&to_seqno=\d+&max_seqno_per_page=2&id=h$/,
    );
  });

  test("of one that was never written is empty at once", async () => {
    expect(await alice.call("GET", linkOf("?id=never&from_seqno=1"))).toMatchObject({ status: 200, body: { value: [] } });
    expect(await alice.call("GET", linkOf("?from_seqno=1", "unknown"))).toMatchObject({ status: 200, body: { value: [] } });
  });

  test("asked for with numbers that are none is refused, also where the latest is meant", async () => {
    for (const range of ["from_seqno=0", "to_seqno=x", "max_seqno_per_page=-1", "from_seqno=2&to_seqno=1", "to_seqno=100000000"]) {
      expect(await alice.call("GET", linkOf(`?${query}&${range}`))).toMatchObject(refusal(400, "InvalidInput"));
    }
  });
});

test("events are for members and users to read", async () => {
  expect(await call(place.anonymous, "GET", linkOf())).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
});
