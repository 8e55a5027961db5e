import { bundleDigest, getBundle } from "../../../client/governance/application.js";
import { command, optional } from "../../command.js";
import { CommandError } from "../../failure.js";
import { asMember, governanceClient } from "../../session.js";
import { parseBundle } from "./bundle.js";
import { textFrom } from "./source.js";
import { proposeUpgrade } from "./upgrade.js";

export default command({
  description: "Proposes the application of this installation, or another, and prints the proposal, on which the members vote.",
  examples: [
    ["Propose that of this installation", "cleanroom governance service upgrade-js-app --governance-client isv-client"],
    ["Propose another", "cleanroom governance service upgrade-js-app --js-app-url ./bundle.json --governance-client isv-client"],
  ],
  options: {
    version: optional("--js-app-version <version>", "fail unless this installation is of that version"),
    url: optional("--js-app-url <url>", "where it is, as set_js_app takes it: https, or a file"),
    governanceClient,
  },
  run: async ({ version, url, governanceClient: client }, io) => {
    const text = await textFrom({
      file: "bundle.json",
      version: { option: "--js-app-version", value: version },
      url: { option: "--js-app-url", value: url },
    });
    const bundle = parseBundle(text, url ?? "bundle.json");
    const digest = bundleDigest(bundle);
    return asMember(client, io, async (session) => {
      if (bundleDigest(await getBundle(session)) === digest)
        throw new CommandError(`the service runs the application sha256:${digest} already`);
      io.note(`application sha256:${digest}`);
      return proposeUpgrade(session, { name: "set_js_app", args: { bundle } });
    });
  },
});
