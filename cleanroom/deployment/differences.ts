/** Where one value has what another has not. */
export type Difference = { readonly path: string; readonly left: string; readonly right: string };

/**
 * All places where two JSON values differ, the outermost that say it; the order of fields does not matter. Texts that are both base64 of JSON
 * objects are opened: nobody reads what differs in them.
 */
export function differences(left: unknown, right: unknown, path = ""): Difference[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => differences(left[index], right[index], `${path}[${index}]`)).flat();
  }
  if (isMap(left) && isMap(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(own(left, key), own(right, key), path === "" ? key : `${path}.${key}`));
  }
  const [openedLeft, openedRight] = [opened(left), opened(right)];
  if (openedLeft && openedRight && left !== right) {
    const inside = differences(openedLeft, openedRight, `${path} (decoded)`);
    if (inside.length > 0) return inside;
  }
  return left === right ? [] : [{ path, left: shown(left), right: shown(right) }];
}

function opened(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "string" || !value.startsWith("ey") || !/^[A-Za-z0-9+/]+=*$/.test(value)) return undefined; // how {" begins
  try {
    const inside: unknown = JSON.parse(Buffer.from(value, "base64").toString("utf8"));
    return isMap(inside) ? inside : undefined;
  } catch {
    return undefined; // another text
  }
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const json = JSON.stringify(value);
  return json.length > 100 ? `${json.slice(0, 100)}…` : json;
}
