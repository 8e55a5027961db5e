import { constitutionDigest } from "../../../client/governance/application.js";
import { getConstitution } from "../../../client/governance/service.js";
import { command, optional } from "../../command.js";
import { CommandError } from "../../failure.js";
import { asMember, governanceClient } from "../../session.js";
import { textFrom } from "./source.js";
import { proposeUpgrade } from "./upgrade.js";

export default command({
  description:
    "Proposes the constitution of this installation, or another, and prints the proposal, on which the members vote. When it is accepted, " +
    "all other open proposals are dropped.",
  examples: [
    ["Propose that of this installation", "cleanroom governance service upgrade-constitution --governance-client isv-client"],
    [
      "Propose another",
      "cleanroom governance service upgrade-constitution --constitution-url ./constitution.js --governance-client isv-client",
    ],
  ],
  options: {
    version: optional("--constitution-version <version>", "fail unless this installation is of that version"),
    url: optional("--constitution-url <url>", "where it is: https, or a file; the text itself, or as a JSON string"),
    governanceClient,
  },
  run: async ({ version, url, governanceClient: client }, io) => {
    const text = await textFrom({
      file: "constitution.js",
      version: { option: "--constitution-version", value: version },
      url: { option: "--constitution-url", value: url },
    });
    const constitution = asScript(text);
    const digest = constitutionDigest(constitution);
    return asMember(client, io, async (session) => {
      if (constitutionDigest(await getConstitution(session)) === digest)
        throw new CommandError(`the service has the constitution sha256:${digest} already`);
      io.note(`constitution sha256:${digest}`);
      return proposeUpgrade(session, { name: "set_constitution", args: { constitution } });
    });
  },
});

/** Registries keep constitutions as JSON strings; no script begins with a quote that is one to its end. */
function asScript(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
