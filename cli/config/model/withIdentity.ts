import { changedPoints } from "./accessPoints.js";
import type { Config, Identity } from "./specification.js";

/** Adds an identity, in place of one of that name; data that has the earlier one gets this one. */
export function withIdentity(config: Config, identity: Identity): Config {
  const { identities } = config;
  const replaced = (known: Identity): Identity => (known.name === identity.name ? identity : known);
  const there = identities.some(({ name }) => name === identity.name);
  const changed = changedPoints(config, (point) => {
    const { encryptionSecretAccessIdentity: reader } = point.protection;
    const protection = { ...point.protection, ...(reader && { encryptionSecretAccessIdentity: replaced(reader) }) };
    return { ...point, identity: replaced(point.identity), protection };
  });
  return { ...changed, identities: there ? identities.map(replaced) : [...identities, identity] };
}
