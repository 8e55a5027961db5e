import { action } from "../action.js";
import { certificate, listOf, nonEmptyString, optional } from "../arguments.js";
import { ccf } from "../ccf.js";
import { dropOtherOpenProposals } from "../proposals.js";
import { constitutionText, required, serviceInfo } from "../tables.js";

/*! Replaces this text. */
action(
  "set_constitution",
  { constitution: nonEmptyString },
  {
    validate: ({ constitution }) => ccf.gov?.validateConstitution?.(constitution),
    effect: ({ constitution }, proposalId) => {
      constitutionText.set(undefined, constitution);
      dropOtherOpenProposals(proposalId);
    },
  },
);

/*! Opens the service to users. CCF refuses when the identity is not the service's own, or when recovery members are missing. */
action(
  "transition_service_to_open",
  { next_service_identity: certificate, previous_service_identity: optional(certificate) },
  ({ next_service_identity, previous_service_identity }) => {
    if (required(serviceInfo).status === "Recovering" && previous_service_identity === undefined) {
      throw new Error("a service that recovers needs previous_service_identity");
    }
    ccf.node.transitionServiceToOpen(
      previous_service_identity === undefined ? undefined : ccf.strToBuf(previous_service_identity),
      ccf.strToBuf(next_service_identity),
    );
  },
);

/*! Does nothing but make sure that a proposal is about this service. */
action(
  "assert_service_identity",
  { service_identity: certificate },
  {
    validate: ({ service_identity }) => {
      if (required(serviceInfo).cert !== service_identity) throw new Error("service_identity is not the certificate of this service");
    },
    effect: () => undefined,
  },
);

/*! From then on the ledger is encrypted under a new key. */
action("trigger_ledger_rekey", {}, () => {
  ccf.node.triggerLedgerRekey();
});

action("trigger_ledger_chunk", {}, () => {
  ccf.node.triggerLedgerChunk();
});

action("trigger_snapshot", {}, () => {
  ccf.node.triggerSnapshot();
});

action("trigger_acme_refresh", { interfaces: optional(listOf(nonEmptyString)) }, ({ interfaces }) => {
  ccf.node.triggerACMERefresh(interfaces);
});
