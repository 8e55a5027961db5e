import { BlockList, isIP, SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAlternativeName } from "../../src/ca/alternativeName.js";

test.each([
  "localhost",
  "web",
  "web.contoso.example",
  "WEB.Contoso.example",
  "*.contoso.example",
  "xn--bcher-kva.example",
  "1.2.3.example",
  "a".repeat(63),
  Array.from({ length: 42 }, () => "a1234").join(".") + ".b",
])("the DNS name %s is taken as it is", (dns) => {
  expect(parseAlternativeName(`dNSName:${dns}`)).toEqual({ dns });
});

test.each([
  ["192.0.2.1", "c0000201"],
  ["0.0.0.0", "00000000"],
  ["255.255.255.255", "ffffffff"],
  ["::1", "00000000000000000000000000000001"],
  ["::", "00000000000000000000000000000000"],
  ["2001:DB8::8:800:200C:417A", "20010db80000000000080800200c417a"],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
  ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
])("the address %s is the bytes %s", (text, ip) => {
  expect(parseAlternativeName(`iPAddress:${text}`)).toEqual({ ip });
});

describe("an alternative name is refused", () => {
  test.each([
    ["without a prefix", "contoso.example"],
    ["with another prefix", "URI:https://contoso.example"],
    ["with OpenSSL's prefix", "DNS:contoso.example"],
    ["with a prefix in other letters", "dnsname:contoso.example"],
    ["that is empty", "dNSName:"],
    ["with a second name after a comma", "dNSName:a.example,DNS:victim.example"],
    ["with a second name after a comma and a prefix of ours", "dNSName:a.example,dNSName:victim.example"],
    ["with a second name after a line break", "dNSName:a.example\nDNS:victim.example"],
    ["with a line break at the end", "dNSName:a.example\n"],
    ["with a NUL, where OpenSSL's texts would end", "dNSName:victim.example\0.a.example"],
    ["with a space", "dNSName: a.example"],
    ["that is a section of OpenSSL's configuration", "dNSName:@section"],
    ["with an underscore", "dNSName:a_b.example"],
    ["with letters that are not ASCII", "dNSName:bücher.example"],
    ["with a dot at the end", "dNSName:a.example."],
    ["with an empty label", "dNSName:a..example"],
    ["with a hyphen at an end of a label", "dNSName:a-.example"],
    ["with a wildcard for everything", "dNSName:*"],
    ["with a wildcard for a whole top-level domain", "dNSName:*.example"],
    ["with a wildcard that is not the first label", "dNSName:a.*.example"],
    ["with a wildcard for a part of a label", "dNSName:a*.contoso.example"],
    ["with two wildcards", "dNSName:*.*.contoso.example"],
    ["with a label of 64 characters", `dNSName:${"a".repeat(64)}`],
    ["of 254 characters", `dNSName:${"a.".repeat(126)}bc`],
    ["that is an address where a name belongs", "dNSName:192.0.2.1"],
    ["that is a name where an address belongs", "iPAddress:contoso.example"],
    ["that is a network", "iPAddress:192.0.2.0/24"],
    ["that is an address of three numbers", "iPAddress:192.0.2"],
    ["with a zero in front, which some read as octal", "iPAddress:192.0.2.010"],
    ["with a number above 255", "iPAddress:192.0.2.256"],
    ["that is an address in hexadecimal", "iPAddress:c0000201"],
    ["with two gaps", "iPAddress:1::2::3"],
    ["with a gap for nothing", "iPAddress:1:2:3:4::5:6:7:8"],
    ["with seven groups", "iPAddress:1:2:3:4:5:6:7"],
    ["with nine groups", "iPAddress:1:2:3:4:5:6:7:8:9"],
    ["with three colons", "iPAddress:1:::2"],
    ["with a group of five digits", "iPAddress:12345::"],
    ["with a zone", "iPAddress:fe80::1%eth0"],
    ["in brackets", "iPAddress:[::1]"],
  ])("%s", (_, text) => {
    expect(parseAlternativeName(text)).toBeUndefined();
  });
});

/** The same address, by what Node thinks of it. */
function areEqual(text: string, hex: string): boolean {
  const list = new BlockList();
  const groups = (size: number) => hex.match(new RegExp(`.{${size}}`, "g")) ?? [];
  if (hex.length === 8)
    list.addAddress(groups(2).map((octet) => parseInt(octet, 16)).join("."), "ipv4"); // prettier-ignore
  else list.addAddress(groups(4).join(":"), "ipv6");
  return list.check(new SocketAddress({ address: text, family: isIP(text) === 4 ? "ipv4" : "ipv6" }));
}

test("every address is read as Node reads it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const name = parseAlternativeName(`iPAddress:${text}`);
      if (text.includes(":") && text.includes(".")) expect(name).toBeUndefined();
      else expect(name && "ip" in name && areEqual(text, name.ip), text).toBe(true);
    }),
  );
});

test("whatever the text, the DNS name that is taken is all of it and has nothing but letters, digits, hyphens, dots and one wildcard", () => {
  const text = fc.oneof(
    fc.string(),
    fc.domain(),
    fc.tuple(fc.domain(), fc.string(), fc.domain()).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (name) => {
      const parsed = parseAlternativeName(`dNSName:${name}`);
      expect(parsed === undefined || ("dns" in parsed && parsed.dns === name && /^(\*\.)?[A-Za-z0-9.-]+$/.test(name))).toBe(true);
    }),
  );
});
