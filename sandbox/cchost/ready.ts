import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 100;
/** A connection that hangs is tried again. */
const ANSWER_MS = 2000;

export type Awaited = {
  /** `https://host:port` */
  readonly url: string;
  /** Written by the node before it listens. */
  readonly certificateFile: string;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
};

/**
 * Waits until a node answers for its service: until then it refuses connections, or ends them during the TLS handshake.
 *
 * @returns the certificate of the service, PEM
 * @throws the signal's reason
 */
export async function whenReady({ url, certificateFile, signal }: Awaited): Promise<string> {
  for (;;) {
    const certificate = await read(certificateFile);
    if (certificate.includes("-----END CERTIFICATE-----") && (await answers(`${url}/node/network`, certificate, signal)))
      return certificate;
    signal.throwIfAborted();
    await sleep(EVERY_MS);
  }
}

/** Empty as long as there is no file. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Whether a node that the service has endorsed says 200. Any failure is a no: the node is on its way up, or its process has ended. */
function answers(url: string, certificate: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // The chain proves who answers; the name may be one that only others know this machine by.
    const options = { ca: certificate, checkServerIdentity: () => undefined, agent: false };
    get(url, { ...options, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => {
      resolve(false);
    });
  });
}
