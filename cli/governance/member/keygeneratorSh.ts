import { command } from "../../command.js";
import { script } from "./keygenerator.js";

export default command({
  description:
    "Prints a script that makes the keys of a member with openssl, for bash to run. It makes NAME_privk.pem (mode 0600) and NAME_cert.pem, " +
    "and with --gen-enc-key also NAME_enc_privk.pem and NAME_enc_pubk.pem; it never overwrites a file.",
  examples: [
    ["Make the keys of isv", "cleanroom governance member keygenerator-sh | bash -s -- --name isv --out keys"],
    ["See what the script can do", "cleanroom governance member keygenerator-sh | bash -s -- --help"],
  ],
  options: {},
  run: (_, io) => {
    io.out(script);
    return Promise.resolve();
  },
});
