import { expect, test } from "vitest";
import { start } from "./application.js";

test("quotes and attestations show what the virtual platform measured, in hexadecimal", async () => {
  const { sandbox } = await start();
  const get = async (url: string): Promise<unknown> => (await sandbox.request({ url })).json();
  const self = { format: "Insecure_Virtual", measurement: Buffer.from("Insecure hard-coded virtual measurement v1").toString("hex") };
  expect(await get("/node/quotes/self")).toMatchObject(self);
  expect(await get("/node/quotes")).toMatchObject({ quotes: [self] });
  expect(await get("/node/attestations/self")).toMatchObject(self);
  expect(await get("/node/attestations")).toMatchObject({ attestations: [self] });
});
