import { ca } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { acceptedContract } from "../arguments.js";

/*! Gives a contract a certificate authority of its own. As with signing keys, a member has the application make its key. */
action("enable_ca", { contractId: acceptedContract }, ({ contractId }) => {
  if (!ca.has(contractId)) ca.set(contractId, { enabled: "true", requestId: "1" });
});

action(
  "ca_enable_rotate_signing_key",
  { contractId: acceptedContract },
  {
    validate: ({ contractId }) => {
      if (!ca.has(contractId)) throw new Error(`contractId ${contractId} has no certificate authority whose key could be rotated`);
    },
    effect: ({ contractId }) => {
      ca.set(contractId, { enabled: "true", requestId: String(Number(ca.get(contractId)?.requestId) + 1) });
    },
  },
);
