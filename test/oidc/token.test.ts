import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { agreedRoom, cleanRoom, type CleanRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { agree } from "../support/party.js";
import { publish } from "./publish.js";
import { verify } from "./verifier.js";

const { place, members } = await consortium({ alice: { tenantId: "tenant-a" }, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;
const SERVICE_ISSUER = `${place.service.url ?? ""}/app/oidc`;

let a: CleanRoom;
let b: CleanRoom;
beforeAll(async () => {
  await agree([alice, bob], { name: "enable_oidc_issuer", args: { kid: "kid" } });
  a = await agreedRoom(place, [alice, bob], { contractId: "a", hostData: "0a".repeat(32) });
  b = await agreedRoom(place, [alice, bob], { contractId: "b", hostData: "0b".repeat(32) });
});

/** Seconds since 1970. */
const now = (): number => Math.floor(Date.now() / 1000);

type Query = Readonly<Record<string, string | number | undefined>>;

/** As the stock client asks. */
const usual = (subject: string): Query => ({
  nbf: now(),
  exp: now() + 300,
  iat: now(),
  jti: "0d0b3b1e-9f3c-4f0e-8d8e-1f2a3b4c5d6e",
  sub: subject,
  tid: "tenant-a",
  aud: "api://AzureADTokenExchange",
});

const written = (query: Query): string =>
  Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join("&");

const askWith = (query: string, room: CleanRoom, contractId = room.contractId, body: unknown = room.attested()): Promise<Answer> =>
  call(place.anonymous, "POST", `/app/contracts/${contractId}/oauth/token?${query}`, body);

const ask = (room: CleanRoom, changes: Query = {}): Promise<Answer> =>
  askWith(`&${written({ ...usual(room.contractId), ...changes })}`, room);

function tokenOf(room: CleanRoom, { status, body }: Answer): string {
  expect({ status, body }).toMatchObject({ status: 200, body: { value: expect.any(String) as unknown } });
  return room.unwrap((body as { value: string }).value);
}

const issue = async (room: CleanRoom, changes?: Query): Promise<string> => tokenOf(room, await ask(room, changes));
const parts = (token: string): string[] => token.split(".").slice(0, 2).map((part) => Buffer.from(part, "base64url").toString("utf8")); // prettier-ignore
const claimsOf = (token: string): unknown => JSON.parse(parts(token)[1] ?? "");

describe("a token", () => {
  test("cannot be had without a key and an issuer", async () => {
    expect(await ask(a)).toMatchObject(refusal(405, "SigningKeyNotAvailable"));
    expect(await alice.call("POST", "/app/oidc/generateSigningKey")).toMatchObject({ status: 200 });
    expect(await ask(a)).toMatchObject(refusal(405, "IssuerUrlNotSet"));
    await agree([alice, bob], { name: "set_oidc_issuer_url", args: { issuer_url: SERVICE_ISSUER } });
    expect(await ask(a)).toMatchObject({ status: 200 });
  });

  test("says what was asked for, with dates that are numbers, in the order of the public service", async () => {
    const query = usual("a");
    const [header, claims] = parts(await issue(a, query));
    expect(header).toBe('{"alg":"PS256","typ":"JWT","kid":"kid-1"}');
    expect(claims).toBe(
      `{"aud":"${query.aud ?? ""}","exp":${query.exp ?? ""},"iss":"${SERVICE_ISSUER}","jti":"${query.jti ?? ""}",` +
        `"nbf":${query.nbf ?? ""},"sub":"a","iat":${query.iat ?? ""}}`,
    );
  });

  test("is accepted by a strict verifier that discovers the service itself", async () => {
    const token = await issue(a);
    const expected = { issuer: SERVICE_ISSUER, audience: "api://AzureADTokenExchange", subject: "a" };
    const { payload, protectedHeader } = await verify(token, expected, place.service.serviceCertificate);
    expect(protectedHeader).toEqual({ alg: "PS256", typ: "JWT", kid: "kid-1" });
    expect(payload).toMatchObject({ sub: "a", iat: expect.any(Number) as unknown });
    for (const change of [{ audience: "other" }, { subject: "b" }]) {
      await expect(verify(token, { ...expected, ...change }, place.service.serviceCertificate)).rejects.toThrow(/unexpected/);
    }
    const [, claims, signature] = token.split(".");
    const forged = [Buffer.from('{"alg":"PS256","typ":"JWT","kid":"kid-2"}').toString("base64url"), claims, signature].join(".");
    await expect(verify(forged, expected, place.service.serviceCertificate)).rejects.toThrow("no applicable key found");
  });

  test("keeps texts of any script, and = in values", async () => {
    const aud = "https://ex.example/?q=ä→𝄞&b".replace("&b", "=b=");
    const token = await issue(a, { aud: encodeURIComponent(aud), jti: "==" });
    expect(claimsOf(token)).toMatchObject({ aud, jti: "==" });
    const expected = { issuer: SERVICE_ISSUER, audience: aud, subject: "a" };
    await expect(verify(token, expected, place.service.serviceCertificate)).resolves.toBeDefined();
  });

  test("is valid from its date on when nothing else was asked for", async () => {
    const iat = now() - 5;
    expect(claimsOf(await issue(a, { nbf: undefined, iat }))).toMatchObject({ nbf: iat, iat });
    expect(claimsOf(await issue(a, { nbf: "", iat }))).toMatchObject({ nbf: iat, iat });
    expect(claimsOf(await issue(a, { nbf: iat - 60, iat }))).toMatchObject({ nbf: iat - 60, iat });
  });
});

describe("the issuer of a token", () => {
  test("is that of the tenant, and the documents that the tenant publishes are those of the service", async () => {
    const tenant = await publish(place, "tenant-a", afterAll);
    expect(await alice.call("POST", "/app/oidc/setIssuerUrl", { url: tenant.url })).toMatchObject({ status: 200 });
    await tenant.refresh();
    const expected = { issuer: tenant.url, audience: "api://AzureADTokenExchange", subject: "a" };
    await expect(verify(await issue(a), expected, place.service.serviceCertificate)).resolves.toBeDefined();
    expect(claimsOf(await issue(a, { iss: "" }))).toMatchObject({ iss: tenant.url });
    expect(claimsOf(await issue(a, { iss: tenant.url }))).toMatchObject({ iss: tenant.url });
  });

  test("is that of the service for other tenants, or when that is asked for", async () => {
    expect(claimsOf(await issue(a, { tid: "tenant-b" }))).toMatchObject({ iss: SERVICE_ISSUER });
    expect(claimsOf(await issue(a, { iss: SERVICE_ISSUER }))).toMatchObject({ iss: SERVICE_ISSUER });
  });

  test("is never free text", async () => {
    for (const iss of ["https://login.example", `${SERVICE_ISSUER}/`, SERVICE_ISSUER.toUpperCase(), "x", "__proto__"]) {
      expect(await ask(a, { iss })).toMatchObject(refusal(400, "InvalidInput", expect.stringMatching(/^query\/iss must be/)));
    }
  });
});

describe("the subject of a token", () => {
  test("is the contract's own, whatever else a clean room asks for", async () => {
    for (const sub of ["b", "A", "a%20", "+a", "a%00", "a%00b", "a%0A", "%61b", "a,b", "*", "__proto__", "constructor"]) {
      const answer = await ask(a, { sub });
      expect([400, 403], `${sub}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
    }
    expect(await ask(a, { sub: "b" })).toMatchObject(refusal(403, "SubjectNotAllowed"));
    expect(await ask(b, { sub: "a" })).toMatchObject(refusal(403, "SubjectNotAllowed"));
    expect(claimsOf(await issue(a, { sub: "%61" }))).toMatchObject({ sub: "a" });
  });

  test("cannot be smuggled past the check in a second parameter", async () => {
    const others = written({ ...usual("a"), sub: undefined });
    for (const query of ["sub=b&sub=a", "sub=a&sub=b", "sub=b%26sub=a", "sub=a%26sub=b", "sub=a&sub="]) {
      expect(await askWith(`${query}&${others}`, b), query).toMatchObject(refusal(400, "InvalidInput", "query/sub must be string"));
      expect(await askWith(`${others}&${query}`, b), query).toMatchObject(refusal(400, "InvalidInput", "query/sub must be string"));
    }
    expect(await askWith(`?sub=b&${others}`, a)).toMatchObject(refusal(403, "SubjectNotAllowed"));
    expect(await askWith(`${others}&SUB=a`, a)).toMatchObject(refusal(400, "InvalidInput", "query/sub is missing or empty"));
  });

  test("cannot be another contract's by asking in the name of that contract", async () => {
    const query = written({ ...usual("a"), sub: "a" });
    expect(await askWith(query, b, "a")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    const mixed = { ...(a.attested() as object), encrypt: (b.attested() as { encrypt: unknown }).encrypt };
    expect(await askWith(query, b, "a", mixed)).toMatchObject(refusal(400, "ReportDataMismatch"));
  });

  test("cannot be another contract's by way of a delegate: whom a contract lets in for a subject gets no token but for its own", async () => {
    const helper = cleanRoom(place, { contractId: "b", hostData: "0c".repeat(32) });
    const delegate = (sub: string) => `/app/contracts/b/cleanroompolicy/delegates/oauth-federation-subjects/${sub}`;
    expect(await ask(helper)).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    for (const sub of ["a", "b"]) {
      const change = b.signed({ type: "add", claims: helper.policy });
      expect(await call(place.anonymous, "PUT", delegate(sub), change)).toMatchObject({ status: 200 });
    }
    expect(claimsOf(await issue(helper))).toMatchObject({ sub: "b" });
    expect(await ask(helper, { sub: "a" })).toMatchObject(refusal(403, "SubjectNotAllowed"));
    expect(await ask(helper, { sub: "c" })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await askWith(written(usual("a")), helper, "a")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test("may be one that the members registered for the contract, which is then no other's", async () => {
    await agree([alice, bob], { name: "set_oidc_subject", args: { contractId: "a", subject: "repo:org/a=main" } });
    expect(claimsOf(await issue(a, { sub: "repo:org/a=main" }))).toMatchObject({ sub: "repo:org/a=main" });
    for (const sub of ["repo:org/a=main", "repo:org/a"]) {
      expect(await ask(b, { sub })).toMatchObject(refusal(403, "SubjectNotAllowed"));
    }
    expect(await ask(a, { sub: "repo:org/a" })).toMatchObject(refusal(403, "SubjectNotAllowed"));
    expect(claimsOf(await issue(a))).toMatchObject({ sub: "a" });

    await agree([alice, bob], { name: "remove_oidc_subject", args: { subject: "repo:org/a=main" } });
    expect(await ask(a, { sub: "repo:org/a=main" })).toMatchObject(refusal(403, "SubjectNotAllowed"));
  });
});

describe("a request for a token", () => {
  const at = 1_800_000_000;
  test.each([
    ["a lifetime of more than an hour", { iat: at, nbf: at, exp: at + 3601 }, /^query\/exp must be at most 3600 seconds after iat$/],
    ["a beginning long before its date", { iat: at, nbf: at - 3601, exp: at + 1 }, /^query\/nbf must be at most 3600 seconds before iat$/],
    ["no lifetime", { iat: at, nbf: at, exp: at }, /nbf <= iat < exp/],
    ["an end before its date", { iat: at, nbf: at, exp: at - 1 }, /nbf <= iat < exp/],
    ["a beginning after its date", { iat: at, nbf: at + 1, exp: at + 9 }, /nbf <= iat < exp/],
    ["a date that is a word", { exp: "foo" }, /^query\/exp must match/],
    ["a fraction", { iat: `${at}.5` }, /^query\/iat must match/],
    ["an exponent", { iat: "1e9" }, /^query\/iat must match/],
    ["another radix", { iat: "0x6b49d200" }, /^query\/iat must match/],
    ["a sign", { nbf: `-${at}` }, /^query\/nbf must match/],
    ["a space", { iat: `%20${at}` }, /^query\/iat must match/],
    ["a line end", { iat: `${at}%0A` }, /^query\/iat must match/],
    ["milliseconds", { exp: `${at}000` }, /^query\/exp must match/],
    ["a quote", { exp: `"${at}"` }, /^query\/exp must match/],
    ["digits of another script", { exp: encodeURIComponent("١٢٣٤") }, /^query\/exp must match/],
    ["a NUL in a claim", { jti: "a%00b" }, /^query\/jti must match/],
    ["a claim that is too long", { aud: "a".repeat(257) }, /^query\/aud must match/],
    ["an issuer that is too long", { iss: "a".repeat(2049) }, /^query\/iss must NOT have more/],
  ] as const)("with %s is refused", async (_what, changes, message) => {
    expect(await ask(a, changes)).toMatchObject(refusal(400, "InvalidInput", expect.stringMatching(message)));
  });

  test.each(["exp", "iat", "jti", "sub", "tid", "aud"])("without %s is refused, or with an empty one, or with two", async (name) => {
    const missing = refusal(400, "InvalidInput", `query/${name} is missing or empty`);
    expect(await ask(a, { [name]: undefined })).toMatchObject(missing);
    expect(await ask(a, { [name]: "" })).toMatchObject(missing);
    const twice = `${written(usual("a"))}&${name}=1`;
    expect(await askWith(twice, a)).toMatchObject(refusal(400, "InvalidInput", `query/${name} must be string`));
  });

  test("without a query is told first what is wrong with the evidence", async () => {
    const body = a.attested() as Record<string, unknown>;
    expect(await askWith("", a, "a", {})).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await askWith("", a, "a", { ...body, encrypt: undefined })).toMatchObject(refusal(400, "EncryptionMissing"));
    expect(await askWith("", b, "a")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await askWith("", a, "a", { ...body, encrypt: (b.attested() as { encrypt: unknown }).encrypt })).toMatchObject(
      refusal(400, "ReportDataMismatch"),
    );
    expect(await askWith("", a)).toMatchObject(refusal(400, "InvalidInput", "query/exp is missing or empty"));
  });

  test("is refused while a member has disabled the execution of the contract, and no other contract's", async () => {
    expect(await bob.call("POST", "/app/contracts/a/disable")).toMatchObject({ status: 200 });
    expect(await ask(a)).toMatchObject(refusal(403, "ContractDisabled"));
    expect(await ask(b)).toMatchObject({ status: 200 });
    expect(await bob.call("POST", "/app/contracts/a/enable")).toMatchObject({ status: 200 });
    expect(await ask(a)).toMatchObject({ status: 200 });
  });
});

describe("after a rotation of the key", () => {
  const rotate = async (): Promise<void> => {
    await agree([alice, bob], { name: "oidc_issuer_enable_rotate_signing_key", args: {} });
    expect(await bob.call("POST", "/app/oidc/generateSigningKey")).toMatchObject({ status: 200 });
  };
  const expected = { issuer: SERVICE_ISSUER, audience: "api://AzureADTokenExchange", subject: "a" };
  const accepted = (token: string) => verify(token, expected, place.service.serviceCertificate);
  const kidOf = (token: string): unknown => (JSON.parse(parts(token)[0] ?? "") as { kid: unknown }).kid;

  test("tokens of the old key and of the new one verify, and those of the key before no longer", async () => {
    const first = await issue(a, { iss: SERVICE_ISSUER });
    await rotate();
    const second = await issue(a, { iss: SERVICE_ISSUER });
    expect([first, second].map(kidOf)).toEqual(["kid-1", "kid-2"]);
    for (const token of [first, second]) await expect(accepted(token)).resolves.toBeDefined();

    await rotate();
    await expect(accepted(second)).resolves.toBeDefined();
    await expect(accepted(await issue(a, { iss: SERVICE_ISSUER }))).resolves.toBeDefined();
    await expect(accepted(first)).rejects.toThrow("no applicable key found");
  });

  test("until a member has made the new key, the old one signs", async () => {
    await agree([alice, bob], { name: "oidc_issuer_enable_rotate_signing_key", args: {} });
    expect(kidOf(await issue(a))).toBe("kid-3");
  });
});

test("who asks is found out before what is asked for, and texts in place of evidence and key say what is wrong with those", async () => {
  const query = "&sub=foo&tid=foo&aud=foo&nbf=foo&exp=foo&iat=foo&jti=foo";
  const attempt = (body: unknown) => askWith(query, a, "a", body);
  expect(await attempt({})).toMatchObject(refusal(400, "AttestationMissing"));
  expect(await attempt({ attestation: "doesnotmatter" })).toMatchObject(refusal(400, "EncryptionMissing"));
  expect(await attempt({ attestation: "invalid", encrypt: "doesnotmatter" })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  expect(await attempt({ ...a.attested(), encrypt: "doesnotmatter" })).toMatchObject(refusal(400, "ReportDataMismatch"));
  expect(await attempt(a.attested())).toMatchObject(refusal(400, "InvalidInput", expect.stringMatching(/^query\/iat /)));
});
