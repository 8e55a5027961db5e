import { beforeAll, expect, test } from "vitest";
import { Application } from "../application.js";

let app: Application;
beforeAll(async () => {
  app = await Application.start();
});

test("an event that another application wrote with a time that is none can still be read", () => {
  const events = (timestamp: string) => {
    app.change((tx) => {
      tx.table("public:events-c1").set(Buffer.from("c1"), Buffer.from(JSON.stringify({ timestamp, data: "started" })));
    });
    return app.call("get", "/contracts/{contractId}/events", { params: { contractId: "c1" } });
  };
  for (const timestamp of ["yesterday", "NaN", "-9e99", "99999999999999999"]) {
    const seqno = app.store.seqno + 1;
    expect(events(timestamp)).toMatchObject({ status: 200, body: { value: [{ scope: "", id: "c1", seqno, timestamp, data: "started" }] } });
  }
});

test("history that was never asked for is not fetched: latest events are read from the store", () => {
  const params = { contractId: "c1" };
  expect(app.call("get", "/contracts/{contractId}/events", { params, query: "max_seqno_per_page=5" }).status).toBe(200);
  expect(app.call("get", "/contracts/{contractId}/events", { params, query: "from_seqno=1" })).toMatchObject({ status: 202 });
});
