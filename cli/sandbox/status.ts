import { getJson } from "../../client/session.js";
import { connect } from "../../client/transport.js";
import { command, parsed } from "../command.js";
import type { Io } from "../io.js";
import { parsePort } from "./port.js";
import { find, running, type Running } from "./registry.js";

export default command({
  description: "Shows the nodes that `sandbox start` started on this machine and that still run.",
  examples: [
    ["All nodes", "cleanroom sandbox status --output table"],
    ["One of them", "cleanroom sandbox status --port 8000"],
  ],
  options: { port: parsed("--port <port>", "only the node that listens here", parsePort) },
  run: async (values, io: Io) =>
    values.port === undefined ? Promise.all((await running(io)).map(describe)) : describe(await find(values.port, io)),
});

/** What the node says of itself, to someone who trusts only its own service certificate. */
async function describe({ url, port, pid, engine, virtualTee, dir, log, serviceCertificate }: Running): Promise<unknown> {
  const transport = connect({ url, serviceCertificate, timeout: 5000 });
  try {
    const network = await getJson<{ service_status: string }>(transport, "/node/network");
    const commit = await getJson<{ transaction_id: string }>(transport, "/node/commit");
    return { url, port, status: network.service_status, committed: commit.transaction_id, engine, virtualTee, pid, dir, log };
  } finally {
    await transport.close();
  }
}
