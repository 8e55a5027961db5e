import { bundleDigest, constitutionDigest, getBundle } from "../../../client/governance/application.js";
import { getConstitution } from "../../../client/governance/service.js";
import type { Session } from "../../../client/session.js";
import type { Release } from "../../release.js";

/** What a service runs: digests, and the version of the release that they are of. */
export type Deployed = { readonly digest: string; readonly version: string };

export const unknown = "unknown";

/** @param releases that are known; of others the version is `unknown` */
export async function deployedOn(
  session: Session,
  releases: readonly Release[],
): Promise<{ readonly constitution: Deployed; readonly jsapp: Deployed }> {
  const constitution = `sha256:${constitutionDigest(await getConstitution(session))}`;
  const application = `sha256:${bundleDigest(await getBundle(session))}`;
  const versionOf = (matches: (release: Release) => boolean): string => releases.find(matches)?.version ?? unknown;
  return {
    constitution: { digest: constitution, version: versionOf((release) => release.constitution === constitution) },
    jsapp: { digest: application, version: versionOf((release) => release.application === application) },
  };
}
