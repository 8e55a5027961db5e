import { Refusal } from "../client/errors.js";
import { openSession, type Session } from "../client/session.js";
import { connect, type Transport } from "../client/transport.js";
import { optional } from "./command.js";
import type { Io } from "./io.js";
import { identityFrom } from "./key.js";
import { chosenClient, loadProfile, type CommandKey, type FileKey, type Profile } from "./profile.js";

/** The option that every command has which acts as a member. */
export const governanceClient = optional("--governance-client <name>", "the client to act as [env: CLEANROOM_GOVERNANCE_CLIENT]");

/** Acts as the member of a profile, and ends the connections whatever comes of it. */
export async function asMember<T>(client: string | undefined, io: Io, act: (session: Session) => Promise<T>): Promise<T> {
  return withProfile(await loadProfile(await chosenClient(client, io), io), act, io.env);
}

/** @param env what a signing command sees */
export async function withProfile<T>(profile: Profile, act: (session: Session) => Promise<T>, env: Io["env"] = process.env): Promise<T> {
  const session = "signingCommand" in profile ? await commandSession(profile, env) : await keySession(profile);
  try {
    return await act(session);
  } finally {
    await session.transport.close();
  }
}

async function keySession(profile: Profile & FileKey): Promise<Session> {
  const identity = await identityFrom(profile.signingCert, profile.signingKeyFile);
  return openSession({ url: profile.ccfEndpoint, serviceCertificate: profile.serviceCert, identity });
}

/** Signs with the command. What connections show is another certificate, or none: TLS would need the key itself. */
async function commandSession({ signingCommand, tls, ...profile }: Profile & CommandKey, env: Io["env"]): Promise<Session> {
  const { commandSigner } = await import("./signingCommand.js");
  const identity = commandSigner(profile.signingCert, signingCommand, env);
  const endpoint = { url: profile.ccfEndpoint, serviceCertificate: profile.serviceCert };
  const transport = tls
    ? connect({ ...endpoint, identity: await identityFrom(tls.certificate, tls.keyFile) })
    : explainingRefusals(connect(endpoint));
  return { identity, transport, notAsMember: cannotWrite };
}

const cannotWrite =
  "the application takes this only over a connection that shows the member's certificate, and TLS needs the private key for that: a client " +
  "with --signing-command cannot do it, one with --signing-key can";

const cannotRead =
  "the application answers this only to a connection that shows a certificate, and TLS needs the private key for that: give " +
  "`governance client deploy` --tls-cert and --tls-key of a user whom the members have registered (set_user) beside --signing-command";

/** Connections that show no certificate. */
function explainingRefusals(transport: Transport): Transport {
  return {
    ...transport,
    request: async (request) => {
      const response = await transport.request(request);
      if (response.status === 401 && request.path.startsWith("/app/")) throw new Refusal("MemberCertificateMissing", cannotRead);
      return response;
    },
  };
}
