import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** The system gives ports from 32768 on to whoever asks for any (Linux: net.ipv4.ip_local_port_range). */
const [FIRST, END] = [20_000, 32_768];

/**
 * A port for a service that ends and starts again at it. It lies where the system gives none away: of those it does, somebody else could be
 * given the same one in between.
 */
export async function lastingPort(): Promise<number> {
  const server = createServer();
  for (;;) {
    try {
      await once(server.listen(randomInt(FIRST, END), "127.0.0.1"), "listening");
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
