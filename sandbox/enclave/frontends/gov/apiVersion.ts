import { CcfError } from "../../http/errors.js";

export const SINCE_2024: readonly string[] = ["2024-07-01"];
export const ALL_VERSIONS: readonly string[] = ["2023-06-01-preview", ...SINCE_2024];

/** Every governance request names the version of the API that it means. @throws CcfError MissingApiVersionParameter, UnsupportedApiVersionValue */
export function requireApiVersion(query: ReadonlyMap<string, string>, supported: readonly string[]): void {
  const version = query.get("api-version");
  const list = `The supported api-versions are: ${supported.join(", ")}`;
  if (version === undefined) {
    throw new CcfError(
      "MissingApiVersionParameter",
      `The api-version query parameter (?api-version=) is required for all requests. ${list}`,
    );
  }
  if (!supported.includes(version)) throw new CcfError("UnsupportedApiVersionValue", `Unsupported api-version '${version}'. ${list}`);
}
