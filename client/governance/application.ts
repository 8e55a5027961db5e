import { createHash } from "node:crypto";
import { canonicalJson } from "../canonicalJson.js";
import { getJson, getText, governance, path, type Session } from "../session.js";

/** What CCF knows of one verb of one path, in the words of `set_js_app`. */
export type EndpointProperties = { readonly js_module: string; readonly mode?: string; readonly [property: string]: unknown };

export type Endpoints = Readonly<Record<string, Readonly<Record<string, EndpointProperties>>>>;

/** A JavaScript application as `set_js_app` takes it. */
export type Bundle = {
  readonly metadata: { readonly endpoints: Endpoints };
  readonly modules: readonly { readonly name: string; readonly module: string }[];
};

/** The application that the service runs, in the form in which it was proposed. */
export async function getBundle({ transport }: Session): Promise<Bundle> {
  const { endpoints } = await getJson<{ endpoints: Endpoints }>(transport, governance("/gov/service/javascript-app?case=original"));
  const listed = await getJson<{ value: readonly { moduleName: string }[] }>(transport, governance("/gov/service/javascript-modules"));
  const modules = await Promise.all(
    listed.value.map(async ({ moduleName }) => ({
      name: moduleName,
      module: await getText(transport, governance(path`/gov/service/javascript-modules/${moduleName}`)),
    })),
  );
  return normalise({ metadata: { endpoints }, modules });
}

/**
 * One form for all bundles that mean the same: verbs in lower case, module names without the leading "/" that CCF adds and in the order
 * of their code units, and `mode` spelled out where CCF assumes `readwrite`.
 */
export function normalise({ metadata, modules }: Bundle): Bundle {
  const endpoints = mapValues(metadata.endpoints, (verbs) =>
    Object.fromEntries(
      Object.entries(verbs).map(([name, properties]) => {
        const verb = name.toLowerCase();
        const mode = properties.mode ?? (verb === "put" || verb === "post" ? "readwrite" : undefined);
        return [verb, { ...properties, js_module: relative(properties.js_module), ...(mode !== undefined && { mode }) }];
      }),
    ),
  );
  return {
    metadata: { endpoints },
    modules: modules.map(({ name, module }) => ({ name: relative(name), module })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Lower-case hex SHA-256 of the canonical JSON of a bundle: what parties compare to know that they speak of one application. */
export function bundleDigest(bundle: Bundle): string {
  return sha256(canonicalJson(normalise(bundle)));
}

/** Lower-case hex SHA-256 of the script as it stands. */
export function constitutionDigest(script: string): string {
  return sha256(script);
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function relative(name: string): string {
  return name.replace(/^\//, "");
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
