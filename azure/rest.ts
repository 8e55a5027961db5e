import { Agent, request } from "undici";
import { CloudError } from "./cloudError.js";
import { isLoopbackUrl } from "./loopback.js";
import type { Credential } from "./tokens.js";

/** How the services of a cloud are called. */
export type Reach = {
  /** PEM of the development authority of a local cloud; it is trusted for URLs of this machine alone, and then nobody else is. */
  readonly ca?: string | undefined;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
};

export type RestOptions = Reach & {
  /** Who calls, and what for; nobody where it is absent. */
  readonly as?: { readonly credential: Credential; readonly scope: string };
};

export type Rest = (
  method: "GET" | "POST" | "PUT",
  url: string,
  body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> },
) => Promise<unknown>;

/** Milliseconds for an answer. */
const TIMEOUT = 30_000;
/** Bytes of an answer; none that is asked for here comes near it. */
const LONGEST = 1024 * 1024;

const agents = new Map<string, Agent>();

/** Calls of a service that answers with JSON. @throws CloudError */
export function rest({ as, ...reach }: RestOptions): Rest {
  return async (method, url, body) => {
    const token = await as?.credential.token(as.scope);
    const { status, text } = await exchange(method, url, body, token, reach);
    const answer = parsed(text);
    if (status < 300 && answer !== undefined) return answer;
    const { code, message } = refusalIn(answer);
    const said = message ?? (status < 300 ? "answered with no JSON" : `answered with status ${status}`);
    throw new CloudError(code ?? "UnexpectedAnswer", status, `${new URL(url).host}: ${said}`);
  };
}

type Body = Parameters<Rest>[2];
type Exchanged = { readonly status: number; readonly text: string };

async function exchange(method: string, url: string, body: Body, token: string | undefined, { ca, signal }: Reach): Promise<Exchanged> {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body && { "content-type": "json" in body ? "application/json" : "application/x-www-form-urlencoded" }),
  };
  const content = body && ("json" in body ? JSON.stringify(body.json) : new URLSearchParams(body.form).toString());
  try {
    const timeouts = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT };
    const answer = await request(url, { method, headers, body: content ?? null, ...timeouts, signal, ...trusting(url, ca) });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch (cause) {
    const { code = "ConnectionFailed", message } = cause as Error & { code?: string };
    throw new CloudError(code, undefined, `${new URL(url).host} cannot be reached: ${message}`, { cause });
  }
}

function trusting(url: string, ca: string | undefined): { dispatcher?: Agent } {
  if (ca === undefined) return {};
  if (!isLoopbackUrl(url))
    throw new CloudError("NotLocal", undefined, `${new URL(url).host} is not on this machine, as the local cloud is`);
  const agent = agents.get(ca) ?? new Agent({ connect: { ca }, maxResponseSize: LONGEST });
  agents.set(ca, agent);
  return { dispatcher: agent };
}

function parsed(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `{"error": {"code", "message"}}`, or as OAuth has it: `{"error", "error_description"}`. */
function refusalIn(answer: unknown): { code?: string | undefined; message?: string | undefined } {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return {};
  const { error } = answer;
  if (typeof error === "object" && error !== null) return error;
  const { error_description: message } = answer as { error_description?: string };
  return { code: String(error), message: message?.split("\n")[0] };
}
