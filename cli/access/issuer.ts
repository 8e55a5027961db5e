import { setTimeout as sleep } from "node:timers/promises";
import { BlobError } from "../../azure/blob.js";
import type { AnyCloud } from "../../azure/cloud.js";
import { CommandError } from "../failure.js";
import { CONTAINER, documentsFor, isPublished, notPublic, publish } from "./documents.js";
import type { Agreed } from "./governance.js";
import { patiently } from "./patience.js";

/** Reads of what was just written, and milliseconds between them: a container that is new may take a moment to be public. */
const READS = 6;
const PAUSE = 2_000;

/**
 * Sees to it that the issuer of the tenant has the keys of the service, and no others. An issuer that the tenant has already stays: all
 * its members share one.
 *
 * @param storageAccount where a tenant that has no issuer yet gets one
 * @returns the issuer
 * @throws CommandError where nobody would find the keys; then nothing has changed
 */
export async function provideIssuer(
  tenantId: string,
  { issuerUrl, keys, serviceName }: Agreed,
  storageAccount: string,
  cloud: AnyCloud,
  note: (line: string) => void,
): Promise<string> {
  const endpoint = cloud.blobEndpointOf(storageAccount);
  const own = `${endpoint}${CONTAINER}/${serviceName}`;
  const documents = documentsFor(issuerUrl ?? own, keys);
  const { issuer } = documents;
  if (await isPublished(documents, cloud)) {
    note(`${issuer} has the keys of the service already`);
    return issuer;
  }
  const refused = (cause?: unknown): CommandError =>
    new CommandError(
      `tokens for tenant ${tenantId} name the issuer ${issuer}, which does not have the keys of the service, and you cannot publish there` +
        `${cause instanceof Error ? ` (${cause.message})` : ""}: let who can call setup-access again, or name one of your own for the whole ` +
        `tenant, cleanroom governance oidc-issuer set-issuer-url --url ${own}, and then let all its members call setup-access again`,
      { cause },
    );
  try {
    const mine = issuer.startsWith(endpoint);
    const patience = { note, attempts: mine ? undefined : 1 };
    if (!(await patiently("publishing the keys", () => publish(documents, endpoint, cloud), patience))) throw refused();
  } catch (error) {
    if (error instanceof BlobError && issuer !== own) throw refused(error);
    throw error;
  }
  for (let read = 1; !(await isPublished(documents, cloud)); read++) {
    if (read === READS) throw notPublic(issuer);
    await sleep(PAUSE);
  }
  note(`${issuer} has the keys of the service now`);
  return issuer;
}
