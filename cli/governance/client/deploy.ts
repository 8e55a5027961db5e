import { resolve } from "node:path";
import { learnServiceCertificate } from "../../../client/firstUse.js";
import { identityOf, readCertificate } from "../../../client/identity.js";
import { getServiceInfo } from "../../../client/governance/service.js";
import { originOf } from "../../../client/transport.js";
import { command, optional, required } from "../../command.js";
import { CommandError } from "../../failure.js";
import type { Io } from "../../io.js";
import { readCertificateFile, readPrivateKey } from "../../key.js";
import { findProfile, saveProfile } from "../../profile.js";
import { withProfile } from "../../session.js";

export default command({
  description:
    "Sets up a client: a member, and the service that it talks to, under a name. Nothing is stored but the endpoint, the certificates and " +
    "where the key lies.\n\n" +
    "Without --service-cert the certificate of the service is taken from the service itself at this first contact, and is all that is " +
    "trusted from then on. Compare the fingerprint that is printed with the one that the operator of the service names.",
  examples: [
    [
      "Act as isv at a service whose certificate you hold",
      "cleanroom governance client deploy --ccf-endpoint https://127.0.0.1:8000 --service-cert service_cert.pem \\\n" +
        "    --signing-cert isv_cert.pem --signing-key isv_privk.pem --name isv-client",
    ],
  ],
  options: {
    endpoint: required("-e, --ccf-endpoint <url>", "address of the CCF service"),
    name: required("--name <name>", "name of the client"),
    signingCert: required("--signing-cert <file>", "certificate of the member (PEM)"),
    signingKey: required("--signing-key <file>", "private key of the member (PEM), which others cannot read (mode 0600)"),
    serviceCert: optional("-s, --service-cert <file>", "certificate of the service (PEM)"),
  },
  run: async ({ endpoint, name, signingCert, signingKey, serviceCert }, io) => {
    const ccfEndpoint = originOf(endpoint);
    const certificate = await readCertificateFile(signingCert);
    identityOf(certificate, await readPrivateKey(signingKey));
    const profile = {
      ccfEndpoint,
      serviceCert: serviceCert === undefined ? await learn(name, ccfEndpoint, io) : await readCertificateFile(serviceCert),
      signingCert: certificate,
      signingKeyFile: resolve(signingKey),
    };
    await withProfile(profile, getServiceInfo);
    await saveProfile(name, profile, io);
  },
});

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
