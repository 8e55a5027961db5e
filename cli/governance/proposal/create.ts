import { propose, type Action } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { UsageError } from "../../failure.js";
import { isObject, objectOrFile } from "../../json.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes any actions of the constitution.",
  examples: [
    [
      "Propose a snapshot",
      `cleanroom governance proposal create --content '{"actions": [{"name": "trigger_snapshot", "args": {}}]}' \\\n` +
        "    --governance-client isv-client",
    ],
  ],
  options: {
    content: required("--content <json>", '{"actions": [{"name": ..., "args": ...}]}, or a file that holds it'),
    governanceClient,
  },
  run: async ({ content, governanceClient: client }, io) => {
    const { actions } = await objectOrFile("--content", content);
    const isAction = (action: unknown): action is Action => isObject(action) && typeof action.name === "string";
    if (!Array.isArray(actions) || !actions.every(isAction)) throw new UsageError('--content needs "actions", each with "name" and "args"');
    return asMember(client, io, (session) => propose(session, actions));
  },
});
