import { ConnectionError, ServiceError } from "../../../client/errors.js";
import { listMembers } from "../../../client/governance/members.js";
import { memberIdOf, readCertificate } from "../../../client/identity.js";
import { command, required } from "../../command.js";
import { describeFailure } from "../../failure.js";
import type { Io } from "../../io.js";
import { loadProfile, type Profile } from "../../profile.js";
import { withProfile } from "../../session.js";

export default command({
  description: "Shows a client, with what its service knows of the member. The private key is never shown.",
  examples: [["Print the id of the member", "cleanroom governance client show --name isv-client --query memberId --output tsv"]],
  options: { name: required("--name <name>", "name of the client") },
  run: async ({ name }, io) => {
    const profile = await loadProfile(name, io);
    const memberId = memberIdOf(readCertificate(profile.signingCert));
    return {
      ccfEndpoint: profile.ccfEndpoint,
      memberId,
      memberData: await memberData(profile, memberId, io),
      serviceCert: profile.serviceCert,
      signingCert: profile.signingCert,
      signingKey: "<redacted>",
      // Of a command only the program: there may be a PIN among its words.
      ...("signingCommand" in profile ? { signingCommand: profile.signingCommand[0] } : { signingKeyFile: profile.signingKeyFile }),
      ...("signingCommand" in profile && profile.tls && { tlsCert: profile.tls.certificate, tlsKeyFile: profile.tls.keyFile }),
      environmentVariables: Object.fromEntries(Object.entries(io.env).filter(([variable]) => variable.startsWith("CLEANROOM_"))),
    };
  },
});

/** What is stored can be shown while the service is away. */
async function memberData(profile: Profile, memberId: string, io: Io): Promise<unknown> {
  try {
    const { value } = await withProfile(profile, listMembers, io.env);
    return value.find((member) => member.memberId === memberId)?.memberData ?? null;
  } catch (error) {
    if (!(error instanceof ConnectionError || error instanceof ServiceError)) throw error;
    io.note(`memberData is not known: ${describeFailure(error)}`);
    return null;
  }
}
