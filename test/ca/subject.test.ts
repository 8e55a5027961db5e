import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSubject } from "../../src/ca/subject.js";

const subjects: readonly [text: string, attributes: readonly string[]][] = [
  ["CN=web", ["CN=web"]],
  ["CN=web,O=Contoso,OU=A,OU=B,L=Bern,ST=BE,C=CH", ["CN=web", "O=Contoso", "OU=A", "OU=B", "L=Bern", "ST=BE", "C=CH"]],
  ["O=Contoso,CN=web", ["O=Contoso", "CN=web"]],
  ["OU=B,OU=A,OU=B", ["OU=B", "OU=A", "OU=B"]],
  ["cn=web, o=Contoso", ["CN=web", "O=Contoso"]],
  ["O=A\\, B and Co", ["O=A, B and Co"]],
  ['O=a\\+b\\\\c\\"d\\<e\\>f\\;g\\=h=i', ['O=a+b\\c"d<e>f;g=h=i']],
  ["O=\\#1,OU=a#1", ["O=#1", "OU=a#1"]],
  ["O=\\ edges\\ ", ["O= edges "]],
  ["O=Lu\\C4\\8Di\\C4\\87", ["O=Lučić"]],
  ["O=\\\\2C", ["O=\\2C"]],
  ["O=Société Générale 株式会社 🏦", ["O=Société Générale 株式会社 🏦"]],
  [`CN=${"🏦".repeat(64)}`, [`CN=${"🏦".repeat(64)}`]],
];

test.each(subjects)("the subject %j has the attributes %j, in that order", (text, attributes) => {
  expect(parseSubject(text)?.map(({ type, value }) => `${type}=${value}`)).toEqual(attributes);
});

describe("a subject is refused", () => {
  test.each([
    ["that is empty", ""],
    ["without a type", "web"],
    ["without a value", "CN="],
    ["that ends with a comma", "CN=web,"],
    ["that begins with a comma", ",CN=web"],
    ["with an attribute that certificates of a clean room do not have", "CN=web,emailAddress=a@b.c"],
    ["with a type that every object inherits", "constructor=1"],
    ["with a number for a type", "2.5.4.3=web"],
    ["with two attributes in one place", "CN=web+O=Contoso"],
    ["with a binary value", "CN=#0c03776562"],
    ["in quotes", 'CN="web"'],
    ["of OpenSSL's other form", "/CN=web/O=Contoso"],
    ["with a name after a semicolon", "CN=web;O=Contoso"],
    ["with a space at the end that is not escaped", "CN=web ,O=Contoso"],
    ["with a backslash at the end", "CN=web\\"],
    ["with an escape that is none", "CN=w\\eb"],
    ["with escaped bytes that are no UTF-8", "CN=\\FF\\FE"],
    ["with a NUL, where OpenSSL's texts would end", "CN=web\\00.example"],
    ["with a NUL that is not escaped", "CN=web\0.example"],
    ["with a line break", "CN=web\nO=Contoso"],
    ["with a mark that turns the text around", "CN=\u202Ebew"],
    ["with half a character", "CN=\uD83D"],
    ["with a country that is none", "C=Switzerland"],
    ["with a country in small letters", "C=ch"],
    ["with a name longer than certificates hold", `CN=${"x".repeat(65)}`],
    ["with more attributes than anyone needs", Array.from({ length: 17 }, () => "OU=x").join()],
  ])("%s", (_, text) => {
    expect(parseSubject(text)).toBeUndefined();
  });
});

test("whatever a value holds, escaped it comes back as it was, and never as a second attribute", () => {
  const value = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 64 });
  fc.assert(
    fc.property(value, value, (cn, o) => {
      const escaped = (text: string) => text.replace(/[ ,+"\\<>;=#]/g, "\\$&");
      expect(parseSubject(`CN=${escaped(cn)},O=${escaped(o)}`)).toEqual([
        { type: "CN", value: cn },
        { type: "O", value: o },
      ]);
    }),
  );
});

test("a long text that matches almost is refused at once", () => {
  const text = `CN=${"\\ ".repeat(30)}${" a".repeat(100_000)}`;
  const start = performance.now();
  expect(parseSubject(`${text};`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(1000);
});
