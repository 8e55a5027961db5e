import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { generateMembers } from "../members.js";
import { constitution, type Service } from "./service.js";

const command = resolve(import.meta.dirname, "../../../../bin/cleanroom.mjs");

/** A fresh sandbox of this repository, as its users start it; it keeps nothing. @throws Error with what the command said */
export async function ownSandbox(): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  const keys = join(folder, "keys");
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  const sandbox = async (...words: readonly string[]): Promise<string> => {
    const env = { ...process.env, CLEANROOM_HOME: join(folder, "home") };
    return (await promisify(execFile)(process.execPath, [command, "sandbox", ...words], { env })).stdout;
  };
  try {
    generateMembers(keys);
    const started = await sandbox("start", "--members", keys, "--constitution", ...constitution, "--port", "0", "--detach");
    const { url, port } = JSON.parse(started) as { url: string; port: number };
    const stop = async (): Promise<void> => {
      await sandbox("stop", "--port", String(port));
      await remove();
    };
    return { url, keys, fresh: true, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
