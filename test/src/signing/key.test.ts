import { expect, test } from "vitest";
import { Application } from "../application.js";

test("a key that was replaced is still published, but can sign nothing any more", async () => {
  const app = await Application.start();
  const request = (table: string, id: string): void => {
    for (const [key, value] of Object.entries({ enabled: "true", generateSigningKeyRequestId: id, generateSigningKeyKid: "k" })) {
      app.govern(table, key, value);
    }
  };
  const keysIn = (table: string): Record<string, { kid: string; publicKey: string; privateKey: string } | undefined> => {
    const rows = app.store.begin().table(table);
    return Object.fromEntries(
      ["signingKey", "previousSigningKey"].map((name) => {
        const row = rows.get(Buffer.from(name));
        return [name, row && (JSON.parse(Buffer.from(row).toString()) as { kid: string; publicKey: string; privateKey: string })];
      }),
    );
  };

  for (const area of ["oidc", "signing"]) {
    const [requests, table] = area === "oidc" ? ["oidc_issuer", "oidc_issuer.signing_keys"] : ["signing", "signing.signing_keys"];
    const generate = () => app.call("post", `/${area}/generateSigningKey`);
    request(requests, "1");
    expect(generate()).toMatchObject({ status: 200, body: { reqId: "1", kid: "k-1" } });
    const first = keysIn(table);
    expect(first).toMatchObject({ signingKey: { kid: "k-1", privateKey: expect.stringContaining("PRIVATE KEY") as unknown } });
    expect(first.previousSigningKey).toBeUndefined();
    expect(generate()).toMatchObject({ status: 200, body: { reqId: "1", kid: "k-1" } });
    expect(keysIn(table)).toEqual(first);

    for (const id of ["2", "3"]) {
      const { signingKey: before } = keysIn(table);
      request(requests, id);
      expect(generate()).toMatchObject({ status: 200, body: { reqId: id, kid: `k-${id}` } });
      const after = keysIn(table);
      expect(after.previousSigningKey).toEqual({ ...before, privateKey: "" });
      expect(after.signingKey?.publicKey).not.toBe(before?.publicKey);
    }
  }
});
