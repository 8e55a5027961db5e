import { readFile } from "node:fs/promises";
import path from "node:path";
import { ERRORS } from "../../src/http/errors.js";
import { SignedBody } from "../../src/model/evidence.js";
import type { SchemaSource } from "../../src/model/schema.js";
import { readAppMap } from "../appMap.js";
import { specOf } from "../application.js";
import type { DeclaredSpec } from "../openapi.js";
import { readExamples, type Example } from "./examples.js";
import { anchor, block, capitalised, code, paragraphs, table } from "./markdown.js";
import { documentedRoutes, type DocumentedRoute } from "./operations.js";
import { fieldsOf, type ShownSchema } from "./schema.js";

/** An operation with all its spellings. */
type Operation = { readonly routes: readonly DocumentedRoute[]; readonly spec: DeclaredSpec; readonly examples: readonly Example[] };

const definitionOf = (part: { readonly definition: unknown } | undefined): ShownSchema => part?.definition ?? {};

/** While the build runs, a schema is its definition. */
const SIGNED = definitionOf(SignedBody as unknown as SchemaSource);
const SIGNED_FIELDS = Object.keys(SIGNED.properties ?? {});

const takesEvidence = ({ body }: DeclaredSpec): boolean => "attestation" in (definitionOf(body).properties ?? {});

/** Who may call, in a word or two each. */
function callersOf({ endpoint }: DocumentedRoute, spec: DeclaredSpec): string {
  const words: Readonly<Record<string, string>> = {
    member_cert: spec.activeMembers ? "active members" : "members",
    user_cert: "users",
    no_auth: takesEvidence(spec) ? "clean rooms" : "anybody",
  };
  return endpoint.authn_policies.map((policy) => words[policy] ?? policy).join(", ");
}

/** What every operation of its kind answers, whether its docstring says so or not. */
function commonErrors({ endpoint }: DocumentedRoute, spec: DeclaredSpec): string[] {
  return [
    ...(endpoint.authn_policies.includes("no_auth") && !spec.certificateOrBody ? [] : ["InvalidAuthenticationInfo"]),
    ...(spec.activeMembers ? ["CallerNotAuthorized"] : []),
    ...(spec.params || spec.query || spec.body ? ["InvalidInput"] : []),
  ];
}

function errorsOf(route: DocumentedRoute, spec: DeclaredSpec): (keyof typeof ERRORS)[] {
  const codes = new Set([...commonErrors(route, spec), ...route.docstring.errors.map((error) => error.code)]);
  return [...codes].filter((name): name is keyof typeof ERRORS => name in ERRORS);
}

const parameterTable = (head: string, schema: ShownSchema, besides: readonly string[] = []): string =>
  table(
    [head, "type", "", "meaning"],
    fieldsOf(schema, besides).map(({ name, type, required, description }) => [code(name), type, required ? "required" : "", description]),
  );

function bodyText(spec: DeclaredSpec): string {
  if (!spec.body) return "";
  const signed = "sign" in (definitionOf(spec.body).properties ?? {});
  const evidence = takesEvidence(spec) ? `[Evidence](#evidence)${signed ? ", and `data` signed" : ""} by clean rooms.` : "";
  return paragraphs(evidence, parameterTable("body", definitionOf(spec.body), takesEvidence(spec) ? SIGNED_FIELDS : []));
}

function answerText({ status, returns, pending }: DeclaredSpec): string {
  const later = pending
    ? "Or 202, while the node fetches that part of the ledger: repeat the request after the seconds of `retry-after`."
    : "";
  const text = returns ? "" : `An empty answer, ${status ?? 200}.`;
  return paragraphs(text, parameterTable("answer", definitionOf(returns)), later);
}

const errorTable = (route: DocumentedRoute, spec: DeclaredSpec): string =>
  table(
    ["error", "status", "message, unless the place of the error knows better"],
    errorsOf(route, spec).map((name) => [code(name), String(ERRORS[name][0]), ERRORS[name][1]]),
  );

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

function exampleText({ operation, by, path: url, body, signs, status, answer, unwraps }: Example): string {
  const request = [`# ${by}`, `${operation.split(" ")[0] ?? ""} ${url}`, ...(body === undefined ? [] : [json(body)])];
  const signed = signs === undefined ? [] : [`# data: ${JSON.stringify(signs)}`];
  const answered = [`# answer: ${status}`, ...(answer === undefined ? [] : [json(answer)])];
  const inside = unwraps === undefined ? [] : [`# value, unwrapped: ${typeof unwraps === "string" ? unwraps : JSON.stringify(unwraps)}`];
  return block("text", [...request, ...signed, ...answered, ...inside].join("\n"));
}

function section({ routes, spec, examples }: Operation): string {
  const [first, ...others] = routes;
  if (!first) return "";
  const { docstring } = first;
  const [summary = "", ...rest] = docstring.text.split("\n\n");
  return paragraphs(
    `### ${first.name}`,
    capitalised(summary),
    ...rest,
    others.length > 0 ? `Also: ${others.map(({ name }) => code(name)).join(", ")}.` : "",
    `For ${[...new Set(routes.map((route) => callersOf(route, spec)))].join("; or ")}.`,
    parameterTable("path", definitionOf(spec.params)),
    parameterTable("query", definitionOf(spec.query)),
    bodyText(spec),
    answerText(spec),
    errorTable(first, spec),
    docstring.throws.startsWith("Of ") ? docstring.throws : "",
    ...examples.map(exampleText),
  );
}

function overview(operations: readonly Operation[]): string {
  const rows = operations.flatMap(({ routes, spec }) =>
    routes.map((route) => {
      const [first] = routes;
      const link = `[${code(route.name)}](#${anchor(first?.name ?? "")})`;
      return [link, callersOf(route, spec), route.endpoint.mode, errorsOf(route, spec).join(", ")];
    }),
  );
  return table(["operation", "callers", "mode", "errors"], rows);
}

/** The reference of the application: `docs/api.md`. @throws Error where the docstring of an operation is missing or not true */
export async function apiReference(root: string): Promise<string> {
  const routes = await documentedRoutes(root, await readAppMap(root));
  const examples = [...(await readExamples(path.join(root, "test/examples"))).values()].flat();
  const operations = new Map<string, Operation>();
  for (const route of routes) {
    const { js_module, js_function } = route.endpoint;
    const key = `${js_module} ${js_function}`;
    const spec = (await specOf(root, route.endpoint)) ?? {};
    const earlier = operations.get(key)?.routes ?? [];
    const all = [...earlier, route];
    operations.set(key, { routes: all, spec, examples: examples.filter(({ operation }) => all.some(({ name }) => name === operation)) });
  }
  const listed = [...operations.values()];
  return `${paragraphs(
    (await readFile(path.join(root, "docs/parts/api.md"), "utf8")).trim(),
    parameterTable("body", SIGNED),
    "## Overview",
    overview(listed),
    "## Operations",
    ...listed.map(section),
  )}\n`;
}
