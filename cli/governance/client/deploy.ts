import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { learnServiceCertificate } from "../../../client/firstUse.js";
import { readCertificate } from "../../../client/identity.js";
import { getServiceInfo } from "../../../client/governance/service.js";
import { algorithmFor } from "../../../client/signingAlgorithm.js";
import { originOf } from "../../../client/transport.js";
import { command, optional, required } from "../../command.js";
import { CommandError, UsageError } from "../../failure.js";
import type { Io } from "../../io.js";
import { identityFrom, NOT_CHECKED, readCertificateFile, warnOfDates } from "../../key.js";
import { findProfile, saveProfile, type CommandKey, type FileKey } from "../../profile.js";
import { withProfile } from "../../session.js";
import { commandSigner, signingWords } from "../../signingCommand.js";

export default command({
  description:
    "Sets up a client: a member, and the service that it talks to, under a name. Nothing is stored but the endpoint, the certificates and " +
    "where the key lies.\n\n" +
    "Without --service-cert the certificate of the service is taken from the service itself at this first contact, and is all that is " +
    "trusted from then on. Compare the fingerprint that is printed with the one that the operator of the service names.\n\n" +
    "With --signing-command the private key can stay in an HSM or a vault. The command is run without a shell, gets the digest that is to be " +
    "signed on its standard input (CLEANROOM_SIGNING_ALGORITHM says ES256, ES384 or ES512), and prints the signature: r and s side by side or " +
    "DER, as bytes, hex, base64 or base64url. It ends within 60 seconds, or CLEANROOM_SIGNING_TIMEOUT. What TLS needs a key for it " +
    "cannot do: --tls-cert and --tls-key of a user whom the members have registered let such a client read contracts; drafts, consent and " +
    "secrets need a client with --signing-key.",
  examples: [
    [
      "Act as isv at a service whose certificate you hold",
      "cleanroom governance client deploy --ccf-endpoint https://127.0.0.1:8000 --service-cert service_cert.pem \\\n" +
        "    --signing-cert isv_cert.pem --signing-key isv_privk.pem --name isv-client",
    ],
    [
      "Sign with a key in an HSM",
      "cleanroom governance client deploy --ccf-endpoint https://127.0.0.1:8000 --service-cert service_cert.pem --name isv-client \\\n" +
        "    --signing-cert isv_cert.pem \\\n" +
        "    --signing-command 'pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --pin env:PIN --id 01 --sign --mechanism ECDSA' \\\n" +
        "    --tls-cert isv_user_cert.pem --tls-key isv_user_privk.pem",
    ],
  ],
  options: {
    endpoint: required("-e, --ccf-endpoint <url>", "address of the CCF service"),
    name: required("--name <name>", "name of the client"),
    signingCert: required("--signing-cert <file>", "certificate of the member (PEM)"),
    signingKey: optional("--signing-key <file>", "private key of the member (PEM), which others cannot read (mode 0600)"),
    signingCommand: optional("--signing-command <command>", "what signs for the member, instead of a private key in a file"),
    tlsCert: optional("--tls-cert <file>", "with --signing-command: certificate of a user (PEM), to read with"),
    tlsKey: optional("--tls-key <file>", "private key of that user (PEM), which others cannot read (mode 0600)"),
    serviceCert: optional("-s, --service-cert <file>", "certificate of the service (PEM)"),
  },
  run: async ({ endpoint, name, serviceCert, ...signing }, io) => {
    const ccfEndpoint = originOf(endpoint);
    const signingCert = await readCertificateFile(signing.signingCert);
    warnOfDates(signing.signingCert, signingCert, NOT_CHECKED, io);
    const key = await keyOf(signingCert, signing, io);
    const profile = {
      ccfEndpoint,
      serviceCert: serviceCert === undefined ? await learn(name, ccfEndpoint, io) : await readCertificateFile(serviceCert),
      signingCert,
      ...key,
    };
    await withProfile(profile, getServiceInfo, io.env);
    await saveProfile(name, profile, io);
  },
});

type Signing = Readonly<Record<"signingKey" | "signingCommand" | "tlsCert" | "tlsKey", string | undefined>>;

/** What signs for the member. It has proved that it can when this returns. @throws UsageError, CommandError, Refusal KeyMismatch */
async function keyOf(certificate: string, { signingKey, signingCommand, tlsCert, tlsKey }: Signing, io: Io): Promise<FileKey | CommandKey> {
  if ((signingKey === undefined) === (signingCommand === undefined)) {
    throw new UsageError("what signs for the member? Give either --signing-key or --signing-command");
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new UsageError("--tls-cert and --tls-key go together");
  if (signingKey !== undefined) {
    if (tlsCert !== undefined)
      throw new UsageError("--tls-cert and --tls-key are for --signing-command: with --signing-key, TLS has a key");
    await identityFrom(certificate, signingKey);
    return { signingKeyFile: resolve(signingKey) };
  }
  const words = signingWords(signingCommand ?? "");
  const signer = commandSigner(certificate, words, io.env);
  // Nothing that could be taken for a request to the service.
  await signer.sign(
    algorithmFor(readCertificate(certificate).publicKey),
    Buffer.from(`cleanroom governance client deploy ${randomUUID()}`),
  );
  if (tlsCert === undefined || tlsKey === undefined) return { signingCommand: words };
  const user = await identityFrom(await readCertificateFile(tlsCert), tlsKey);
  warnOfDates(tlsCert, user.certificate, "the service refuses a user whose certificate is outside its dates", io);
  if (user.memberId === signer.memberId) {
    throw new UsageError(
      "--tls-cert is to be the certificate of a user, not the member's own: if its key is in a file, give --signing-key",
    );
  }
  return { signingCommand: words, tls: { certificate: user.certificate, keyFile: resolve(tlsKey) } };
}

/** Trust on first use; a certificate that has changed since is never taken over in silence. */
async function learn(name: string, ccfEndpoint: string, io: Io): Promise<string> {
  const learned = await learnServiceCertificate(ccfEndpoint);
  const before = await findProfile(name, io);
  if (before?.ccfEndpoint === ccfEndpoint && readCertificate(before.serviceCert).fingerprint256 !== learned.fingerprint) {
    throw new CommandError(
      `the service certificate of ${ccfEndpoint} has CHANGED since "${name}" was set up (now SHA-256 ${learned.fingerprint}); ` +
        "if the operator confirms it, give --service-cert, or remove the client first",
    );
  }
  io.note(`WARNING: trusting ${ccfEndpoint} on first use. SHA-256 fingerprint of its service certificate: ${learned.fingerprint}`);
  return learned.certificate;
}
