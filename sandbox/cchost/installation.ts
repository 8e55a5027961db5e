import { access, constants } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SandboxError } from "../error.js";

/** The parts of an installed CCF that run a node with a JavaScript application on any machine. */
export type Installation = {
  /** The executable. */
  readonly host: string;
  /** CCF's own application, which runs JavaScript. */
  readonly application: string;
};

/** As the package `ccf_virtual_devel` of CCF 6 lays them out below /opt/ccf_virtual. */
const HOST = "bin/cchost";
const APPLICATION = "lib/libjs_generic.virtual.so";

/** @throws SandboxError that names what was looked for */
export async function findInstallation(home: string): Promise<Installation> {
  const folder = resolve(home);
  const host = join(folder, HOST);
  const application = join(folder, APPLICATION);
  const missing = [
    ...((await may(host, constants.X_OK)) ? [] : [`${host} (an executable)`]),
    ...((await may(application, constants.R_OK)) ? [] : [application]),
  ];
  if (missing.length === 0) return { host, application };
  throw new SandboxError(`${folder} holds no CCF 6 for the virtual platform: there is no ${missing.join(" and no ")}`);
}

async function may(file: string, mode: number): Promise<boolean> {
  try {
    await access(file, mode);
    return true;
  } catch {
    return false;
  }
}
