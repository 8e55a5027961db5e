/** Path and query of a further page. Parameters without a value are left out. */
export function linkTo(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = Object.entries(parameters).flatMap(([name, value = ""]) => (value === "" ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return `${path}?${query.join("&")}`;
}
