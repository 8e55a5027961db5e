import { posix } from "node:path";
import type { Measured } from "../deployment/container.js";
import { UnreadableTemplate } from "../deployment/templateReading.js";
import { argument, folderName } from "./containerReading.js";
import type { RoomApplication, RoomMount, RoomVolume } from "./plan.js";

type Fields = Readonly<Record<string, unknown>>;

/** Where the room itself has something. */
const TAKEN = ["app", "bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "old", "opt", "proc", "sbin", "sys", "usr"];

/** The application that a launcher is told to start. @throws UnreadableTemplate */
export function readApplication(launcher: Measured, volumes: readonly RoomVolume[]): RoomApplication {
  const agreed = agreedIn(launcher);
  const name = folderName(textOf(agreed.name, `the application of container "${launcher.name}"`), "an application");
  const what = `application "${name}"`;
  const { executable } = fieldsOf(agreed.image, `image of ${what}`);
  const { backingResource } = fieldsOf(executable, `image of ${what}`);
  const { id } = fieldsOf(backingResource, `image of ${what}`);
  const command = listOf(agreed.command, `command of ${what}`);
  if (command.length === 0) throw new UnreadableTemplate(`${what} has no command: what its image would start is not known here`);
  return {
    name,
    image: textOf(id, `image of ${what}`),
    command,
    environment: environmentOf(agreed.environmentVariables, what),
    mounts: mountsOf({ ...textsOf(agreed.datasources, what), ...textsOf(agreed.datasinks, what) }, volumes, what),
    startType: agreed.startType === "Manual" ? "Manual" : "Auto",
  };
}

function agreedIn(launcher: Measured): Fields {
  const text = argument(launcher, "--application-base-64") ?? "";
  try {
    return fieldsOf(JSON.parse(Buffer.from(text, "base64").toString("utf8")), "it");
  } catch (cause) {
    throw new UnreadableTemplate(`container "${launcher.name}" is told no application`, { cause });
  }
}

function environmentOf(value: unknown, what: string): Record<string, string> {
  const variables = textsOf(value, what);
  const strange = Object.entries(variables).find(([name, text]) => !/^[A-Za-z_][\w.-]*$/.test(name) || text.includes("\0"));
  if (strange) throw new UnreadableTemplate(`${what} has a variable ${JSON.stringify(strange[0])}, which no process can have`);
  return variables;
}

function mountsOf(wanted: Readonly<Record<string, string>>, volumes: readonly RoomVolume[], what: string): RoomMount[] {
  const mounts = Object.entries(wanted).map(([name, path]) => {
    const volume = volumes.find((one) => one.name === name);
    if (!volume) throw new UnreadableTemplate(`${what} mounts "${name}", and no container provides it`);
    return { volume: name, path: placeOf(path, `"${name}" of ${what}`), readOnly: volume.readOnly };
  });
  for (const { path, volume } of mounts) {
    const other = mounts.find((one) => one.volume !== volume && `${one.path}/`.startsWith(`${path}/`));
    if (other) throw new UnreadableTemplate(`"${other.volume}" and "${volume}" of ${what} are mounted into each other`);
  }
  return mounts;
}

function placeOf(path: string, what: string): string {
  const clean = posix.normalize(path).replace(/\/$/, "");
  const [, top = ""] = clean.split("/");
  if (path.startsWith("/") && !path.includes("\0") && top !== "" && !TAKEN.includes(top) && clean !== "/tmp") return clean;
  throw new UnreadableTemplate(`${what} cannot be mounted at ${JSON.stringify(path)}`);
}

function textsOf(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(fieldsOf(value ?? {}, what));
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text, `${name} of ${what}`)]));
}

function listOf(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw new UnreadableTemplate(`${what} is no list`);
  return value.map((word) => textOf(word, what));
}

function textOf(value: unknown, what: string): string {
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw new UnreadableTemplate(`${what} is no text`);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnreadableTemplate(`${what} is missing, or no object`);
}
