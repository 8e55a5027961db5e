import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { blobStorage } from "../../azure/blobStorage.js";
import { rest } from "../../azure/rest.js";

/** @returns its URL */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const text = Buffer.from("text");

/** All that a store is asked for. */
const calls: Readonly<Record<string, (url: string, signal: AbortSignal) => Promise<unknown>>> = {
  "a call of a service": (url, signal) => rest({ signal })("GET", url),
  "a list of blobs": (url, signal) => account(url, signal).container("data").list()[Symbol.asyncIterator]().next(),
  "an upload": (url, signal) => account(url, signal).container("data").put("a.csv", text),
  "a download": (url, signal) => account(url, signal).container("data").get("a.csv"),
  "a removal": (url, signal) => account(url, signal).container("data").remove("a.csv"),
  "a new container": (url, signal) => account(url, signal).createContainer("data"),
};

const account = (url: string, signal: AbortSignal) => blobStorage(`${url}/account`, { access: { kind: "anonymous" }, signal });

// Without a signal, each of these would go on for as long as the test may last.
test.each(Object.keys(calls))("%s of a service that does not answer ends when it is told to", async (name) => {
  const told = new AbortController();
  const url = await serve(() => {
    told.abort();
  });
  await expect(calls[name]?.(url, told.signal)).rejects.toThrow(/aborted/);
});

test("an upload that waits for its next attempt ends when it is told to", async () => {
  const told = new AbortController();
  let asked = 0;
  const url = await serve((_, answer) => {
    answer.writeHead(503).end();
    // The second attempt comes at once, the third after half a second.
    const end = (): void => {
      told.abort();
    };
    if (++asked === 2) setTimeout(end, 50);
  });
  await expect(calls["an upload"]?.(url, told.signal)).rejects.toThrow(/aborted/);
  expect(asked).toBe(2);
});

test("a download that stands still in its middle ends when it is told to", async () => {
  const told = new AbortController();
  const url = await serve((_, answer) => {
    answer.writeHead(200, { "content-length": "1000", etag: "1" }).write("the beginning");
  });
  const { content } = await account(url, told.signal).container("data").get("a.csv");
  const read = async (): Promise<void> => {
    for await (const chunk of content) {
      expect(Buffer.from(chunk).toString()).toBe("the beginning");
      told.abort();
    }
  };
  await expect(read()).rejects.toThrow(/aborted/);
});
