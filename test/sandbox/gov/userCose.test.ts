import { expect, test } from "vitest";
import { userCoseSign1 } from "../../../sandbox/enclave/auth/cose.js";
import { Store } from "../../../sandbox/enclave/kv/store.js";
import { person, signed, type Changes, type Person } from "./signing.js";

const heidi = person("heidi", "P-256");
const GOVERNANCE_LABELS = ["ccf.gov.msg.type", "ccf.gov.msg.created_at", "ccf.gov.msg.proposal_id"];
const bare = new Map<unknown, unknown>(GOVERNANCE_LABELS.map((label) => [label, undefined]));

function authenticate(signer: Person, header: Changes["header"] = bare, contentType = "application/cose") {
  const tx = new Store().begin();
  tx.table("public:ccf.gov.users.certs").set(Buffer.from(heidi.id), Buffer.from(heidi.certificate));
  tx.table("public:ccf.gov.users.info").set(Buffer.from(heidi.id), Buffer.from('{"user_data":7}'));
  const headers = { "content-type": contentType };
  const request = { method: "POST", path: "/who", query: "", headers, body: signed(signer, "hello", { header }) };
  return userCoseSign1({ request, tx, now: () => 0 });
}

test("a user who signs the body is the caller, with the signed content", () => {
  const answer = authenticate(heidi);
  expect(answer).toEqual({
    caller: {
      policy: "user_cose_sign1",
      id: heidi.id,
      data: 7,
      cert: heidi.certificate,
      cose: { content: new Uint8Array(Buffer.from("hello")) },
    },
  });
});

test("users may name a message type and time of their own", () => {
  const header = new Map([...bare, ["ccf.msg.type", "mine"], ["ccf.msg.created_at", 1_700_000_000]]);
  expect(authenticate(heidi, header)).toHaveProperty("caller.id", heidi.id);
});

test("whoever is no user, or sends something else, is refused with a challenge", () => {
  const challenge = 'COSE-SIGN1 realm="Signed request access"';
  expect(authenticate(person("stranger"))).toEqual({ refused: "Signer is not a known user", challenge });
  expect(authenticate(heidi, bare, "application/json")).toEqual({ refused: "Content type is not set to application/cose", challenge });
  const impostor = { ...person("impostor", "P-256"), id: heidi.id };
  expect(authenticate(impostor)).toEqual({ refused: "Failed to validate COSE Sign1", challenge });
});
