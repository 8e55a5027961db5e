import { command, optional } from "../../command.js";
import { readRelease } from "../../release.js";

export default command({
  description: "Shows the version of this installation, and a digest of all that it consists of.",
  examples: [["The version alone", "cleanroom governance client version --query '\"cgs-client\".version' --output tsv"]],
  options: { name: optional("--name <name>", "name of a client; all of them are of one version, that of this installation") },
  run: async () => {
    const { digest, version } = await readRelease();
    return { "cgs-client": { digest, version } };
  },
});
