import type { Namespace } from "./namespace.js";

const utf8 = new TextEncoder();

/**
 * Reads what an endpoint returned, in CCF's order: body, headers, status. What the guest's getters, `toJSON` and `toString` do counts as
 * part of the endpoint. In traces it is known by the name of its function, `respond` (see Interpreter).
 */
export const responseNamespace: Namespace = {
  where: "app",
  operations: {
    bytes: (call, args) => {
      call.response.body = args.bytes(1);
      call.response.setHeader("content-type", args.text(0));
      return undefined;
    },
    text: (call, args) => {
      call.response.body = utf8.encode(args.text(1));
      call.response.setHeader("content-type", args.text(0));
      return undefined;
    },
    header: (call, args) => {
      call.response.setHeader(args.text(0), args.text(1));
      return undefined;
    },
    status: (call, args) => {
      call.response.status = args.number(0);
      return undefined;
    },
  },
  guest: `
    const putText = (type, whole) => {
      const content = api.passable(whole);
      host(typeof content === "string" ? OP.text : OP.bytes, type, content);
    };
    const putBody = (body) => {
      if (typeof body === "string") putText("text/plain", body);
      else if (isBuffer(body)) host(OP.bytes, "application/octet-stream", body);
      else if (isObject(body) && typedArrayName(body) !== undefined) {
        const from = viewOffset(body);
        host(OP.bytes, "application/octet-stream", slice(viewBuffer(body), from, from + viewLength(body)));
      }
      else putText("application/json", "" + stringify(body));
    };
    const headersOf = (result) => { try { return result.headers; } catch { return undefined; } };
    const statusOf = (result) => { try { return result.statusCode; } catch { return NaN; } };
    const isInt32 = (value) => typeof value === "number" && isInteger(value) && (value | 0) === value;
    const respond = (result) => {
      if (!isObject(result)) return ["not an object"];
      try {
        const body = result.body;
        if (body !== undefined) putBody(body);
      } catch (error) { return ["error during JSON conversion of body", true, error]; }
      const headers = headersOf(result);
      try {
        if (isObject(headers)) for (const name of keys(headers)) host(OP.header, name, \`\${headers[name]}\`);
      } catch (error) { return ["header value type", true, error]; }
      const status = statusOf(result);
      if (status !== undefined && status !== null && !isInt32(status)) return ["status code type"];
      host(OP.status, status ?? 200);
    };
    api.respond = respond;
  `,
};
