import type { EndpointResult } from "./host.js";

/** The response that an endpoint's result is read into. */
export class Response {
  status = 200;
  body: Uint8Array | undefined;
  readonly #headers = new Map<string, { readonly name: string; readonly value: string }>();

  /**
   * A later value replaces an earlier one of the same spelling. A name that is there in another spelling is left out: CCF would send
   * both, and clients read the first.
   */
  setHeader(name: string, value: string): void {
    const key = name.toLowerCase();
    if ((this.#headers.get(key)?.name ?? name) === name) this.#headers.set(key, { name, value });
  }

  result(): EndpointResult {
    const headers = Object.fromEntries([...this.#headers.values()].map(({ name, value }) => [name, value]));
    return { status: this.status, headers, body: this.body };
  }
}
