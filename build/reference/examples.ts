import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A request and its answer, as the documentation shows them and a test sends them. */
export type Example = {
  /** As in `app.json`: `GET /contracts/{contractId}`. */
  readonly operation: string;
  readonly by: "alice" | "bob" | "clean room" | "nobody";
  readonly path: string;
  readonly body?: unknown;
  /** What the clean room has signed: `data` is its base64. */
  readonly signs?: unknown;
  readonly status: number;
  readonly answer?: unknown;
  /** What the clean room finds in the `value` of the answer. */
  readonly unwraps?: unknown;
};

/** All examples, in the order of their files. */
export async function readExamples(folder: string): Promise<ReadonlyMap<string, readonly Example[]>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const files = names.map(
    async (name) => [name, JSON.parse(await readFile(path.join(folder, name), "utf8")) as readonly Example[]] as const,
  );
  return new Map(await Promise.all(files));
}
