import { onTestFinished } from "vitest";
import { newIdentity, startSandbox, type AppBundle, type NewIdentity, type Sandbox, type SandboxOptions } from "../../../sandbox/index.js";

/** How an endpoint is written here: `VERB /path` to what it needs of `set_js_app`'s properties. */
export type Endpoints = Readonly<
  Record<string, { readonly js_module: string; readonly js_function: string; readonly [property: string]: unknown }>
>;

export function bundleOf(endpoints: Endpoints, modules: Readonly<Record<string, string>>): AppBundle {
  const urls: Record<string, Record<string, unknown>> = {};
  for (const [route, properties] of Object.entries(endpoints)) {
    const [verb = "", url = ""] = route.split(" ");
    const defaults = { mode: "readwrite", forwarding_required: "never", authn_policies: ["no_auth"], openapi: {} };
    (urls[url] ??= {})[verb.toLowerCase()] = { ...defaults, ...properties };
  }
  return { metadata: { endpoints: urls }, modules: Object.entries(modules).map(([name, module]) => ({ name, module })) };
}

/** An application of one module, whose functions are endpoints by their names: `f` is GET /f. */
export function functions(module: string, properties: Readonly<Record<string, unknown>> = {}): AppBundle {
  const names = [...module.matchAll(/export (?:async )?function (\w+)/g)].map(([, name = ""]) => name);
  const endpoint = (name: string) => [`GET /${name}`, { js_module: "main.js", js_function: name, ...properties }] as const;
  return bundleOf(Object.fromEntries(names.map(endpoint)), { "main.js": module });
}

export type Place = { readonly sandbox: Sandbox; readonly alice: NewIdentity; readonly bob: NewIdentity; readonly logged: string[] };

/** A fresh service of alice and bob, which keeps nothing and ends with the test; open if there is an application. */
export async function start(app?: AppBundle, options: SandboxOptions = {}): Promise<Place> {
  const [alice, bob] = await Promise.all([newIdentity("alice"), newIdentity("bob")]);
  const logged: string[] = [];
  const log: SandboxOptions["log"] = (level, line) => logged.push(`${level} ${line}`);
  const sandbox = await startSandbox({ members: [alice, bob], log, ...options });
  onTestFinished(() => sandbox.stop());
  if (app) await sandbox.open({ app });
  return { sandbox, alice, bob, logged };
}

export const status = async (sandbox: Sandbox, transactionId: string | undefined): Promise<unknown> =>
  ((await sandbox.request({ url: `/node/tx?transaction_id=${transactionId ?? ""}` })).json() as { status: unknown }).status;
