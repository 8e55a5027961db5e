import { Refused } from "./refusal.js";
import { routes, type Route } from "./routes.js";

export type Found = {
  readonly route: Route;
  /** The parts of the path that vary, decoded. */
  readonly parts: Readonly<Record<string, string>>;
};

/** @throws Refused NotFound */
export function find(method: string | undefined, pathname: string): Found {
  for (const route of routes) {
    const parts = route.method === method ? partsOf(route.path, pathname) : undefined;
    if (parts) return { route, parts };
  }
  throw new Refused(404, "NotFound", `there is no ${method ?? "request"} ${pathname} here`);
}

function partsOf(template: string, pathname: string): Record<string, string> | undefined {
  const [wanted, given] = [template.split("/"), pathname.split("/")];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, text] of wanted.entries()) {
    const name = /^\{(.*)\}$/.exec(text)?.[1];
    const value = given[index] ?? "";
    if (name === undefined ? value !== text : value === "") return undefined;
    if (name !== undefined) parts[name] = decoded(value);
  }
  return parts;
}

/** @throws Refused InvalidInput */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refused(400, "InvalidInput", `"${text}" is not percent-encoded UTF-8`);
  }
}
