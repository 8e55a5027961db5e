import path from "node:path";
import ts from "typescript";
import type { Module } from "./application.js";

/** The modules that a module of the bundle imports, by name. */
const importsOf = ({ name, module }: Module): string[] =>
  ts.preProcessFile(module, true, true).importedFiles.map(({ fileName }) => path.posix.join(path.posix.dirname(name), fileName));

/**
 * The modules that CCF loads when it enters the application by `entries`.
 *
 * @throws Error for an import that the bundle does not hold
 */
export function loadedBy(modules: readonly Module[], entries: readonly string[]): Module[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const loaded = new Map<string, Module>();
  const visit = (name: string): void => {
    if (loaded.has(name)) return;
    const module = byName.get(name);
    if (!module) throw new Error(`the bundle has no module ${name}`);
    loaded.set(name, module);
    importsOf(module).forEach(visit);
  };
  entries.forEach(visit);
  return [...loaded.values()];
}
