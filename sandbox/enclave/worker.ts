import { parentPort, workerData } from "node:worker_threads";
import type { EnclaveOptions, FromEnclave, ToEnclave } from "../messages.js";
import { EnclaveProcess } from "./process.js";

// The thread that is the enclave: messages in, messages out.
if (!parentPort) throw new Error("the enclave runs in a worker thread");
const port = parentPort;

const enclave = new EnclaveProcess(workerData as EnclaveOptions, (message: FromEnclave) => {
  // The bytes of an entry are the ledger's no longer; everything else is copied.
  port.postMessage(message, message.kind === "append" ? [message.entry.buffer as ArrayBuffer] : []);
});

port.on("message", (message: ToEnclave) => {
  enclave.receive(message);
});
