/** The name under which a module that `base` imports is found: with a leading slash; leading `./` and `../` are relative to `base`. */
export function resolveModule(base: string, requested: string): string {
  if (!requested.startsWith(".")) return withSlash(requested);
  const folder = base.split("/").slice(0, -1);
  let rest = requested;
  for (;;) {
    if (rest.startsWith("./")) rest = rest.slice(2);
    else if (rest.startsWith("../")) {
      rest = rest.slice(3);
      folder.pop();
    } else return withSlash([...folder, rest].join("/"));
  }
}

const withSlash = (name: string): string => (name.startsWith("/") ? name : `/${name}`);
