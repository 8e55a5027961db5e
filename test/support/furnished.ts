import { setMember } from "../../client/governance/members.js";
import type { Action } from "../../client/governance/proposal.js";
import { cleanRoom, type CleanRoom } from "./cleanRoom.js";
import { consortium, type Place, type ServiceOptions } from "./consortium.js";
import { agree, setContract, type Party } from "./party.js";

/** A service on which there is one of everything, and people of all kinds. */
export type Furnished = {
  readonly place: Place;
  readonly alice: Party;
  readonly bob: Party;
  readonly operator: Party;
  /** A member who has not acknowledged yet. */
  readonly invited: Party;
  /** Was an active member. */
  readonly removed: Party;
  readonly user: Party;
  /** Nobody has registered his certificate. */
  readonly stranger: Party;
  /** A clean room that meets the policy of the contract `agreed`. */
  readonly room: CleanRoom;
  /** Evidence of a genuine clean room that does not. */
  readonly otherRoom: CleanRoom;
  /** Open proposals: of a contract, and of a document. */
  readonly proposals: { readonly contract: string; readonly document: string };
};

const of = (name: string, args: object): Action => ({ name, args: { contractId: "agreed", ...args } });

const setDocument = (documentId: string): Action => ({
  name: "set_document",
  args: { documentId, document: { contractId: "agreed", data: { query: "select 1" } } },
});

/**
 * Contracts `drafted`, `proposed` and `agreed`, documents of the last with the same names, a secret `key` of alice's, a CA, an issuer of tokens
 * and a signing key; a policy that lets in one clean room.
 */
export async function furnished(end: (stop: () => Promise<void>) => void, options: ServiceOptions = {}): Promise<Furnished> {
  const { place, members } = await consortium({ alice: { tenantId: "tenant" }, bob: {}, operator: { isOperator: true } }, end, {
    virtualTee: true,
    ...options,
  });
  const { alice, bob, operator } = members;
  const [invited, removed, user, stranger] = ["invited", "removed", "user", "stranger"].map((name) => place.stranger(name)) as [
    Party,
    Party,
    Party,
    Party,
  ];
  const room = cleanRoom(place, { contractId: "agreed" });

  await agree([alice, bob], setMember({ certificate: removed.certificate, memberData: {} }));
  await removed.activate();
  await agree([alice, bob, removed], { name: "remove_member", args: { member_id: removed.id } });
  await alice.putContract("drafted", { data: "terms" });
  await agree([alice, bob], setContract("agreed"));
  await agree(
    [alice, bob],
    room.setPolicy,
    of("set_deployment_spec", { spec: { data: { template: 1 } } }),
    of("set_deployment_info", { info: { data: { address: "203.0.113.1" } } }),
    of("set_contract_runtime_options_enable_logging", {}),
    of("enable_ca", {}),
    { name: "enable_oidc_issuer", args: { kid: "oidc-key" } },
    { name: "set_oidc_issuer_url", args: { issuer_url: "https://issuer.example/cgs" } },
    { name: "enable_signing", args: { kid: "signing-key" } },
    setDocument("agreed"),
    { name: "set_user", args: { cert: user.certificate } },
  );
  for (const path of ["contracts/agreed/ca", "oidc", "signing"]) await done(alice, "POST", `/app/${path}/generateSigningKey`);
  await done(alice, "PUT", "/app/contracts/agreed/secrets/key", { value: "secret" });
  await done(alice, "PUT", "/app/documents/drafted", { contractId: "agreed", data: "select 2" });
  await agree([alice, bob], setMember({ certificate: invited.certificate, memberData: {} }));
  const contract = (await alice.propose(setContract("proposed"))).proposalId;
  const document = (await alice.propose(setDocument("proposed"))).proposalId;

  const otherRoom = cleanRoom(place, { contractId: "agreed", hostData: "66".repeat(32) });
  return { place, alice, bob, operator, invited, removed, user, stranger, room, otherRoom, proposals: { contract, document } };
}

async function done(party: Party, method: "PUT" | "POST", path: string, body?: unknown): Promise<void> {
  const { status } = await party.call(method, path, body);
  if (status !== 200) throw new Error(`${method} ${path} answers ${status}`);
}
