import { getAllEvents, getLatestEvent, type Events } from "../../../../client/events.js";
import { command, flag, optional } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description: "Shows the latest event that the clean room of a contract has written down, or all of them.",
  examples: [
    [
      "The audit trail",
      "cleanroom governance contract event list --contract-id collab1-ml --all --governance-client tdp-client \\\n" +
        '    --query "value[].[timestamp_iso,data.source,data.message]" --output tsv',
    ],
  ],
  options: {
    contractId,
    all: flag("--all", "all events from the beginning, the earliest first"),
    eventId: optional("--event-id <id>", "only events with this id (default: the contract's)"),
    scope: optional("--scope <scope>", "only events of this scope"),
    governanceClient,
  },
  rows: ({ value }: Events) =>
    value.map(({ data, ...event }) => ({ ...event, data: typeof data === "string" ? data : JSON.stringify(data) })),
  run: ({ contractId: id, all, eventId, scope, governanceClient: client }, io) =>
    asMember(client, io, (session) => (all ? getAllEvents : getLatestEvent)(session, id, { id: eventId, scope })),
});
