import type { Endpoint } from "./appMap.js";
import type { DeclaredSpec } from "./openapi.js";

const sameNames = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();

/**
 * Where `app.json` and the operation that it names contradict each other, in words; nothing when they agree.
 *
 * CCF acts on the map alone, the operation was written for what it declares: a difference would open a door that nobody meant to open.
 */
export function disagreements(url: string, { authn_policies, mode }: Endpoint, { params, callers, activeMembers }: DeclaredSpec): string[] {
  const segments = [...url.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const declared = Object.keys((params?.definition as { properties?: object } | undefined)?.properties ?? {});
  const policies = authn_policies.length === 0 ? ["no_auth"] : authn_policies;
  return [
    ...(sameNames(segments, declared)
      ? []
      : [`the path has ${segments.join() || "no parameters"}, the schema ${declared.join() || "none"}`]),
    ...(callers === undefined || sameNames(callers, policies) ? [] : [`callers are ${policies.join()}, written for ${callers.join()}`]),
    ...(mode === "readwrite" && policies.includes("member_cert") && !activeMembers ? ["members who are not active could write"] : []),
  ];
}
