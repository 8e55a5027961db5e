import { handler } from "../http/handler.js";
import { payloadSigningKeys, signing } from "../kv/tables.js";
import { SigningInfo } from "../model/signingKey.js";
import { isEnabled, publishedKeys } from "./key.js";

/** POST /signing/info: whether payloads are signed, and the keys that verify the signatures. */
export const getSigningInfo = handler({ returns: SigningInfo }, () => {
  const [current, previous] = publishedKeys(payloadSigningKeys);
  return {
    enabled: isEnabled(signing),
    publicKeyPem: current?.publicKey ?? "",
    ...(previous && { previousPublicKeyPem: previous.publicKey }),
  };
});
