import { BlockList, isIP } from "node:net";
import { SandboxError } from "./error.js";
import { Listener } from "./host/listener.js";

export const DEFAULT_HOST = "127.0.0.1";

/** `host:port` as it stands in a URL. */
export const authorityOf = (host: string, port: number): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether only this machine can reach the address (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3; `localhost` by RFC 6761). */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host.toLowerCase() === "localhost" : loopback.check(host, version === 6 ? "ipv6" : "ipv4");
}

/** @param port 0 picks a free one @throws SandboxError for an address that cannot be listened at */
export async function bind(host: string, port: number): Promise<Listener> {
  try {
    return await Listener.bind(host, port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EADDRINUSE") throw new SandboxError(`port ${port} of ${host} is in use: choose another, or 0 for any`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new SandboxError(`${host} is no address of this machine`);
    if (code === "ERR_SOCKET_BAD_PORT") throw new SandboxError(`${port} is no port: choose one from 1 to 65535, or 0 for any`);
    if (code === "EACCES") throw new SandboxError(`port ${port} needs more rights: choose one above 1023`);
    throw error;
  }
}
