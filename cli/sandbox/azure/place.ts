import { readFile, rm } from "node:fs/promises";
import { localCloudFile, type LocalCloud } from "../../../azure/localCloud.js";
import { CommandError } from "../../failure.js";
import type { Io } from "../../io.js";
import { home } from "../../profile.js";
import { unlessMissing, writeWhole } from "../../wholeFile.js";
import { answers } from "../control.js";

/** A local cloud that runs, as other commands find it. */
export type RunningAzure = LocalCloud & {
  readonly pid: number;
  /** Where it keeps everything. */
  readonly dir: string;
  /** A socket that takes the word `stop`. */
  readonly control: string;
};

/** The local cloud of this home; what is left of a process that was killed is cleared away. */
export async function findAzure(io: Io): Promise<RunningAzure | undefined> {
  const file = localCloudFile(home(io));
  const text = await unlessMissing(readFile(file, "utf8"));
  if (text === undefined) return undefined;
  const found = JSON.parse(text) as RunningAzure;
  if (await answers(found.control)) return found;
  await rm(file, { force: true });
  await rm(found.control, { force: true });
  return undefined;
}

/** @throws CommandError where none runs */
export async function runningAzure(io: Io): Promise<RunningAzure> {
  const found = await findAzure(io);
  if (found) return found;
  throw new CommandError("no local cloud runs: start one with cleanroom sandbox azure start");
}

/** For its owner alone: it has the keys of the storage accounts, and what the person signs in with. */
export async function publishAzure(cloud: RunningAzure, io: Io): Promise<void> {
  await writeWhole(localCloudFile(home(io)), `${JSON.stringify(cloud, null, 2)}\n`, 0o600);
}

/** What may be shown of it: no secret. */
export function shownOf({ pid, dir, blobs, services }: RunningAzure) {
  const { login, ...urls } = services ?? {};
  return { pid, dir, blobs: blobs.url, ...urls, tenantId: login?.tenantId, storageAccounts: Object.keys(blobs.accounts) };
}
