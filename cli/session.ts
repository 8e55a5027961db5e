import { identityOf } from "../client/identity.js";
import { openSession, type Session } from "../client/session.js";
import { optional } from "./command.js";
import type { Io } from "./io.js";
import { readPrivateKey } from "./key.js";
import { chosenClient, loadProfile, type Profile } from "./profile.js";

/** The option that every command has which acts as a member. */
export const governanceClient = optional("--governance-client <name>", "the client to act as [env: CLEANROOM_GOVERNANCE_CLIENT]");

/** Acts as the member of a profile, and ends the connections whatever comes of it. */
export async function asMember<T>(client: string | undefined, io: Io, act: (session: Session) => Promise<T>): Promise<T> {
  return withProfile(await loadProfile(await chosenClient(client, io), io), act);
}

export async function withProfile<T>(profile: Profile, act: (session: Session) => Promise<T>): Promise<T> {
  const identity = identityOf(profile.signingCert, await readPrivateKey(profile.signingKeyFile));
  const session = openSession({ url: profile.ccfEndpoint, serviceCertificate: profile.serviceCert, identity });
  try {
    return await act(session);
  } finally {
    await session.transport.close();
  }
}
