import { command, required } from "../../command.js";
import { removeProfile } from "../../profile.js";

export default command({
  description: "Forgets a client. The member's key and certificate stay where they are, and so does the membership.",
  examples: [["Forget a client", "cleanroom governance client remove --name isv-client"]],
  options: { name: required("--name <name>", "name of the client") },
  run: ({ name }, io) => removeProfile(name, io),
});
