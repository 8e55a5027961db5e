import { parse } from "yaml";
import { localSidecars, sidecarNames, type Sidecar, type Sidecars } from "../../cleanroom/deployment/sidecars.js";
import { CommandError } from "../failure.js";
import { readText } from "../io.js";
import { isObject } from "../json.js";

/** The sidecars of a file, or those of the local runner where none is named. @throws CommandError */
export async function readSidecars(file: string | undefined): Promise<Sidecars> {
  return file === undefined ? localSidecars : parseSidecars(file, await readText(file));
}

function parseSidecars(file: string, text: string): Sidecars {
  let content: unknown;
  try {
    content = parse(text); // JSON is YAML as well
  } catch (cause) {
    throw new CommandError(
      `${file} is neither YAML nor JSON: ${cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause)}`,
      { cause },
    );
  }
  if (
    !isObject(content) ||
    typeof content.version !== "string" ||
    typeof content.registry !== "string" ||
    !Array.isArray(content.sidecars)
  ) {
    throw new CommandError(`${file} describes no sidecars: version, registry and the list sidecars are expected, see docs/deployment.md`);
  }
  const sidecars = content.sidecars.map((one) => sidecarIn(file, one));
  const missing = sidecarNames.filter((name) => !sidecars.some(({ image }) => image === name));
  if (missing.length > 0) throw new CommandError(`${file} lacks ${missing.join(", ")}`);
  return { version: content.version, registry: content.registry, sidecars };
}

function sidecarIn(file: string, value: unknown): Sidecar {
  if (!isObject(value) || typeof value.image !== "string") throw new CommandError(`${file}: a sidecar has no image`);
  const { image, digest, command } = value;
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new CommandError(`${file}: digest of ${image} has to be sha256: and 64 hexadecimal digits`);
  }
  if (command === undefined || command === null) return { image, digest };
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) {
    throw new CommandError(`${file}: command of ${image} has to be a list of texts`);
  }
  return { image, digest, command };
}
