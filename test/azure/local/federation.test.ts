import { SignJWT, exportJWK, generateKeyPair, type JWTPayload } from "jose";
import { beforeAll, expect, test } from "vitest";
import { ids, localCloud, refusalOf, type LocalSetting } from "./support.js";

const AUDIENCE = "api://AzureADTokenExchange";
const keys = await generateKeyPair("RS256");
const strangers = await generateKeyPair("RS256");
const scope = "https://vault.azure.net/.default";

let at: LocalSetting;
let issuer: string;

/** Publishes the documents of an issuer in a container that everybody may read. */
async function publish(
  container: string,
  publicKey: Awaited<ReturnType<typeof generateKeyPair>>["publicKey"],
  named?: string,
): Promise<string> {
  const endpoint = at.cloud.blobEndpointOf(ids.storage);
  const account = at.cloud.blobs(endpoint);
  await account.createContainer(container, { publicRead: true });
  const url = `${endpoint}${container}`;
  const put = (name: string, value: unknown) => account.container(container).put(name, Buffer.from(JSON.stringify(value)));
  await put(".well-known/openid-configuration", { issuer: named ?? url, jwks_uri: `${url}/openid/v1/jwks` });
  await put("openid/v1/jwks", { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", use: "sig", alg: "RS256" }] });
  return url;
}

beforeAll(async () => {
  at = await localCloud();
  issuer = await publish("oidc", keys.publicKey);
  const credential = { issuer, subject: "collab1-ml", audiences: [AUDIENCE] };
  await at.cloud.management().setFederatedCredential(ids.identity, "collab1-ml-federation", credential);
  return at.close;
}, 60_000);

const inMinutes = (minutes: number): number => Math.floor(Date.now() / 1000) + minutes * 60;

function assertion(
  { exp = inMinutes(5), ...changes }: Omit<JWTPayload, "exp"> & { readonly exp?: number | null } = {},
  key = keys.privateKey,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: "collab1-ml", aud: AUDIENCE, iat: now, nbf: now, ...changes, ...(exp !== null && { exp }) };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(key);
}

async function exchange(token: string | Promise<string>): Promise<string> {
  const identity = await at.cloud.identityOf(ids.identity);
  const credential = at.cloud.federated(identity, () => Promise.resolve(token));
  return refusalOf(credential.token(scope));
}

test("a token of the issuer that an identity is federated with becomes an access token, with the roles of the identity", async () => {
  const { cloud } = at;
  const identity = await cloud.identityOf(ids.identity);
  const endpoint = cloud.vaultEndpointOf(ids.vault);
  await cloud.vault(endpoint).setSecret("wrapped-cowin-dek", "c2VjcmV0");
  const asIdentity = cloud.vault(
    endpoint,
    cloud.federated(identity, () => assertion()),
  );
  expect(await refusalOf(asIdentity.getSecret("wrapped-cowin-dek"))).toMatch(/^Forbidden: .*no role that allows readSecrets/);
  await cloud.management().assignRole(ids.vault, identity.principalId, "Key Vault Secrets User");
  expect(await asIdentity.getSecret("wrapped-cowin-dek")).toBe("c2VjcmV0");
  expect(await refusalOf(asIdentity.setSecret("wrapped-cowin-dek", "x"))).toMatch(/^Forbidden: .*no role that allows writeSecrets/);
});

test("a token for another contract, audience, issuer or time, or of another key, becomes nothing", async () => {
  const now = Math.floor(Date.now() / 1000);
  const other = await publish("other", strangers.publicKey);
  expect(await exchange(assertion())).toBe("not refused");
  const [head = "", body = ""] = (await assertion()).split(".");
  const refusals = await Promise.all(
    [
      assertion({ sub: "collab2" }),
      assertion({ aud: "api://another" }),
      assertion({ aud: [AUDIENCE, "api://another"] }),
      assertion({ iss: other }, strangers.privateKey),
      assertion({ nbf: now - 900, exp: now - 300 }),
      assertion({ nbf: now + 300 }),
      assertion({ exp: null }),
      assertion({}, strangers.privateKey),
      `${head}.${body}.`,
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
      new SignJWT({ iss: issuer, sub: "collab1-ml", aud: AUDIENCE, exp: now + 300 })
        .setProtectedHeader({ alg: "HS256", kid: "k1" })
        .sign(Buffer.from(JSON.stringify(await exportJWK(keys.publicKey)))),
      "no token",
    ].map(exchange),
  );
  const noRecord = expect.stringMatching(/^invalid_client: .*AADSTS700213/) as unknown;
  const badTime = expect.stringMatching(/^invalid_client: .*AADSTS700024/) as unknown;
  const badSignature = expect.stringMatching(/^invalid_client: .*AADSTS7000?27/) as unknown;
  expect(refusals).toEqual([
    ...[noRecord, noRecord, noRecord, noRecord],
    ...[badTime, badTime, badTime],
    ...[badSignature, badSignature, badSignature, badSignature],
    expect.stringMatching(/^invalid_client: .*AADSTS50027/),
  ]);
});

test("an issuer whose discovery document is that of another is not believed", async () => {
  const { cloud } = at;
  const copy = await publish("copy", strangers.publicKey, issuer);
  const audiences = [AUDIENCE];
  await cloud.management().setFederatedCredential(ids.identity, "copy", { issuer: copy, subject: "collab3", audiences });
  expect(await exchange(assertion({ iss: copy, sub: "collab3" }, strangers.privateKey))).toMatch(/AADSTS50166: .*document is that of/);
  await cloud.management().setFederatedCredential(ids.identity, "far", { issuer: "https://example.com/a", subject: "collab4", audiences });
  expect(await exchange(assertion({ iss: "https://example.com/a", sub: "collab4" }))).toMatch(
    /AADSTS50166: .*not an HTTPS URL of this machine/,
  );
});

test("who is not the person at this machine manages nothing, and nobody gets in with a wrong secret", async () => {
  const { cloudAt } = await import("../../../azure/cloud.js");
  const { services } = at.local;
  if (!services) throw new Error("no services");
  const wrong = cloudAt({ ...at.local, services: { ...services, login: { ...services.login, secret: "guess" } } });
  expect(await refusalOf(wrong.identityOf(ids.identity))).toMatch(/^invalid_client: .*AADSTS7000215/);
  const identity = await at.cloud.identityOf(ids.identity);
  const { management } = await import("../../../azure/management.js");
  const asIdentity = management(services.management, {
    credential: at.cloud.federated(identity, () => assertion()),
    ca: at.local.ca ?? "",
  });
  expect(await refusalOf(asIdentity.identity(ids.identity))).toMatch(/^AuthorizationFailed: /);
});

test("the services answer under the names of this machine alone", async () => {
  const { request, Agent } = await import("undici");
  const dispatcher = new Agent({ connect: { ca: at.local.ca ?? "", checkServerIdentity: () => undefined } });
  const ask = async (headers: Record<string, string>) => (await request(`${at.attestation}/certs`, { dispatcher, headers })).statusCode;
  expect(await Promise.all([{}, { host: "evil.example" }, { origin: "https://evil.example" }].map(ask))).toEqual([200, 403, 403]);
  await dispatcher.close();
});
