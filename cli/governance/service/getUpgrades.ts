import { command, optional } from "../../command.js";
import { isLater, readRelease, type Release } from "../../release.js";
import { asMember, governanceClient } from "../../session.js";
import { deployedOn, unknown, type Deployed } from "./deployed.js";

export default command({
  description:
    "Shows what of a release is newer than what a service runs: of this installation, or of the release whose manifest is given. What is " +
    "running and of no release that is known counts as older.",
  examples: [
    [
      "Is there something newer?",
      "cleanroom governance service get-upgrades --manifest release/manifest.json --governance-client isv-client",
    ],
  ],
  options: { manifest: optional("--manifest <file>", "manifest.json of the release (default: of this installation)"), governanceClient },
  run: async ({ manifest, governanceClient: client }, io) => {
    const installed = await readRelease();
    const offered = manifest === undefined ? installed : await readRelease(manifest);
    const { constitution, jsapp } = await asMember(client, io, (session) => deployedOn(session, [offered, installed]));
    const { version } = offered;
    return {
      constitutionVersion: constitution.version,
      jsappVersion: jsapp.version,
      upgrades: [
        ...(isUpgrade(offered, offered.constitution, constitution) ? [{ constitutionVersion: version }] : []),
        ...(isUpgrade(offered, offered.application, jsapp) ? [{ jsappVersion: version }] : []),
      ],
    };
  },
});

function isUpgrade({ version }: Release, digest: string, running: Deployed): boolean {
  return running.digest !== digest && (running.version === unknown || isLater(version, running.version));
}
