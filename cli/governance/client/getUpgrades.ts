import { command, optional, required } from "../../command.js";
import { isLater, readRelease } from "../../release.js";

export default command({
  description: "Shows whether a release is newer than this installation.",
  examples: [["Is there something newer?", "cleanroom governance client get-upgrades --manifest release/manifest.json"]],
  options: {
    name: optional("--name <name>", "name of a client; all of them are of one version, that of this installation"),
    manifest: required("--manifest <file>", "manifest.json of the release"),
  },
  run: async ({ manifest }) => {
    const [installed, offered] = await Promise.all([readRelease(), readRelease(manifest)]);
    const upgrades = isLater(offered.version, installed.version) ? [{ clientVersion: offered.version }] : [];
    return { clientVersion: installed.version, upgrades };
  },
});
