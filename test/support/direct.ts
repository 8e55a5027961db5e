import type { Transport } from "../../client/transport.js";
import type { Sandbox } from "../../sandbox/index.js";
import { Party } from "./party.js";

/** The same party with requests that go straight into the enclave: quicker, and free to say what no HTTP client would. */
export function directly(service: Sandbox, party: Party): Party {
  const transport: Transport = {
    url: "",
    async request({ method, path, contentType, body }) {
      const answer = await service.request({
        method,
        url: path,
        headers: contentType === undefined ? {} : { "content-type": contentType },
        certificate: party.der,
        ...(body && { body }),
      });
      const transactionId = answer.headers["x-ms-ccf-transaction-id"];
      return {
        status: answer.status,
        headers: answer.headers,
        body: Buffer.from(answer.body ?? ""),
        ...(transactionId !== undefined && { transactionId }),
      };
    },
    close: () => Promise.resolve(),
  };
  return new Party({ transport, identity: party.session.identity });
}
