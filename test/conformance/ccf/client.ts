import type { OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import { Answer } from "./answer.js";
import { poll } from "./clock.js";
import { coseSign1, type Envelope } from "./cose.js";
import type { Identity } from "./identity.js";

export type RequestOptions = {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array | null | undefined;
  /** Whose certificate the TLS session shows; none unless given. */
  readonly as?: Identity | undefined;
};

export type SignedOptions = Envelope & Pick<RequestOptions, "as">;

/** Milliseconds without a byte. */
const TIMEOUT = 60_000;

/** HTTP/1.1 over TLS to one service, one kept-alive agent for each identity; whatever the service answers is an answer. */
export class Client {
  readonly #url: URL;
  readonly #agents = new Map<string, https.Agent>();

  /** @param ca PEM of the service certificate: the only one that is trusted */
  constructor(
    url: string,
    private readonly ca: string,
  ) {
    this.#url = new URL(url);
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  /** A request that fails on a kept-alive session that the server had already closed is sent again on a new one. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { answer, stale } = await this.#once(method, path, options);
    return stale ? (await this.#once(method, path, options)).answer : answer;
  }

  /** POST of a signed message. */
  cose(path: string, signer: Identity, payload: string | Uint8Array, { as, ...envelope }: SignedOptions): Promise<Answer> {
    return this.request("POST", path, { body: coseSign1(signer, payload, envelope), headers: { "content-type": "application/cose" }, as });
  }

  async txStatus(tx: string): Promise<string> {
    return (await this.request("GET", `/node/tx?transaction_id=${tx}`)).field("status");
  }

  async waitCommitted(tx: string): Promise<void> {
    await poll(
      () => this.txStatus(tx),
      (status) => status === "Committed" || status === "Invalid",
      60_000,
      40,
    );
  }

  #once(method: string, path: string, { body, headers, as }: RequestOptions): Promise<{ answer: Answer; stale: boolean }> {
    return new Promise((resolve) => {
      const request = https.request({
        host: this.#url.hostname,
        port: this.#url.port,
        method,
        path,
        headers: { ...(body != null && { "content-length": Buffer.byteLength(body) }), ...headers },
        agent: this.#agent(as),
        timeout: TIMEOUT,
      });
      const fail = (error: NodeJS.ErrnoException): void => {
        const reason = error.code ?? error.message;
        const stale = request.reusedSocket && /ECONNRESET|EPIPE|hang up/.test(reason);
        resolve({ answer: new Answer(0, {}, Buffer.alloc(0), reason), stale });
      };
      request.on("error", fail);
      request.on("timeout", () => request.destroy(new Error("client timeout")));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          resolve({ answer: new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)), stale: false });
        });
      });
      if (body != null) request.write(body);
      request.end();
    });
  }

  #agent(as: Identity | undefined): https.Agent {
    const key = as?.id ?? "";
    let agent = this.#agents.get(key);
    if (!agent) {
      // The service vouches for its nodes; by which names they are called is a question of its own, which a suite asks.
      const trust = { ca: this.ca, checkServerIdentity: () => undefined };
      agent = new https.Agent({ keepAlive: true, ...trust, ...(as && { cert: as.cert, key: as.keyPem }) });
      this.#agents.set(key, agent);
    }
    return agent;
  }
}
