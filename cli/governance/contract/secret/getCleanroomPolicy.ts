import { getDelegatePolicy } from "../../../../client/delegates.js";
import { command, required } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description:
    "Shows which clean rooms are given a secret besides those that the policy of the contract lets in: the claims that they have to present; " +
    "none where there are no others.",
  examples: [
    [
      "Who else is given this secret?",
      "cleanroom governance contract secret get-cleanroom-policy --contract-id collab1-ml --secret-name db-password \\\n" +
        "    --governance-client tdp-client",
    ],
  ],
  options: {
    contractId,
    secretName: required("--secret-name <name>", "name of a secret of this member's, or the id of any, as list prints it"),
    governanceClient,
  },
  run: ({ contractId: id, secretName, governanceClient: client }, io) =>
    asMember(client, io, (session) => {
      const isId = /^([0-9a-f]{64}:|cleanroom_)/.test(secretName);
      const delegateId = isId ? secretName : `${session.identity.memberId}:${secretName}`;
      return getDelegatePolicy(session, id, { delegateType: "secrets", delegateId });
    }),
});
