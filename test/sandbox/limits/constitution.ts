/**
 * A constitution under which a proposal is code: `args` of an action may hold the body of `validate`, `resolve` and `apply`. It is accepted
 * at once, or by the first ballot in favour where an action asks for a vote.
 */
export const CONSTITUTION = `
const actionsOf = (text) => JSON.parse(text).actions.map(({ args }) => args);
const run = (code) => { if (code !== undefined) new Function(code)(); };

export function validate(text) {
  for (const action of actionsOf(text)) run(action.validate);
  return { valid: true, description: "" };
}

export function resolve(text, proposerId, votes) {
  const actions = actionsOf(text);
  for (const action of actions) run(action.resolve);
  return actions.every(({ vote }) => !vote) || votes.some(({ vote }) => vote) ? "Accepted" : "Open";
}

export function apply(text) {
  for (const action of actionsOf(text)) run(action.apply);
}
`;

export type Code = {
  readonly validate?: string;
  readonly resolve?: string;
  readonly apply?: string;
  /** Whether it takes a ballot. */
  readonly vote?: boolean;
};

/** Code that gives the guests of the application other limits, in the words of `set_js_runtime_options`. */
export const limiting = (options: Readonly<Record<string, unknown>>): string =>
  `ccf.kv["public:ccf.gov.js_runtime_options"].set(new ArrayBuffer(8), ccf.jsonCompatibleToBuf(${JSON.stringify(options)}));`;

/** The action of a proposal that is code. */
export const code = (args: Code): { readonly name: string; readonly args: Code } => ({ name: "run", args });

/** Code that opens the service. @param serviceCertificate PEM */
export const opening = (serviceCertificate: string): string =>
  `ccf.node.transitionServiceToOpen(undefined, ccf.strToBuf(${JSON.stringify(serviceCertificate)}));`;

/** Bodies of functions of `request`, by verb and path: `GET /x`. */
export type Endpoints = Readonly<Record<string, string | { readonly body: string; readonly mode?: string; readonly reuse?: string }>>;

/** Code that installs an application of one module. */
export function installing(endpoints: Endpoints): string {
  const entries = Object.entries(endpoints).map(([route, given], i) => {
    const { body, mode = "readwrite", reuse } = typeof given === "string" ? { body: given } : given;
    const properties = {
      js_module: "/app.js",
      js_function: `f${i}`,
      mode,
      authn_policies: ["no_auth"],
      forwarding_required: "always",
      ...(reuse !== undefined && { interpreter_reuse: { key: reuse } }),
    };
    return { route, text: `export function f${i}(request) { ${body} }`, properties: JSON.stringify(properties) };
  });
  const module = entries.map(({ text }) => text).join("\n");
  const set = (table: string, key: string, value: string): string =>
    `ccf.kv[${JSON.stringify(table)}].set(ccf.strToBuf(${JSON.stringify(key)}), ccf.strToBuf(${JSON.stringify(value)}));`;
  return [
    set("public:ccf.gov.modules", "/app.js", module),
    ...entries.map(({ route, properties }) => set("public:ccf.gov.endpoints", route, properties)),
    `ccf.kv["public:ccf.gov.interpreter.flush"].set(new ArrayBuffer(8), ccf.jsonCompatibleToBuf(true));`,
  ].join("\n");
}
