import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ids, localCloud } from "./support.js";

test("a storage account is there once it was made, and whoever is connected for the sake of another stays so", async () => {
  const { cloud, local, close } = await localCloud();
  onTestFinished(close);
  const connection = connect(Number(new URL(local.blobs.url).port), "127.0.0.1");
  onTestFinished(() => void connection.destroy());
  await once(connection, "connect");
  let closed = false;
  connection.on("close", () => (closed = true)).resume();

  const others = ["tdcsa", "isvsa"].map((name) => ids.storage.replace("tdpsa", name));
  await Promise.all(others.map((id) => cloud.management().create(id)));
  const account = cloud.blobs(cloud.blobEndpointOf(ids.storage)); // was made while the store ran, too
  await account.createContainer("data");
  await account.container("data").put("x", Buffer.from("x"));
  expect(closed).toBe(false);
});
