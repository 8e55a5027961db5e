import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import type { Identity } from "../../client/identity.js";
import type { ServiceProcess } from "./process.js";

export type Answer = { readonly status: number; readonly head: string; readonly body: Buffer };

/** The bytes of a request, made beforehand: making them is not what is measured. */
export function requestBytes(method: string, path: string, body?: { readonly type: string; readonly bytes: Uint8Array }): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...(body ? [`content-type: ${body.type}`, `content-length: ${body.bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body?.bytes ?? new Uint8Array()]);
}

/**
 * One kept-alive connection with mutual TLS, one request at a time. It knows just as much of HTTP as this service answers (every answer
 * has a length), so that on a machine of two cores the service is measured and not its client.
 */
export class Connection {
  readonly #socket: TLSSocket;
  #received: Buffer[] = [];
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#received.push(data);
      this.#take();
    });
    const fail = (error?: Error) => this.#waiting?.reject(error ?? new Error("the service closed the connection"));
    socket.on("error", fail);
    socket.on("close", () => fail());
  }

  static async open({ url, serviceCertificate }: ServiceProcess, { certificate, keyPem }: Identity): Promise<Connection> {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), ca: serviceCertificate, cert: certificate, key: keyPem });
    socket.setNoDelay();
    await once(socket, "secureConnect");
    return new Connection(socket);
  }

  send(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(): void {
    const bytes = this.#received.length === 1 ? this.#received[0] : Buffer.concat(this.#received);
    if (!bytes) return;
    this.#received = [bytes];
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = bytes.toString("latin1", 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (bytes.length < end + 4 + length) return;
    this.#received = [];
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), head, body: bytes.subarray(end + 4) });
  }
}
