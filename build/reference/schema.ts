/** The part of JSON schema that is shown; others are left to the OpenAPI text. */
export type ShownSchema = {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, ShownSchema>>;
  readonly required?: readonly string[];
  readonly items?: ShownSchema;
  readonly additionalProperties?: boolean | ShownSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ShownSchema[];
  readonly pattern?: string;
  readonly nullable?: boolean;
};

export type Field = { readonly name: string; readonly type: string; readonly required: boolean; readonly description: string };

/** In a word or two. */
function typeOf(schema: ShownSchema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.type === undefined) return "any JSON";
  const type = [schema.type].flat().join(" or ");
  if (type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  return schema.pattern === undefined ? type : `${type} \`${schema.pattern}\``;
}

/**
 * The fields of an object and of what is in them: `finalVotes[].memberId`.
 *
 * @param besides fields at the top that are shown elsewhere
 */
export function fieldsOf(schema: ShownSchema, besides: readonly string[] = [], prefix = ""): Field[] {
  const own = Object.entries(schema.properties ?? {}).filter(([name]) => !besides.includes(name));
  return own.flatMap(([name, field]) => {
    const required = schema.required?.includes(name) ?? false;
    const row = { name: prefix + name, type: typeOf(field), required, description: field.description ?? "" };
    const object = field.anyOf?.find(({ properties }) => properties) ?? field;
    return [row, ...fieldsOf(object, [], `${prefix}${name}.`), ...fieldsOf(field.items ?? {}, [], `${prefix}${name}[].`)];
  });
}
