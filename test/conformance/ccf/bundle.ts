import type { CallOptions } from "./step.js";

type Verb = "get" | "post" | "put" | "delete" | "patch" | "head" | "options" | "GET";
export type Mode = "readonly" | "readwrite" | "historical";
export type Policy = string | { readonly all_of: readonly string[] };

/** What the metadata of a bundle says of one operation. */
export type Endpoint = {
  readonly js_module: string;
  readonly js_function: string;
  readonly forwarding_required: "sometimes" | "always" | "never";
  readonly authn_policies: readonly Policy[];
  readonly mode: Mode;
  readonly openapi: unknown;
};
export type Module = { readonly name: string; readonly module: string };
export type Bundle = {
  readonly metadata: { readonly endpoints: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> };
  readonly modules: readonly Module[];
};

/** An operation by the body of its function, whose argument is `request` and whose result is what the endpoint returns. */
export type Operation = {
  /** Left out, another operation gives the function. */
  readonly code?: string;
  /** GET unless given. */
  readonly method?: Verb | readonly Verb[];
  /** `/` and the operation's name unless given. */
  readonly path?: string;
  readonly mode?: Mode;
  /** `no_auth` unless given. */
  readonly auth?: readonly Policy[];
  readonly async?: boolean;
  /** How the operation is called where all are. */
  readonly req?: CallOptions;
};
/** By the name of the function; a text is the code of a GET. */
export type Operations = Readonly<Record<string, string | Operation>>;

export const operationOf = (given: string | Operation | undefined): Operation =>
  typeof given === "string" ? { code: given } : (given ?? {});

/** The verbs of an operation; the first is the one it is called with. */
export const verbsOf = ({ method = "get" }: Operation): readonly Verb[] => [method].flat();

/** An application of one module; `prelude` goes to its top. */
export function bundleOf(operations: Operations, prelude = ""): Bundle {
  const endpoints: Record<string, Record<string, Endpoint>> = {};
  const functions: string[] = [];
  for (const [name, given] of Object.entries(operations)) {
    const operation = operationOf(given);
    const verbs = (endpoints[operation.path ?? `/${name}`] ??= {});
    for (const verb of verbsOf(operation)) verbs[verb] = endpoint("main.js", name, operation.auth, operation.mode);
    if (operation.code !== undefined) {
      functions.push(`export ${operation.async ? "async " : ""}function ${name}(request) {\n${operation.code}\n}\n`);
    }
  }
  return { metadata: { endpoints }, modules: [{ name: "main.js", module: `${PRELUDE}${prelude}\n${functions.join("")}` }] };
}

/** The metadata of one operation. */
export const endpoint = (
  module: string,
  name: string,
  auth: readonly Policy[] = ["no_auth"],
  mode: Mode = "readwrite",
  forwarding: Endpoint["forwarding_required"] = "sometimes",
): Endpoint => ({
  js_module: module,
  js_function: name,
  forwarding_required: forwarding,
  authn_policies: auth,
  mode,
  openapi: {},
});

/** What the code of operations can use. */
const PRELUDE = `
const hex = (b) => Array.from(new Uint8Array(b)).map((x) => x.toString(16).padStart(2, "0")).join("");
const unhex = (s) => new Uint8Array((s.match(/../g) || []).map((x) => parseInt(x, 16))).buffer;
const S = (s) => ccf.strToBuf(s);
const U = (b) => (b === undefined ? null : ccf.bufToStr(b));
const attempt = (f) => { try { const v = f(); return { ok: v === undefined ? "(undefined)" : v }; }
  catch (e) { return { error: { type: e && e.name, message: e && e.message } }; } };
const table = (n) => ccf.kv[n];
`;
