import { putContract } from "../../../client/contracts.js";
import { command, optional, required } from "../../command.js";
import { readValue } from "../../io.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Writes the draft of a contract, or replaces one: then --version has to name the version that was read.",
  examples: [
    [
      "Write a draft from a file",
      "cleanroom governance contract create --id collab1-ml --data @cleanroom-config.yaml --governance-client isv-client",
    ],
    [
      "Write a draft from the standard input",
      "generate | cleanroom governance contract create --id collab1-ml --data - --governance-client isv-client",
    ],
  ],
  options: {
    id: required("--id <id>", "id of the contract"),
    data: required("--data <text>", "text of the contract; @FILE reads a file, - the standard input"),
    version: optional("--version <version>", "version of the draft that is replaced"),
    governanceClient,
  },
  run: async ({ id, data, version, governanceClient: client }, io) => {
    const text = await readValue(data, io);
    return asMember(client, io, (session) => putContract(session, id, text, version === "" ? undefined : version));
  },
});
