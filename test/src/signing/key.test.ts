import { expect, test } from "vitest";
import { Application } from "../application.js";

type Row = { readonly kid: string; readonly publicKey: string; readonly privateKey: string };

test("a key that was replaced is still published, but can sign nothing any more", async () => {
  const app = await Application.start();
  const row = (name: string): Row | undefined => {
    const bytes = app.store.begin().table("oidc_issuer.signing_keys").get(Buffer.from(name));
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Row);
  };
  const generateFor = (request: string) => {
    app.govern("oidc_issuer", "generateSigningKeyRequestId", request);
    return app.call("post", "/oidc/generateSigningKey");
  };
  app.govern("oidc_issuer", "enabled", "true");
  app.govern("oidc_issuer", "generateSigningKeyKid", "k");

  expect(generateFor("1")).toMatchObject({ status: 200, body: { reqId: "1", kid: "k-1" } });
  const first = row("signingKey");
  expect(first).toMatchObject({ kid: "k-1", privateKey: expect.stringContaining("PRIVATE KEY") as unknown });
  expect(generateFor("1")).toMatchObject({ status: 200, body: { reqId: "1", kid: "k-1" } });
  expect(row("signingKey")).toEqual(first);
  expect(row("previousSigningKey")).toBeUndefined();

  expect(generateFor("2")).toMatchObject({ status: 200, body: { reqId: "2", kid: "k-2" } });
  expect(row("previousSigningKey")).toEqual({ ...first, privateKey: "" });
  expect(row("signingKey")).toMatchObject({ kid: "k-2", privateKey: expect.stringContaining("PRIVATE KEY") as unknown });
  expect(row("signingKey")?.publicKey).not.toBe(first?.publicKey);
});
