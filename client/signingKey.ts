import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "./errors.js";
import { write, type Session } from "./session.js";

/** A key that the service has made for itself. */
export type GeneratedKey = {
  /** Counts the keys that governance has asked for, from 1. */
  readonly reqId: string;
  readonly kid: string;
};

const attempts = 8;
/** Milliseconds. */
const pause = 200;

/**
 * Has the service make the key that governance asked for; asked again, it names the same key.
 *
 * How long an RSA key takes is a matter of luck, and CCF ends a request after a second: then nothing was written, and it is tried again.
 */
export async function generateSigningKey(session: Session, service: "oidc" | "signing"): Promise<GeneratedKey> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(session, "POST", `/app/${service}/generateSigningKey`);
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 500) || attempt === attempts) throw error;
      await sleep(pause);
    }
  }
}
