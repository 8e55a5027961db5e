/** A name of a TLS server: a DNS name, or the bytes of an IP address in hexadecimal (4 or 16 of them). */
export type AlternativeName = { readonly dns: string } | { readonly ip: string };

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const DNS_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const MAX_DNS_NAME = 253;

/** As RFC 1123 has it; a wildcard stands for the whole first label of a name with at least three (RFC 6125, 7.2). */
function isDnsName(text: string): boolean {
  const name = text.startsWith("*.") ? text.slice(2) : text;
  const labels = name.split(".");
  if (text.length > MAX_DNS_NAME || !DNS_NAME.test(name) || (name !== text && labels.length < 2)) return false;
  return !/^[0-9]+$/.test(labels.at(-1) ?? ""); // which would be an address
}

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

const ipv4 = (text: string) =>
  IPV4.test(text) ? text.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0")).join("") : undefined; // prettier-ignore

/** RFC 4291, 2.2, the first two forms: no IPv4 tail, no zone. */
function ipv6(text: string): string | undefined {
  const [head = [], tail, ...more] = text.split("::").map((side) => (side === "" ? [] : side.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (more.length > 0 || (tail ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...(tail ?? [])];
  return groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))
    ? groups.map((group) => group.toLowerCase().padStart(4, "0")).join("")
    : undefined;
}

/**
 * Reads `dNSName:host.example` or `iPAddress:192.0.2.1`.
 *
 * @returns undefined for any other text: another prefix, or more than one name
 */
export function parseAlternativeName(text: string): AlternativeName | undefined {
  const [, prefix, value = ""] = /^(dNSName|iPAddress):(.*)$/s.exec(text) ?? [];
  if (prefix === "dNSName") return isDnsName(value) ? { dns: value } : undefined;
  const ip = prefix && (ipv4(value) ?? ipv6(value));
  return ip ? { ip } : undefined;
}
