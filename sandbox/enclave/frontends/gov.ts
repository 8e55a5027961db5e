import { authenticateMember, type MemberPolicy, type MessageType, type SignedRequest } from "../auth/cose.js";
import type { GovernanceContext } from "../gov/context.js";
import type { HttpResponse } from "../http/message.js";
import { Router } from "../http/router.js";
import { described, type Endpoint, type EndpointCall } from "./endpoint.js";
import { ackStateDigest } from "./gov/ackStateDigest.js";
import { ALL_VERSIONS, requireApiVersion, SINCE_2024 } from "./gov/apiVersion.js";
import { createProposal } from "./gov/createProposal.js";
import { getBallot } from "./gov/getBallot.js";
import { getCommit } from "./gov/getCommit.js";
import { getConstitution } from "./gov/getConstitution.js";
import { getEncryptedShare } from "./gov/getEncryptedShare.js";
import { getJavascriptApp } from "./gov/getJavascriptApp.js";
import { getJavascriptModule } from "./gov/getJavascriptModule.js";
import { getJoinPolicy } from "./gov/getJoinPolicy.js";
import { getJwk } from "./gov/getJwk.js";
import { getMember, listMembers } from "./gov/members.js";
import { getNode, listNodes } from "./gov/nodes.js";
import { getProposal } from "./gov/getProposal.js";
import { getProposalActions } from "./gov/getProposalActions.js";
import { getServiceInfo } from "./gov/getServiceInfo.js";
import { getStateDigest } from "./gov/getStateDigest.js";
import { getTransactionStatus } from "./gov/getTransactionStatus.js";
import { getUser, listUsers } from "./gov/users.js";
import { listJavascriptModules } from "./gov/listJavascriptModules.js";
import { listProposals } from "./gov/listProposals.js";
import { submitBallot } from "./gov/submitBallot.js";
import { submitRecoveryShare } from "./gov/submitRecoveryShare.js";
import { updateStateDigest } from "./gov/updateStateDigest.js";
import { withdrawProposal } from "./gov/withdrawProposal.js";
import { OWN_VERSION, type About } from "./openApi.js";

export const ABOUT_GOVERNANCE: About = {
  title: "CCF Governance API",
  description: "This API is used to submit and query proposals which affect CCF's public governance tables.",
  version: OWN_VERSION,
  securitySchemes: {
    member_cose_sign1: {
      description: "The body is a COSE Sign1 message, with the protected headers of governance, signed by a member of the service.",
      scheme: "cose_sign1",
      type: "http",
    },
  },
};

/** An operation that a member signs. */
type SignedEndpoint = (call: EndpointCall, signer: SignedRequest) => HttpResponse;

/**
 * Everything under `/gov` that is governance: registered without that prefix, as CCF's messages show paths.
 *
 * Reads need no authentication. What changes something is a COSE message of a member; the signature is checked before the API version.
 */
export function governanceEndpoints(context: GovernanceContext): Router<Endpoint> {
  const router = new Router<Endpoint>();
  const read = (template: string, endpoint: Endpoint, versions = ALL_VERSIONS): void => {
    router.add("GET", template, (call) => {
      requireApiVersion(call.query, versions);
      return endpoint(call);
    });
  };
  const signed = (template: string, type: MessageType, policy: MemberPolicy, endpoint: SignedEndpoint): void => {
    const checked: Endpoint = (call) => {
      const signer = authenticateMember(policy, type, call.request, call.tx);
      context.observer?.caller({ policy, id: signer.memberId });
      requireApiVersion(call.query, ALL_VERSIONS);
      return endpoint(call, signer);
    };
    router.add("POST", template, described({ security: [{ member_cose_sign1: [] }] }, checked));
  };
  const ANY = "member_cose_sign1";
  const ACTIVE = "active_member_cose_sign1";

  signed("/members/proposals:create", "proposal", ACTIVE, createProposal(context));
  signed("/members/proposals/{proposalId}:withdraw", "withdrawal", ACTIVE, withdrawProposal);
  signed("/members/proposals/{proposalId}/ballots/{memberId}:submit", "ballot", ACTIVE, submitBallot(context));
  read("/members/proposals", listProposals);
  read("/members/proposals/{proposalId}", getProposal);
  read("/members/proposals/{proposalId}/actions", getProposalActions);
  read("/members/proposals/{proposalId}/ballots/{memberId}", getBallot);

  signed("/members/state-digests/{memberId}:update", "state_digest", ANY, updateStateDigest);
  signed("/members/state-digests/{memberId}:ack", "ack", ANY, ackStateDigest(context));
  read("/members/state-digests/{memberId}", getStateDigest);

  read("/recovery/encrypted-shares/{memberId}", getEncryptedShare);
  signed("/recovery/members/{memberId}:recover", "recovery_share", ACTIVE, submitRecoveryShare);

  read("/service/info", getServiceInfo(context));
  read("/service/constitution", getConstitution);
  read("/service/javascript-app", getJavascriptApp, SINCE_2024);
  read("/service/javascript-modules", listJavascriptModules, SINCE_2024);
  read("/service/javascript-modules/{moduleName}", getJavascriptModule, SINCE_2024);
  read("/service/join-policy", getJoinPolicy);
  read("/service/jwk", getJwk);
  read("/service/members", listMembers);
  read("/service/members/{memberId}", getMember);
  read("/service/users", listUsers);
  read("/service/users/{userId}", getUser);
  read("/service/nodes", listNodes);
  read("/service/nodes/{nodeId}", getNode);
  read("/service/transactions/commit", getCommit(context));
  read("/service/transactions/{transactionId}", getTransactionStatus(context));
  return router;
}
