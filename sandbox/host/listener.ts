import { once } from "node:events";
import type { Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Sessions } from "../enclave/sessions.js";
import type { TlsIdentity } from "../messages.js";
import { httpsServer, tlsOptions, type Handler } from "./server.js";

/** How long answers that are on their way may take to reach their clients when the service stops, in milliseconds. */
const LINGER_MS = 1000;

/**
 * A bound address. The service's first transaction names it, so it is bound before there is a certificate to serve it with;
 * connections are dropped until `serve`.
 */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly sessions = new Sessions();
  #handle: Handler | undefined;
  #closed: Promise<unknown> | undefined;

  private constructor() {
    this.#server = httpsServer((request) => this.#handle?.(request), this.sessions);
    this.#server.prependListener("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      this.sessions.opened();
      socket.once("close", () => {
        this.#sockets.delete(socket);
        this.sessions.closed();
      });
      if (!this.#handle) socket.destroy();
    });
  }

  /** @param port 0 picks a free one @throws the system's error when the address cannot be bound */
  static async bind(host: string, port: number): Promise<Listener> {
    const listener = new Listener();
    listener.#server.listen(port, host);
    await once(listener.#server, "listening");
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  serve(identity: TlsIdentity, handle: Handler): void {
    this.#server.setSecureContext(tlsOptions(identity));
    this.#handle = handle;
  }

  /** Takes no more connections; those that are open go on. */
  refuse(): void {
    this.#closed ??= once(this.#server.close(), "close");
  }

  /** Ends all connections, once what was answered has been sent. */
  async close(): Promise<void> {
    this.refuse();
    this.#server.closeIdleConnections();
    const waiting = new AbortController();
    await Promise.race([this.#closed, sleep(LINGER_MS, undefined, { signal: waiting.signal })]);
    waiting.abort();
    for (const socket of this.#sockets) socket.destroy();
    await this.#closed;
  }
}
