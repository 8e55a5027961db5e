const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const NAME = `(${LABEL}\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?`;
const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const LOOPBACK = "localhost|127\\.0\\.0\\.1|\\[::1\\]";
const PORT = "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
const PATH = "(/([a-z0-9._~!$&'()*+,;=:@-]|%[0-9a-f]{2})*)*";
const ISSUER_URL = new RegExp(`^(https://(${NAME}|(${OCTET}\\.){3}${OCTET}|\\[::1\\])|http://(${LOOPBACK}))(:${PORT})?${PATH}$`, "i");
const MAX_LENGTH = 2048;

/*!
 * What is wrong with the URL of a token issuer (OpenID Connect Discovery 1.0, section 3); undefined if nothing is.
 * Whoever trusts an issuer fetches its keys from below this URL: so https, except on the machine itself, and nothing after the path.
 */
export const problemWithIssuerUrl = (text: string): string | undefined =>
  text.length <= MAX_LENGTH && ISSUER_URL.test(text)
    ? undefined
    : "must be an https:// URL (http:// on the loopback alone) of a host and a path: no credentials, query or fragment";
