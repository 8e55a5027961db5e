import { signing } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { id } from "../arguments.js";
import { requestFirstKey, requestNextKey, requireEnabled, requireSameKid } from "../keyRequests.js";

/*! Lets clean rooms have payloads signed by the service. */
action(
  "enable_signing",
  { kid: id },
  {
    validate: ({ kid }) => {
      requireSameKid(signing, kid);
    },
    effect: ({ kid }) => {
      requestFirstKey(signing, kid);
    },
  },
);

action(
  "signing_enable_rotate_signing_key",
  {},
  {
    validate: () => {
      requireEnabled(signing);
    },
    effect: () => {
      requestNextKey(signing);
    },
  },
);
