import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import { refusal, type Answer } from "../support/answer.js";
import { call } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, type Party } from "../support/party.js";

const people = {
  alice: { tenantId: "tenant-a" },
  anne: { tenantId: "tenant-a" },
  bob: { tenantId: "tenant-b" },
  carol: {},
};
const { place, members } = await consortium(people, afterAll);
const { alice, anne, bob, carol } = members;
const [invited, user, stranger] = [place.stranger("invited"), place.stranger("user"), place.stranger("stranger")];
const everybody = [alice, anne, bob, carol] as const;

const DISCOVERY = "/app/oidc/.well-known/openid-configuration";
const read = (path: string): Promise<Answer> => call(place.anonymous, "GET", path);
const setIssuerUrl = (party: Party, url: unknown): Promise<Answer> => party.call("POST", "/app/oidc/setIssuerUrl", { url });
const generateKey = (party: Party): Promise<Answer> => party.call("POST", "/app/oidc/generateSigningKey");
const infoFor = async (party: Party): Promise<unknown> => (await party.call("GET", "/app/oidc/issuerInfo")).body;

beforeAll(async () => {
  await agree(everybody, setMember({ certificate: invited.certificate, memberData: { tenantId: "tenant-a" } }));
  await agree(everybody, { name: "set_user", args: { cert: user.certificate, user_data: { tenantId: "tenant-a" } } });
});

describe("before the members have enabled it", () => {
  test("there is no issuer, no key, and no way to make one", async () => {
    expect(await infoFor(alice)).toEqual({ enabled: false });
    expect(await generateKey(alice)).toMatchObject(refusal(405, "OidcIssuerNotEnabled"));
    expect(await read("/app/oidc/keys")).toMatchObject(refusal(405, "SigningKeyNotAvailable"));
    // Where the public service describes an issuer named "{placeholder}".
    expect(await read(DISCOVERY)).toMatchObject(refusal(405, "IssuerUrlNotSet"));
    expect(await read(`${DISCOVERY}?tid=tenant-a`)).toMatchObject(refusal(405, "IssuerUrlNotSet"));
  });
});

describe("once the members have enabled it", () => {
  beforeAll(() => agree(everybody, { name: "enable_oidc_issuer", args: { kid: "first" } }));

  test("an active member makes the key, once, whoever asks again", async () => {
    expect(await generateKey(invited)).toMatchObject(refusal(403, "CallerNotAuthorized"));
    expect(await generateKey(user)).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
    expect(await read("/app/oidc/keys")).toMatchObject(refusal(405, "SigningKeyNotAvailable"));

    expect(await generateKey(alice)).toMatchObject({ status: 200, body: { reqId: "1", kid: "first-1" } });
    const keys = await read("/app/oidc/keys");
    expect(keys.body).toEqual({
      keys: [{ alg: "PS256", use: "sig", kty: "RSA", kid: "first-1", e: "AQAB", n: expect.stringMatching(/^[\w-]{342}$/) as unknown }],
    });

    expect(await generateKey(bob)).toMatchObject({ status: 200, body: { reqId: "1", kid: "first-1" } });
    expect((await read("/app/oidc/keys")).body).toEqual(keys.body);
  });

  test("discovery has every member that the standard requires, and says what the tokens are", async () => {
    await agree(everybody, { name: "set_oidc_issuer_url", args: { issuer_url: "https://issuer.example/oidc" } });
    expect((await read(DISCOVERY)).body).toEqual({
      issuer: "https://issuer.example/oidc",
      authorization_endpoint: "https://issuer.example/oidc/authorize",
      jwks_uri: "https://issuer.example/oidc/keys",
      response_types_supported: ["id_token"],
      grant_types_supported: ["implicit"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["PS256"],
    });
    expect(await infoFor(carol)).toEqual({ enabled: true, issuerUrl: "https://issuer.example/oidc" });
  });

  test("below an issuer URL that ends with a slash, addresses have one slash", async () => {
    await agree(everybody, { name: "set_oidc_issuer_url", args: { issuer_url: "https://issuer.example/" } });
    expect((await read(DISCOVERY)).body).toMatchObject({
      issuer: "https://issuer.example/",
      authorization_endpoint: "https://issuer.example/authorize",
      jwks_uri: "https://issuer.example/keys",
    });
  });
});

describe("the issuer of a tenant", () => {
  test("is set by its members, one after the other, and can be discovered", async () => {
    expect(await setIssuerUrl(alice, "https://a.example/oidc")).toMatchObject({ status: 200, body: undefined });
    expect(await setIssuerUrl(anne, "https://a.example/new")).toMatchObject({ status: 200 });
    const tenantData = { tenantId: "tenant-a", issuerUrl: "https://a.example/new" };
    for (const party of [alice, anne, invited, user]) expect(await infoFor(party)).toMatchObject({ tenantData });
    expect((await alice.call("POST", "/app/oidc/issuerInfo")).body).toEqual(await infoFor(alice));

    expect((await read(`${DISCOVERY}?tid=tenant-a`)).body).toEqual({
      issuer: "https://a.example/new",
      authorization_endpoint: "https://a.example/new/authorize",
      jwks_uri: "https://a.example/new/openid/v1/jwks",
      response_types_supported: ["id_token"],
      grant_types_supported: ["implicit"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["PS256"],
    });
  });

  test("is that of the service while the tenant has none", async () => {
    for (const tid of ["", "tenant-b", "__proto__"])
      expect((await read(`${DISCOVERY}?tid=${tid}`)).body).toMatchObject({ issuer: "https://issuer.example/" });
  });

  test("is nothing that members of other tenants could change or are told about", async () => {
    const before = await infoFor(alice);
    expect(await setIssuerUrl(bob, "https://b.example")).toMatchObject({ status: 200 });
    expect(await infoFor(alice)).toEqual(before);
    expect(await infoFor(bob)).toMatchObject({ tenantData: { tenantId: "tenant-b", issuerUrl: "https://b.example" } });
    expect(await infoFor(carol)).not.toHaveProperty("tenantData");
    const elsewhere = { url: "https://b.example/evil", tenantId: "tenant-a", tid: "tenant-a" };
    expect(await bob.call("POST", "/app/oidc/setIssuerUrl?tid=tenant-a&tenantId=tenant-a", elsewhere)).toMatchObject({ status: 200 });
    expect(await infoFor(alice)).toEqual(before);
  });
});

describe("an issuer URL is refused, and nothing changes,", () => {
  let before: unknown[];
  const seen = () => Promise.all([alice, bob].map(infoFor));
  beforeAll(async () => {
    before = await seen();
  });
  afterEach(async () => {
    expect(await seen()).toEqual(before);
  });

  test.each([
    ["http over a network", "http://a.example", "InvalidUrl"],
    ["a host that only looks like a loopback", "http://localhost.a.example", "InvalidUrl"],
    ["no host", "https://", "InvalidUrl"],
    ["credentials", "https://bob:secret@a.example", "InvalidUrl"],
    ["a query", "https://a.example?x=1", "InvalidUrl"],
    ["a fragment", "https://a.example#x", "InvalidUrl"],
    ["another scheme", "ftp://a.example", "InvalidUrl"],
    ["an empty text", "", "InvalidUrl"],
    ["null", null, "InvalidUrl"],
    ["nothing", undefined, "InvalidUrl"],
    ["a number", 1, "InvalidInput"],
    ["a list", ["https://a.example"], "InvalidInput"],
    ["too much text", `https://a.example/${"a".repeat(3000)}`, "InvalidInput"],
  ])("for %s", async (_what, url, code) => {
    expect(await setIssuerUrl(alice, url)).toMatchObject(refusal(400, code));
  });

  test("from who is no active member of a tenant", async () => {
    expect(await setIssuerUrl(carol, "https://a.example")).toMatchObject(refusal(400, "NoTenantIdMemberData"));
    expect(await setIssuerUrl(invited, "https://a.example")).toMatchObject(refusal(403, "CallerNotAuthorized"));
    for (const party of [user, stranger]) {
      expect(await setIssuerUrl(party, "https://a.example")).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
    }
    const answer = await call(place.anonymous, "POST", "/app/oidc/setIssuerUrl", { url: "https://a.example" });
    expect(answer).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
  });
});

test("a tenant that is no text, or an empty one, is none", async () => {
  for (const tenantId of [1, "", null, ["tenant-a"], { id: "tenant-a" }, "tenant-a\0", "tenant-a\0b"]) {
    await agree(everybody, { name: "set_member_data", args: { member_id: carol.id, member_data: { tenantId } } });
    expect(await setIssuerUrl(carol, "https://a.example")).toMatchObject(refusal(400, "NoTenantIdMemberData"));
    expect(await infoFor(carol)).not.toHaveProperty("tenantData");
  }
});
