/**
 * A pure function of a text, and the last `limit` results of it. Interpreters outlive requests: so results must not be changed.
 * A result that is undefined is not kept.
 */
export function remembered<Value>(limit: number, compute: (text: string) => Value | undefined): (text: string) => Value | undefined {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text) ?? compute(text);
    if (value === undefined) return undefined;
    known.delete(text); // what was used last stays longest
    known.set(text, value);
    for (const oldest of known.keys()) if (known.size > limit) known.delete(oldest);
    return value;
  };
}
