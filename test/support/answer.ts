import { expect } from "vitest";
import type { Request, Response, Transport } from "../../client/transport.js";

/** What came back, whatever it was. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the answer; undefined where the answer is empty. */
  readonly body: unknown;
  /** `view.seqno` of what was read or written. */
  readonly transactionId?: string;
};

/** Sends a request as it is: the path goes out unchanged; text and bytes are sent as they are, any other body as JSON. */
export function call(transport: Transport, method: Request["method"], path: string, body?: unknown): Promise<Answer> {
  return send(transport, { method, path, ...(body !== undefined && { contentType: "application/json", body: bytesOf(body) }) });
}

/** @throws ConnectionError when no answer came; SyntaxError when it is no JSON, which no answer of the service to these requests is */
export async function send(transport: Transport, request: Request): Promise<Answer> {
  const { status, headers, body, transactionId }: Response = await transport.request(request);
  const text = body.toString("utf8");
  return {
    status,
    headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
    ...(transactionId !== undefined && { transactionId }),
  };
}

export function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8");
}

/** What `toMatchObject` finds in the answer to a request that was refused. */
export const refusal = (status: number, code: string, message: unknown = expect.stringMatching(/./)) => ({
  status,
  body: { error: { code, message } },
});
