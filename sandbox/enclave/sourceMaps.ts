import { SourceMap, type SourceMapPayload } from "node:module";

/** A frame of QuickJS that has a line: `    at f (/module.js:12)`, `    at /module.js:12`, from 2025 with a column. */
const FRAME = /^( {4}at (?:[^\n]* \()?)([^\n()]+?):(\d+)(?::\d+)?(\)?)$/gm;

/** The last comment of a module that names its map, with the map in it. */
const INLINE = /\/\/[#@] sourceMappingURL=data:application\/json[^,\n]*;base64,([A-Za-z0-9+/=]+)\s*$/;

type Entry = { readonly generatedLine: number; readonly originalSource: string; readonly originalLine: number };

type Loaded = { readonly text: string | undefined; readonly map: SourceMap | undefined };

/**
 * Puts the positions of the sources into traces, for the log alone: what clients are shown stays as CCF shows it.
 *
 * A module's map is the one that was given, or the one at the end of its text. QuickJS knows lines but no columns, so that the first
 * thing on a line stands for all of it: of minified text nothing can be told.
 */
export class SourceMaps {
  readonly #given: ReadonlyMap<string, string>;
  readonly #textOf: (module: string) => string | undefined;
  readonly #loaded = new Map<string, Loaded>();

  /**
   * @param given maps (JSON) by the names of modules, with or without the leading slash
   * @param textOf the module that is installed now, by its name with the leading slash
   */
  constructor(given: Readonly<Record<string, string>>, textOf: (module: string) => string | undefined) {
    this.#given = new Map(Object.entries(given).map(([name, map]) => [name.startsWith("/") ? name : `/${name}`, map]));
    this.#textOf = textOf;
  }

  /** The same lines; frames whose module has a map show the source. */
  mapped(lines: string): string {
    if (!lines.includes("    at ")) return lines;
    return lines.replaceAll(FRAME, (frame: string, before: string, module: string, line: string, after: string) => {
      const source = this.#sourceOf(module, Number(line));
      return source === undefined ? frame : `${before}${source}${after}`;
    });
  }

  #sourceOf(module: string, line: number): string | undefined {
    const map = this.#mapOf(module);
    const entry = map && firstOnLine(map, line - 1);
    return entry && `${entry.originalSource}:${entry.originalLine + 1}`;
  }

  #mapOf(module: string): SourceMap | undefined {
    const text = this.#textOf(module);
    const loaded = this.#loaded.get(module);
    if (loaded && loaded.text === text) return loaded.map;
    if (text === undefined && !this.#given.has(module)) return undefined; // any name that a guest makes up ends here
    const map = parse(this.#given.get(module) ?? inlineMap(text));
    this.#loaded.set(module, { text, map });
    return map;
  }
}

const inlineMap = (text: string | undefined): string | undefined => {
  const encoded = text && INLINE.exec(text)?.[1];
  return encoded === undefined || encoded === "" ? undefined : Buffer.from(encoded, "base64").toString();
};

/** A module may say anything of itself: one whose map cannot be read has none. */
function parse(json: string | undefined): SourceMap | undefined {
  if (json === undefined) return undefined;
  try {
    const payload = JSON.parse(json) as SourceMapPayload;
    return new SourceMap(payload);
  } catch {
    return undefined;
  }
}

/** `findEntry` finds the last mapping up to a position, whatever line that is on: the first on this line is where its answers change. */
function firstOnLine(map: SourceMap, line: number): Entry | undefined {
  let [low, high] = [0, 2 ** 20];
  const at = (column: number): Partial<Entry> => map.findEntry(line, column);
  if (at(high).generatedLine !== line) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle).generatedLine === line) high = middle;
    else low = middle + 1;
  }
  const { generatedLine, originalSource, originalLine } = at(low);
  if (generatedLine === undefined || originalSource === undefined || originalLine === undefined) return undefined;
  return { generatedLine, originalSource, originalLine };
}
