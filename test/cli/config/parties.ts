import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shell, type Outcome, type Shell } from "../run.js";
import { memoryCloud, type MemoryCloud } from "./cloud.js";

export type Desk = Shell & {
  readonly cloud: MemoryCloud;
  /** A path in the folder. */
  readonly at: (name: string) => string;
  readonly read: (name: string) => Promise<string>;
  readonly write: (name: string, text: string) => Promise<void>;
  /** Runs a command; fails the test when the command fails. Words of one option value are kept together by an array. */
  readonly do: (...words: readonly string[]) => Promise<Outcome>;
};

/** A command line with a cloud in memory. */
export async function desk(): Promise<Desk> {
  const cloud = memoryCloud();
  return deskAt(await shell({}, cloud), cloud);
}

export function deskAt(base: Shell, cloud: MemoryCloud): Desk {
  const at = (name: string): string => join(base.folder, name);
  return {
    ...base,
    cloud,
    at,
    read: (name) => readFile(at(name), "utf8"),
    write: (name, text) => writeFile(at(name), text),
    do: async (...words) => {
      const outcome = await base.run(words);
      if (outcome.status !== 0) throw new Error(`${words.join(" ")}: ${outcome.notes}`);
      return outcome;
    },
  };
}

const provider = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers";

/** What `prepare-resources` says of the resources of one party. */
export function resourcesOf(party: string) {
  return {
    vault: `${provider}/Microsoft.KeyVault/vaults/${party}vault`,
    storage: `${provider}/Microsoft.Storage/storageAccounts/${party}sa`,
    identity: `${provider}/Microsoft.ManagedIdentity/userAssignedIdentities/${party}mi`,
    maa: "https://sharedneu.neu.attest.azure.net",
  };
}

/** The publisher's commands of the tutorial, sections 5 and 6, argument for argument. */
export async function publisher({ do: run, at }: Desk): Promise<string> {
  const config = at("tdp-config");
  const { vault, storage, identity, maa } = resourcesOf("tdp");
  await run("config", "init", "--cleanroom-config", config);
  await run("config", "set-kek", "--kek-key-vault", vault, "--maa-url", maa, "--cleanroom-config", config);
  const where = ["--storage-account", storage, "--identity", identity, "--dek-key-vault", vault];
  for (const name of ["cowin", "icmr", "index"]) {
    await run("config", "add-datasource", "--cleanroom-config", config, "--name", name, ...where);
  }
  await run("config", "set-logging", "--cleanroom-config", config, ...where);
  await run("config", "set-telemetry", "--cleanroom-config", config, ...where);
  return config;
}

export const image = "cleanroomsamples.azurecr.io/depa-training@sha256:3a9b8d8d165bbc1867e23bba7b87d852025d96bd3cb2bb167a6cfc965134ba79";

/** The consumer's commands of the tutorial, section 7. */
export async function consumer({ do: run, at }: Desk): Promise<string> {
  const config = at("tdc-config");
  const { vault, storage, identity, maa } = resourcesOf("tdc");
  await run("config", "init", "--cleanroom-config", config);
  await run("config", "set-kek", "--kek-key-vault", vault, "--maa-url", maa, "--cleanroom-config", config);
  const where = ["--storage-account", storage, "--identity", identity, "--dek-key-vault", vault];
  for (const name of ["model", "config"]) {
    await run("config", "add-datasource", "--cleanroom-config", config, "--name", name, ...where);
  }
  await run("config", "add-datasink", "--cleanroom-config", config, "--name", "output", ...where);
  await run(
    ...["config", "add-application", "--cleanroom-config", config, "--name", "depa-training", "--image", image],
    ...["--command", "/bin/bash run.sh", "--mounts"],
    ...["config", "cowin", "icmr", "index", "model", "output"].map((name) => `src=${name},dst=/mnt/remote/${name}`),
    ...["--env-vars", "model_config=/mnt/remote/config/model_config.json", "query_config=/mnt/remote/config/query_config.json"],
    ...["--cpu", "0.5", "--memory", "4"],
  );
  return config;
}
