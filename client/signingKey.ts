import { write, type Session } from "./session.js";
import { whileTooLong } from "./tooLong.js";

/** A key that the service has made for itself. */
export type GeneratedKey = {
  /** Counts the keys that governance has asked for, from 1. */
  readonly reqId: string;
  readonly kid: string;
};

/**
 * Has the service make the key that governance asked for; asked again, it names the same key.
 *
 * How long an RSA key takes is a matter of luck, and CCF ends a request after a second: then it is tried again.
 */
export async function generateSigningKey(session: Session, service: "oidc" | "signing"): Promise<GeneratedKey> {
  return whileTooLong(() => write(session, "POST", `/app/${service}/generateSigningKey`));
}
