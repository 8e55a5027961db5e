import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { GovernanceService } from "./service.js";
import { person, signed } from "./signing.js";

const alice = person("alice");
const bob = person("bob", "P-256");
const stranger = person("stranger");
const encryption = generateKeyPairSync("rsa", { modulusLength: 2048 });
const encryptionPublicKey = encryption.publicKey.export({ type: "spki", format: "pem" }) as string;

let service: GovernanceService;
beforeEach(() => {
  service = new GovernanceService({
    members: [
      { certificate: alice.certificate, encryptionPublicKey },
      { certificate: bob.certificate, data: { role: "auditor" } },
    ],
    constitution: "// rules",
  });
});

describe("a fresh service", () => {
  test("is Opening, and as many recovery members as there are must take part in a recovery", () => {
    expect(service.get("/service/info").json).toEqual({
      certificate: service.identity.serviceCertificate,
      configuration: {
        maximumNodeCertificateValidityDays: 365,
        maximumServiceCertificateValidityDays: 365,
        recentCoseProposalsWindowSize: 100,
        recoveryThreshold: 1,
      },
      creationTransactionId: "2.1",
      recoveryCount: 0,
      serviceData: null,
      status: "Opening",
    });
  });

  test("shows its members, whose recovery role follows from their keys", () => {
    const first = {
      certificate: alice.certificate,
      memberData: null,
      memberId: alice.id,
      publicEncryptionKey: encryptionPublicKey,
      recoveryRole: "Participant",
      status: "Accepted",
    };
    const second = {
      certificate: bob.certificate,
      memberData: { role: "auditor" },
      memberId: bob.id,
      recoveryRole: "NonParticipant",
      status: "Accepted",
    };
    expect(service.get("/service/members").json).toEqual({ value: [first, second] });
    expect(service.get(`/service/members/${bob.id}`).json).toEqual(second);
  });

  test("shows its node with the identity that the platform vouches for", () => {
    const { value } = service.get("/service/nodes").json as { value: Record<string, unknown>[] };
    expect(value).toHaveLength(1);
    expect(value[0]).toMatchObject({
      nodeId: service.identity.nodeId,
      certificate: service.identity.nodeCertificate,
      status: "Trusted",
      quoteInfo: { format: "Insecure_Virtual", details: { reportData: Buffer.from(service.identity.nodeId, "hex").toString("base64") } },
      rpcInterfaces: { primary_rpc_interface: { publishedAddress: "127.0.0.1:8000" } },
    });
  });

  test("gives its constitution as text and knows no users, applications or token issuers", () => {
    expect(service.get("/service/constitution")).toMatchObject({
      status: 200,
      headers: { "content-type": "text/javascript" },
      text: "// rules",
    });
    expect(service.get("/service/users").json).toEqual({ value: [] });
    expect(service.get("/service/javascript-app").json).toEqual({ endpoints: {} });
    expect(service.get("/service/jwk").json).toEqual({ caCertBundles: {}, issuers: {}, keys: {} });
    expect(service.get("/members/proposals").json).toEqual({ value: [] });
  });
});

describe("a request without the right version of the API", () => {
  test("is refused with the versions that there are", () => {
    const list = "The supported api-versions are: 2023-06-01-preview, 2024-07-01";
    expect(service.get("/service/info", "1999-01-01").json).toEqual({
      error: { code: "UnsupportedApiVersionValue", message: `Unsupported api-version '1999-01-01'. ${list}` },
    });
    expect(service.get("/service/info", "2023-06-01-preview").status).toBe(200);
    expect(service.send({ method: "GET", path: "/service/info", query: "", headers: {}, body: new Uint8Array() }).json).toEqual({
      error: { code: "MissingApiVersionParameter", message: expect.stringContaining(list) as string },
    });
  });

  test("is refused for the application's code in the preview version", () => {
    expect(service.get("/service/javascript-app", "2023-06-01-preview").json).toEqual({
      error: {
        code: "UnsupportedApiVersionValue",
        message: "Unsupported api-version '2023-06-01-preview'. The supported api-versions are: 2024-07-01",
      },
    });
  });
});

describe("a member", () => {
  test("becomes Active by acknowledging the state digest, and may do so again", () => {
    expect(service.get(`/members/state-digests/${alice.id}`).json).toEqual({ memberId: alice.id, stateDigest: "" });
    expect(service.acknowledge(alice).status).toBe(204);
    expect(service.get(`/service/members/${alice.id}`).json).toMatchObject({ status: "Active" });
    expect(service.acknowledge(alice).status).toBe(204);
    expect(service.get(`/service/members/${bob.id}`).json).toMatchObject({ status: "Accepted" });
  });

  test("is asked to acknowledge the root that was signed last", () => {
    const root = service.tables.signature.get()?.root;
    expect(root).toMatch(/^[0-9a-f]{64}$/);
    const answer = service.post(`/members/state-digests/${bob.id}:update`, bob, "", { type: "state_digest" });
    expect(answer.json).toEqual({ memberId: bob.id, stateDigest: root });
  });

  test("cannot acknowledge another digest, or for another member", () => {
    const path = `/members/state-digests/${alice.id}:ack`;
    const ack = (signer = alice, body = '{"stateDigest":"00"}') => service.post(path, signer, body, { type: "ack" });
    expect(ack().json).toEqual({
      error: { code: "StateDigestMismatch", message: "Submitted state digest is not valid.\nExpected\n \nReceived\n 00" },
    });
    expect(ack(bob)).toMatchObject({ status: 400, json: { error: { code: "InvalidAuthenticationInfo" } } });
    expect(ack(alice, "{}").json).toEqual({
      error: { code: "InvalidInput", message: "[json.exception.type_error.302] type must be string, but is null" },
    });
    expect(ack(alice, "x").json).toMatchObject({ error: { code: "InvalidInput" } });
    expect(service.get(`/service/members/${alice.id}`).json).toMatchObject({ status: "Accepted" });
  });

  test("is refused with 401 and a challenge when the message is of another type, or the signer is nobody or not Active", () => {
    const create = (signer = alice, type: string | undefined = "proposal") =>
      service.post("/members/proposals:create", signer, "{}", { type });
    const refused = (message: string): object => ({
      status: 401,
      headers: { "www-authenticate": 'COSE-SIGN1 realm="Signed request access"' },
      json: {
        error: {
          code: "InvalidAuthenticationInfo",
          message: "Invalid authentication credentials.",
          details: [{ auth_policy: "active_member_cose_sign1", code: "InvalidAuthenticationInfo", message }],
        },
      },
    });
    expect(create()).toMatchObject(refused("Signer is not an ACTIVE member"));
    expect(create(stranger)).toMatchObject(refused("Signer is not a known member"));
    expect(create(alice, "ballot")).toMatchObject(
      refused("Found ccf.gov.msg.type set to ballot, expected ccf.gov.msg.type to be proposal"),
    );
    const untyped = new Map([["ccf.gov.msg.type", undefined]]);
    const missing = service.post("/members/proposals:create", alice, "{}", { header: untyped });
    expect(missing).toMatchObject(refused("Missing ccf.gov.msg.type, expected ccf.gov.msg.type to be proposal"));
  });

  test("must send the content type of COSE and nothing else", () => {
    const send = (headers: Record<string, string>) => {
      const body = signed(alice, "{}", { type: "proposal" });
      return service.send({ method: "POST", path: "/members/proposals:create", query: "api-version=2024-07-01", headers, body }).text;
    };
    expect(send({})).toContain("Missing content-type header");
    expect(send({ "content-type": "application/cose; cose-type=cose-sign1" })).toContain("Content type is not set to application/cose");
  });
});

describe("ids in paths", () => {
  const zero = "0".repeat(64);
  test.each([
    ["/service/members/nope", 400, "InvalidResourceName", "'nope' is not a valid hex-encoded member ID"],
    [`/service/members/${zero}`, 404, "ResourceNotFound", `Member m[${zero}] does not exist.`],
    ["/service/users/x", 400, "InvalidResourceName", "'x' is not a valid hex-encoded user ID"],
    [`/service/users/${zero}`, 404, "ResourceNotFound", `User u[${zero}] does not exist.`],
    ["/service/nodes/z", 400, "InvalidResourceName", "'z' is not a valid hex-encoded node ID"],
    [`/service/nodes/${zero}`, 404, "ResourceNotFound", `Node n[${zero}] does not exist.`],
    ["/members/proposals/abc", 400, "InvalidResourceName", "'abc' is not a valid hex-encoded proposal ID"],
    [`/members/proposals/${zero}`, 404, "ProposalNotFound", `Could not find proposal ${zero}.`],
    [`/members/proposals/${zero}/actions`, 404, "ProposalNotFound", `Could not find proposal ${zero}.`],
    [`/members/proposals/${zero}/ballots/${zero}`, 404, "ProposalNotFound", `Proposal ${zero} does not exist.`],
    ["/members/state-digests/zz", 404, "ResourceNotFound", "No ACK record exists for member m[zz]."],
    [`/recovery/encrypted-shares/${zero}`, 404, "ResourceNotFound", `Recovery share not found for member m[${zero}].`],
    ["/service/javascript-modules/nope.js", 404, "ResourceNotFound", "Module nope.js does not exist."],
    ["/service/transactions/abc", 400, "InvalidQueryParameterValue", expect.stringContaining("The value 'abc' passed as parameter")],
  ])("%s is answered with %i %s", (path, status, code, message: unknown) => {
    expect(service.get(path)).toMatchObject({ status, json: { error: { code, message } } });
  });
});

test("transactions are told by their status, and the commit is the last one that is durable", async () => {
  await service.ledger.whenCommitted(service.ledger.lastSignedSeqno);
  const { transactionId } = service.get("/service/transactions/commit").json as { transactionId: string };
  expect(service.get(`/service/transactions/${transactionId}`).json).toEqual({ status: "Committed", transactionId });
  expect(service.get("/service/transactions/2.999999").json).toEqual({ status: "Unknown", transactionId: "2.999999" });
  expect(service.get("/service/transactions/99.1").json).toEqual({ status: "Invalid", transactionId: "99.1" });
});

test("a module is found by its name with the slash, percent-encoded", () => {
  service.write((tx) => {
    tx.table("public:ccf.gov.modules").set(Buffer.from("/lib/b.js"), Buffer.from("export {};"));
  });
  expect(service.get("/service/javascript-modules").json).toEqual({ value: [{ moduleName: "/lib/b.js" }] });
  expect(service.get("/service/javascript-modules/%2Flib%2Fb.js").text).toBe("export {};");
});

test("endpoints are shown in the API's case with CCF's defaults, or as they are stored", () => {
  const stored = {
    js_module: "/a.js",
    js_function: "f",
    forwarding_required: "never",
    authn_policies: ["no_auth"],
    mode: "readonly",
    openapi: {},
  };
  service.write((tx) => {
    tx.table("public:ccf.gov.endpoints").set(Buffer.from("GET /a/{id}"), Buffer.from(JSON.stringify(stored)));
  });
  expect(service.get("/service/javascript-app?case=original").json).toEqual({ endpoints: { "/a/{id}": { GET: stored } } });
  expect(service.get("/service/javascript-app").json).toEqual({
    endpoints: {
      "/a/{id}": {
        GET: {
          authnPolicies: ["no_auth"],
          forwardingRequired: "never",
          jsFunction: "f",
          jsModule: "/a.js",
          mode: "readonly",
          openApi: {},
          redirectionStrategy: "to_primary",
        },
      },
    },
  });
  expect(service.get("/service/javascript-app?case=snake").json).toMatchObject({ error: { code: "InvalidQueryParameterValue" } });
});
