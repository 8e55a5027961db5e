import { command, optional } from "../../command.js";
import { readRelease } from "../../release.js";
import { asMember, governanceClient } from "../../session.js";
import { deployedOn } from "./deployed.js";

export default command({
  description:
    "Shows what a service runs: the digests of its constitution and its application, and the version where they are those of this " +
    "installation, or of the release whose manifest is given.",
  examples: [
    [
      "The version of the application",
      "cleanroom governance service version --governance-client tdp-client --query jsapp.version --output tsv",
    ],
  ],
  options: { manifest: optional("--manifest <file>", "manifest.json of another release that may be running"), governanceClient },
  run: async ({ manifest, governanceClient: client }, io) => {
    const releases = await Promise.all([readRelease(), ...(manifest === undefined ? [] : [readRelease(manifest)])]);
    return asMember(client, io, (session) => deployedOn(session, releases));
  },
});
