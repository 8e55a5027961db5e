import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Cloud } from "../../cli/cloud.js";
import { builtFile } from "../../cli/installation.js";
import { startSandbox } from "../../sandbox/index.js";
import { member } from "../client/authority.js";
import { shell, type Outcome, type Shell } from "./run.js";

export type Place = Shell & {
  readonly url: string;
  /** PEM */
  readonly serviceCertificate: string;
  readonly stop: () => Promise<void>;
  /** Runs a command as a member; fails the test when the command fails. */
  readonly as: (name: string, line: string, input?: string) => Promise<string>;
  /** Runs a command as a member, whatever comes of it. */
  readonly attempt: (name: string, line: string, input?: string) => Promise<Outcome>;
  /** Makes the keys of a member in the folder: `NAME_cert.pem` and `NAME_privk.pem`. */
  readonly makeKeys: (name: string) => Promise<void>;
  /** `client deploy` for a member whose keys are there. */
  readonly deployClient: (name: string) => Promise<Outcome>;
};

/** A fresh service in state Opening, whose only member is isv, and a command line beside it. */
export async function freshService(cloud?: Cloud): Promise<Place> {
  const at = await shell({}, cloud);
  const makeKeys = async (name: string): Promise<void> => {
    const { certificate, keyPem } = member(name);
    await writeFile(join(at.folder, `${name}_cert.pem`), certificate);
    await writeFile(join(at.folder, `${name}_privk.pem`), keyPem, { mode: 0o600 });
  };
  await makeKeys("isv");
  const certificate = await readFile(join(at.folder, "isv_cert.pem"), "utf8");
  const constitution = await readFile(builtFile("constitution.js"), "utf8");
  const service = await startSandbox({ members: [{ certificate }], constitution, port: 0, signatures: { milliseconds: 20 } });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= service.stop());
  onTestFinished(stop);
  const url = service.url ?? "";
  await writeFile(join(at.folder, "service_cert.pem"), service.serviceCertificate);

  const attempt = (name: string, line: string, input?: string): Promise<Outcome> =>
    at.run([...line.split(" "), "--governance-client", `${name}-client`], input);
  return {
    ...at,
    url,
    serviceCertificate: service.serviceCertificate,
    stop,
    makeKeys,
    attempt,
    as: async (name, line, input) => {
      const { status, out, notes } = await attempt(name, line, input);
      if (status !== 0) throw new Error(`${name}: ${line}: ${notes}`);
      return out.trimEnd();
    },
    deployClient: (name) =>
      at.run([
        ...["governance", "client", "deploy", "--ccf-endpoint", url, "--name", `${name}-client`],
        ...["--signing-cert", join(at.folder, `${name}_cert.pem`), "--signing-key", join(at.folder, `${name}_privk.pem`)],
        ...["--service-cert", join(at.folder, "service_cert.pem")],
      ]),
  };
}

/** An open service with our application and the active members isv, tdp and tdc. */
export async function consortium(cloud?: Cloud): Promise<Place> {
  const place = await freshService(cloud);
  await place.deployClient("isv");
  await place.as("isv", "governance member activate");
  await place.as("isv", "governance service deploy");
  for (const name of ["tdp", "tdc"]) {
    await place.makeKeys(name);
    const certificate = join(place.folder, `${name}_cert.pem`);
    const id = await place.as("isv", `governance member add --certificate ${certificate} --identifier ${name} --query proposalId -o tsv`);
    await place.as("isv", `governance proposal vote --proposal-id ${id} --action accept`);
  }
  for (const name of ["tdp", "tdc"]) {
    await place.deployClient(name);
    await place.as(name, "governance member activate");
  }
  return place;
}
