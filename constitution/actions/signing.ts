import { signing } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { id } from "../arguments.js";
import { requestFirstKey, requestNextKey, requireEnabled } from "../keyRequests.js";

/*! Lets clean rooms have payloads signed by the service. */
action("enable_signing", { kid: id }, ({ kid }) => {
  requestFirstKey(signing, kid);
});

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
