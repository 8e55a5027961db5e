import { command, required } from "../../command.js";
import { loadProfile } from "../../profile.js";

export default command({
  description:
    "Shows what runs for a client: nothing, as commands talk to the service themselves. So there are no ports and there is no page to open; " +
    "scripts find the fields that they look for.",
  examples: [["Show it", "cleanroom governance client show-deployment --name isv-client"]],
  options: { name: required("--name <name>", "name of the client") },
  run: async ({ name }, io) => {
    await loadProfile(name, io);
    return { projectName: name, ports: {}, uiLink: "" };
  },
});
