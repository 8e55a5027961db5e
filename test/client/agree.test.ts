import { expect, onTestFinished, test } from "vitest";
import { ServiceError } from "../../client/errors.js";
import { agree } from "../../client/governance/agree.js";
import { activate } from "../../client/governance/members.js";
import { listProposals } from "../../client/governance/proposal.js";
import type { Session } from "../../client/session.js";
import { whileTooLong } from "../../client/tooLong.js";
import { startSandbox } from "../../sandbox/index.js";
import { code, CONSTITUTION } from "../sandbox/limits/constitution.js";
import { directTo } from "../support/direct.js";
import { member } from "./authority.js";

/** The one member of a service whose constitution takes code. */
async function alone(): Promise<Session> {
  const identity = member("alice");
  const service = await startSandbox({ members: [{ certificate: identity.certificate }], constitution: CONSTITUTION });
  onTestFinished(() => service.stop());
  const session = { transport: directTo(service), identity };
  await activate(session);
  return session;
}

test("a proposal that a busy machine had no time for is tried again, and made once", async () => {
  const session = await alone();
  // Longer than the second that CCF gives it.
  const slow = `ccf.enableUntrustedDateTime(true); while (Date.now() < ${Date.now() + 2500}) for (let i = 0; i < 10_000; i++);`;
  expect(await agree(session, [code({ vote: true, apply: slow })])).toMatchObject({ proposalState: "Accepted" });
  expect((await listProposals(session)).value).toHaveLength(1);
});

test("a proposal that fails for another reason fails at once", async () => {
  const session = await alone();
  await expect(agree(session, [code({ apply: "throw new Error('not like this');" })])).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining("not like this") as string,
  });
});

test("what always takes too long is not asked for without end", async () => {
  let asked = 0;
  const tooLong = new ServiceError(500, "InternalError", "Failed to apply(): Operation took too long to complete.");
  const ask = (): Promise<never> => {
    asked++;
    return Promise.reject(tooLong);
  };
  await expect(whileTooLong(ask)).rejects.toBe(tooLong);
  expect(asked).toBe(8);
});
