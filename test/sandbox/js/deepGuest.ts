import { parentPort, workerData } from "node:worker_threads";
import { GuestHost } from "./guest.js";

// Runs guests that recurse as deep as they can, in a thread with the stack that the enclave's has.
const host = await GuestHost.start();
const outcomes = (workerData as readonly string[]).map((body) => host.run(body));
const depth = host.run("let n = 0; const f = () => { n++; f(); }; try { f(); } catch {} return { body: n };");
host.engine.dispose();
parentPort?.postMessage({ outcomes, depth, logged: host.logged });
