/** Where one value has what another has not. */
export type Difference = { readonly path: string; readonly left: string; readonly right: string };

/** All places where two JSON values differ, the outermost that say it; the order of fields does not matter. */
export function differences(left: unknown, right: unknown, path = ""): Difference[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => differences(left[index], right[index], `${path}[${index}]`)).flat();
  }
  if (isMap(left) && isMap(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(own(left, key), own(right, key), path === "" ? key : `${path}.${key}`));
  }
  return left === right ? [] : [{ path, left: shown(left), right: shown(right) }];
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
