import { putSecret } from "../../../../client/secrets.js";
import { command, required } from "../../../command.js";
import { readSecret } from "../../../io.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description:
    "Keeps a secret that only clean rooms of a contract are given, and prints the id by which they ask for it. The value is best read from a " +
    "file or the standard input: other users of the machine can see what stands on a command line.",
  examples: [
    [
      "Keep a password",
      "cleanroom governance contract secret set --contract-id collab1-ml --secret-name db-password --value @password.txt \\\n" +
        "    --governance-client tdp-client --query secretId --output tsv",
    ],
  ],
  options: {
    contractId,
    secretName: required("--secret-name <name>", "name of the secret"),
    value: required("--value <text>", "the secret; @FILE reads a file, - the standard input (as a secret needs that begins with @)"),
    governanceClient,
  },
  run: async ({ contractId: id, secretName, value, governanceClient: client }, io) => {
    const secret = await readSecret(value, io);
    return asMember(client, io, (session) => putSecret(session, id, secretName, secret));
  },
});
