import { listSecrets } from "../../../../client/secrets.js";
import { command } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description: "Lists the ids of the secrets of a contract. No member is ever shown a value.",
  examples: [
    [
      "One id a line",
      'cleanroom governance contract secret list --contract-id collab1-ml --governance-client tdp-client --query "value[].secretId" --output tsv',
    ],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => listSecrets(session, id)),
});
