import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { call } from "../support/answer.js";
import type { Place } from "../support/consortium.js";

/** The web site of a tenant, at a URL of its own: it publishes what the service says about the tenant's issuer. */
export async function publish(
  place: Place,
  tenantId: string,
  end: (stop: () => Promise<void>) => void,
): Promise<{ readonly url: string; readonly refresh: () => Promise<void> }> {
  const documents = new Map<string, unknown>();
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? "");
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  end(
    () =>
      new Promise((closed) =>
        server.close(() => {
          closed();
        }),
      ),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    refresh: async () => {
      const discovery = await call(place.anonymous, "GET", `/app/oidc/.well-known/openid-configuration?tid=${tenantId}`);
      const { issuer, jwks_uri } = discovery.body as { issuer: string; jwks_uri: string };
      documents.set(`${new URL(issuer).pathname.replace(/\/$/, "")}/.well-known/openid-configuration`, discovery.body);
      documents.set(new URL(jwks_uri).pathname, (await call(place.anonymous, "GET", "/app/oidc/keys")).body);
    },
  };
}
