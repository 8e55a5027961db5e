/** The attributes that a subject may have, each with the most characters that X.520 gives it. */
const LONGEST = { CN: 64, O: 64, OU: 64, L: 128, ST: 128, C: 2 } as const;

export type Attribute = { readonly type: keyof typeof LONGEST; readonly value: string };

/** The subject of every CA, which clients may look for. What tells CAs apart, also one before and after a rotation, is the key. */
export const CA_NAME: readonly Attribute[] = [{ type: "CN", value: "Azure Clean Room CA" }];

const MAX_ATTRIBUTES = 16;

const CHARACTER = String.raw`(?:[^\\,+"<>; ]|\\[ ,+"\\<>;=#]|\\[0-9A-Fa-f]{2})`;
/** A type and a value, and the comma after it: what has a meaning of its own is escaped, also a space at either end of the value. */
const ATTRIBUTE = new RegExp(` *([A-Za-z]+)=(?!#)(${CHARACTER}(?: *${CHARACTER})*),`, "y");

/** What no name holds that people are to read: controls, marks that change the direction of text, line breaks, halves of characters. */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** @returns undefined when the escaped bytes are no UTF-8 */
function unescaped(value: string): string | undefined {
  try {
    return value.replace(/((?:\\[0-9A-Fa-f]{2})+)|\\(.)/g, (_, bytes: string | undefined, character: string) =>
      bytes === undefined ? character : decodeURIComponent(bytes.replaceAll("\\", "%")),
    );
  } catch {
    return undefined;
  }
}

function attributeOf(type: string, escaped: string): Attribute | undefined {
  const value = unescaped(escaped);
  if (value === undefined || UNREADABLE.test(value) || !Object.hasOwn(LONGEST, type)) return undefined;
  const attribute = { type: type as Attribute["type"], value };
  if (Array.from(value).length > LONGEST[attribute.type]) return undefined;
  return attribute.type === "C" && !/^[A-Z]{2}$/.test(value) ? undefined : attribute;
}

/**
 * Reads a distinguished name: `CN=web,O=A\, B and Co`, with the escapes of RFC 4514.
 *
 * The certificate has the attributes in the order of the text, as OpenSSL's command prints and takes them, and all of them. There are no
 * attributes with several types (`+`), no binary values (`#`), and no quotes.
 *
 * @returns undefined for any other text
 */
export function parseSubject(text: string): readonly Attribute[] | undefined {
  const terminated = `${text},`;
  const attributes: Attribute[] = [];
  for (let at = 0; at < terminated.length; at = ATTRIBUTE.lastIndex) {
    ATTRIBUTE.lastIndex = at;
    const [, type = "", escaped = ""] = ATTRIBUTE.exec(terminated) ?? [];
    const attribute = attributeOf(type.toUpperCase(), escaped);
    if (!attribute || attributes.length === MAX_ATTRIBUTES) return undefined;
    attributes.push(attribute);
  }
  return attributes;
}
