import { propose } from "../../../client/governance/proposal.js";
import { setRecoveryThreshold } from "../../../client/governance/service.js";
import { command, type Option } from "../../command.js";
import { UsageError } from "../../failure.js";
import { asMember, governanceClient } from "../../session.js";

/** At most so many shares can be made. */
const MAX_SHARES = 254;

const threshold: Option<number> = {
  flags: "--recovery-threshold <n>",
  description: "number of recovery members, 1 to 254",
  required: true,
  parse: (text) => {
    if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= MAX_SHARES) return Number(text);
    throw new UsageError(`--recovery-threshold is a whole number from 1 to ${MAX_SHARES}, not ${text}`);
  },
  read: (raw) => raw as number,
};

export default command({
  description: "Proposes how many recovery members must bring their shares before a lost service can be recovered.",
  examples: [["Two of them", "cleanroom governance network set-recovery-threshold --recovery-threshold 2 --governance-client isv-client"]],
  options: {
    threshold,
    governanceClient,
  },
  run: ({ threshold: needed, governanceClient: client }, io) =>
    asMember(client, io, (session) => propose(session, [setRecoveryThreshold(needed)])),
});
