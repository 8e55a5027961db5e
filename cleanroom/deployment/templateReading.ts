import { isMeasured, type Measured, type Mount, type Variable } from "./container.js";

type Fields = Readonly<Record<string, unknown>>;

/** What a template says that a policy has a say in. Nothing of it is trusted: texts of anybody are read. */
export type ReadTemplate = {
  /** Text of its policy. */
  readonly policy: string;
  readonly containers: readonly Measured[];
};

/** A template that does not say what is to run. */
export class UnreadableTemplate extends Error {
  override readonly name = "UnreadableTemplate";
}

/** @throws UnreadableTemplate */
export function readTemplate(template: unknown): ReadTemplate {
  const resources = listIn(fieldsOf(template, "the template"), "resources", "the template");
  if (resources.length !== 1) throw new UnreadableTemplate(`the template has ${resources.length} resources, and one is expected`);
  const group = fieldsOf(resources[0], "its resource");
  if (group.type !== "Microsoft.ContainerInstance/containerGroups") throw new UnreadableTemplate("its resource is no container group");
  const properties = fieldsOf(group.properties, "its container group");
  const { ccePolicy } = fieldsOf(properties.confidentialComputeProperties, "confidentialComputeProperties");
  const all = [...listIn(properties, "containers", "the group"), ...listIn(properties, "initContainers", "the group")];
  return { policy: decoded(ccePolicy), containers: all.map(containerIn) };
}

function containerIn(value: unknown): Measured {
  const { name, properties } = fieldsOf(value, "a container");
  const what = `container ${JSON.stringify(name)}`;
  const fields = fieldsOf(properties, what);
  const { privileged } = fieldsOf(fields.securityContext ?? {}, `securityContext of ${what}`);
  return {
    name: textOf(name, "the name of a container"),
    image: literal(fields.image, `image of ${what}`),
    command: listIn(fields, "command", what).map((word) => literal(word, `command of ${what}`)),
    environment: listIn(fields, "environmentVariables", what).map((one) => variableIn(one, what)),
    mounts: listIn(fields, "volumeMounts", what).map((one) => mountIn(one, what)),
    privileged: privileged === true || privileged === "true",
  };
}

function variableIn(value: unknown, what: string): Variable {
  const { name, value: text, secureValue } = fieldsOf(value, `a variable of ${what}`);
  if (secureValue !== undefined) throw new UnreadableTemplate(`${what} has a secret variable, whose value nobody can agree on`);
  const known = textOf(name, `the name of a variable of ${what}`);
  return { name: known, value: isMeasured(known) ? literal(text, `variable ${known} of ${what}`) : opened(text) };
}

/** Of a variable that the policy leaves open: what stands there, unless the deployment computes it. */
function opened(value: unknown): string | undefined {
  if (typeof value !== "string" || isExpression(value)) return undefined;
  return value.startsWith("[[") && value.endsWith("]") ? value.slice(1) : value;
}

function mountIn(value: unknown, what: string): Mount {
  const { name, mountPath } = fieldsOf(value, `a mount of ${what}`);
  return { volume: textOf(name, `a mount of ${what}`), path: literal(mountPath, `a mount of ${what}`) };
}

function decoded(value: unknown): string {
  const bytes = Buffer.from(textOf(value, "ccePolicy"), "base64");
  const text = bytes.toString("utf8");
  if (bytes.toString("base64") === value && Buffer.from(text, "utf8").equals(bytes)) return text;
  throw new UnreadableTemplate("ccePolicy is not base64 of a text");
}

/** A text as it will be deployed. What the deployment computes is not known before it. */
function literal(value: unknown, what: string): string {
  const text = textOf(value, what);
  if (isExpression(text)) throw new UnreadableTemplate(`${what} is an expression: what it will be is not known`);
  return text.startsWith("[[") && text.endsWith("]") ? text.slice(1) : text;
}

function isExpression(text: string): boolean {
  return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
}

function textOf(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new UnreadableTemplate(`${what} is no text`);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnreadableTemplate(`${what} is missing, or no object`);
}

function listIn(fields: Fields, key: string, what: string): readonly unknown[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value)) return value;
  throw new UnreadableTemplate(`${key} of ${what} is no list`);
}
