import { setTimeout as sleep } from "node:timers/promises";
import { parseAnswer } from "./answer.js";
import { CommitError, ServiceError } from "./errors.js";
import type { Transport } from "./transport.js";

/** Milliseconds between questions: soon at first, since a small service signs its ledger many times a second. */
const firstPause = 10;
const longestPause = 500;

/**
 * Waits until a write is durable, that is: covered by a signature of the ledger.
 *
 * @param transactionId `view.seqno` from the answer to the write
 * @param timeout milliseconds
 * @throws CommitError TransactionInvalid when the write was lost in an election, CommitTimedOut; ServiceError, UnexpectedAnswer among
 *   them; ConnectionError
 */
export async function waitForCommit(transport: Transport, transactionId: string, timeout = 30_000): Promise<void> {
  const deadline = Date.now() + timeout;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const answer = await transport.request({ method: "GET", path: `/node/tx?transaction_id=${encodeURIComponent(transactionId)}` });
    const status = (parseAnswer(answer) as { status?: unknown } | null | undefined)?.status;
    if (status === "Committed") return;
    if (status === "Invalid") {
      throw new CommitError("TransactionInvalid", `the service lost transaction ${transactionId}; try again`, transactionId);
    }
    if (status !== "Pending" && status !== "Unknown") {
      throw new ServiceError(answer.status, "UnexpectedAnswer", `the service does not say what became of ${transactionId}`, transactionId);
    }
    if (Date.now() + pause > deadline) {
      throw new CommitError("CommitTimedOut", `transaction ${transactionId} is not yet durable after ${timeout / 1000} s`, transactionId);
    }
    await sleep(pause);
  }
}
