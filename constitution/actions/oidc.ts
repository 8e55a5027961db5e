import { problemWithIssuerUrl } from "../../src/encoding/issuerUrl.js";
import { acceptedContracts, oidcIssuer, tokenSubjects } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { acceptedContract, id, matching, string } from "../arguments.js";
import { requestFirstKey, requestNextKey, requireEnabled } from "../keyRequests.js";
import { openlyProposed } from "../proposals.js";
import { nameOf } from "../subjects.js";

/*! Lets clean rooms have tokens, by which other services know them. */
action("enable_oidc_issuer", { kid: id }, ({ kid }) => {
  requestFirstKey(oidcIssuer, kid);
});

action(
  "oidc_issuer_enable_rotate_signing_key",
  {},
  {
    validate: () => {
      requireEnabled(oidcIssuer);
    },
    effect: () => {
      requestNextKey(oidcIssuer);
    },
  },
);

/*! Who the tokens say has issued them, unless a tenant has a URL of its own. */
action(
  "set_oidc_issuer_url",
  { issuer_url: string },
  {
    validate: ({ issuer_url }) => {
      const problem = problemWithIssuerUrl(issuer_url);
      if (problem !== undefined) throw new Error(`issuer_url ${problem}`);
    },
    effect: ({ issuer_url }) => {
      oidcIssuer.set("issuerUrl", issuer_url);
    },
  },
);

const Subject = matching(/^[!#-&(-_a-~]{1,255}$/, "1 to 255 printable ASCII characters without spaces and quotes");

/*! Lets the clean room of a contract have tokens for a subject besides the contract's id. Nobody else's clean room can ever have those. */
action(
  "set_oidc_subject",
  { contractId: acceptedContract, subject: Subject },
  {
    validate: ({ contractId, subject }, plan) => {
      const owner = tokenSubjects.get(subject)?.contractId ?? contractId;
      if (owner !== contractId) throw new Error(`subject ${subject} belongs to the contract ${owner}`);
      const proposed = (plan.get("proposed") as Set<string> | undefined) ?? openlyProposed(["set_contract"]);
      plan.set("proposed", proposed);
      if (subject !== contractId && (acceptedContracts.has(subject) || proposed.has(nameOf({ kind: "contract", id: subject }))))
        throw new Error(`subject ${subject} is the id of another contract`);
    },
    effect: ({ contractId, subject }) => {
      tokenSubjects.set(subject, { contractId });
    },
  },
);

action(
  "remove_oidc_subject",
  { subject: Subject },
  {
    validate: ({ subject }) => {
      if (!tokenSubjects.has(subject)) throw new Error(`subject ${subject} belongs to no contract`);
    },
    effect: ({ subject }) => {
      tokenSubjects.delete(subject);
    },
  },
);
