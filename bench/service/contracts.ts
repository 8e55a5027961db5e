import { requestBytes, type Connection } from "./connection.js";
import { done, type Requests } from "./load.js";

/** What a small contract takes. */
const KILOBYTE = "All of this is agreed between the parties. ".repeat(24).slice(0, 1024);

/** Writes a draft; over another one, by the version of that. */
export const write = (id: string, data = KILOBYTE, version?: string): Uint8Array =>
  requestBytes("PUT", `/app/contracts/${id}`, { type: "application/json", bytes: Buffer.from(JSON.stringify({ data, version })) });

/** Reads a contract. */
export const read = (id: string): Uint8Array => requestBytes("GET", `/app/contracts/${id}`);

/** Writes drafts of a kilobyte, each a new contract. */
export function newContracts(): Requests {
  let next = 0;
  return () => write(`contract-${++next}`);
}

/** Writes one contract, and then again and again over it. */
export async function rewrite(connection: Connection, id: string, times: number): Promise<void> {
  let version: string | undefined;
  for (let i = 0; i <= times; i++) {
    const { head } = await done(connection, write(id, KILOBYTE, version));
    version = /\r\nx-ms-ccf-transaction-id: ([\d.]+)/i.exec(head)?.[1];
  }
}
