import type { Measured } from "../deployment/container.js";
import { UnreadableTemplate, type ReadTemplate } from "../deployment/templateReading.js";

/** @throws UnreadableTemplate */
export function containerNamed({ containers }: ReadTemplate, name: string): Measured {
  const found = containers.find((container) => container.name === name);
  if (found) return found;
  throw new UnreadableTemplate(`there is no container "${name}"`);
}

/** A variable that has to have a value. @throws UnreadableTemplate */
export function measured(container: Measured, name: string): string {
  const value = variable(container, name);
  if (value) return value;
  throw new UnreadableTemplate(`container "${container.name}" has no variable ${name}`);
}

export function variable({ environment }: Measured, name: string): string | undefined {
  return environment.find((one) => one.name === name)?.value;
}

/** The word behind an option. */
export function argument({ command }: Measured, option: string): string | undefined {
  const at = command.indexOf(option);
  return at < 0 ? undefined : command[at + 1];
}

/** A name that is also that of a folder. @throws UnreadableTemplate */
export function folderName(name: string, what: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) return name;
  throw new UnreadableTemplate(`${what} is called ${JSON.stringify(name)}: letters, digits, ".", "_" and "-", at most 63`);
}
