/** DER as PEM (RFC 7468), with a newline at the end as OpenSSL has it. */
export function toPem(label: string, der: Uint8Array): string {
  const text = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

/** @throws Error where the text is not one PEM block of that label */
export function fromPem(label: string, pem: string): Buffer {
  const body = new RegExp(`^\\s*-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----\\s*$`).exec(pem)?.[1];
  if (body === undefined) throw new Error(`not a PEM block of the type ${label}`);
  return Buffer.from(body, "base64");
}
