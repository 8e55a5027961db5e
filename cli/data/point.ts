import { storageAccount } from "../cloud.js";
import { modeOf, readConfig, type AccessPoint, type Config } from "../config/model.js";
import { readDek } from "../config/keys/private.js";
import { CommandError } from "../failure.js";
import type { Io } from "../io.js";
import { storeOf, type Store } from "../../cleanroom/transfer/store.js";

export type PointKind = "datasource" | "datasink";

/** A datasource or datasink of a configuration. @throws CommandError */
export async function pointStore(file: string, kind: PointKind, name: string, io: Io): Promise<Store> {
  const points = (await readConfig(file))[`${kind}s`];
  const point = points.find((candidate) => candidate.name === name);
  if (point) return storeAt(file, kind, point, io);
  const known = points.length > 0 ? `; there are: ${points.map((one) => one.name).join(", ")}` : "";
  throw new CommandError(`${file} has no ${kind} "${name}"${known}`);
}

export function storeAt(file: string, kind: PointKind, { name, store, protection }: AccessPoint, io: Io): Promise<Store> {
  return storageAccount(store.provider.url, io).then((account) =>
    storeOf({ name: store.id, mode: modeOf(protection.configuration), containerName: store.name }, account, () =>
      readDek(file, kind, name),
    ),
  );
}

/** The datasinks that take one kind of telemetry, each once. @throws CommandError where there are none */
export async function telemetrySinks(file: string, kind: "application" | "infrastructure"): Promise<readonly AccessPoint[]> {
  const config = await readConfig(file);
  const sinks = named(config, kind);
  const first = sinks.filter(({ name }, index) => sinks.findIndex((other) => other.name === name) === index);
  if (first.length > 0) return first;
  const command = kind === "application" ? "config set-logging" : "config set-telemetry";
  throw new CommandError(`${file} has no datasink for ${kind} telemetry: ${command} adds it`);
}

function named({ governance, datasinks }: Config, kind: "application" | "infrastructure"): readonly AccessPoint[] {
  const { application, infrastructure } = governance?.telemetry ?? {};
  if (kind === "application" && application) return [application.logs];
  if (kind === "infrastructure" && infrastructure) return [infrastructure.logs, infrastructure.traces, infrastructure.metrics];
  return datasinks.filter(({ name }) => name === `${kind}-telemetry`);
}
