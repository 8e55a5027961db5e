import type { Namespace } from "./namespace.js";
import { decodeUtf8 } from "./utf8.js";

/** The `request` argument of endpoints; the body is read when the guest asks for it. */
export const requestNamespace: Namespace = {
  where: "app",
  operations: {
    text: (call) => decodeUtf8(call.body),
    bytes: (call) => call.body,
  },
  guest: `
    const body = () => ({
      text() {
        if (arguments.length !== 0) throw wrongCount(arguments.length, "none");
        return host(OP.text);
      },
      json() {
        if (arguments.length !== 0) throw wrongCount(arguments.length, "none");
        return parseAs(host(OP.text), "<body>");
      },
      arrayBuffer() {
        if (arguments.length !== 0) throw wrongCount(arguments.length, "none");
        return host(OP.bytes);
      },
    });
    api.request = (request) => {
      request.body = body();
      return request;
    };
  `,
};
