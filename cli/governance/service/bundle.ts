import type { Bundle } from "../../../client/governance/application.js";
import { CommandError } from "../../failure.js";
import { isObject } from "../../json.js";

/** An application as `set_js_app` takes it. @throws CommandError */
export function parseBundle(text: string, source: string): Bundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${source} is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (isBundle(value)) return value;
  throw new CommandError(`${source} is not an application: it needs "metadata" with "endpoints", and "modules"`);
}

function isBundle(value: unknown): value is Bundle {
  if (!isObject(value) || !isObject(value.metadata) || !isObject(value.metadata.endpoints)) return false;
  const modules: unknown = value.modules;
  return (
    Array.isArray(modules) &&
    modules.every((module) => isObject(module) && typeof module.name === "string" && typeof module.module === "string")
  );
}
