import path from "node:path";
import ts from "typescript";

/** What the package exports: output name to source. */
const ENTRY = { name: "sandbox/index", source: "sandbox/index.ts" } as const;

/**
 * The types of the library for those who use it: its sources are written for a compiler that is set as ours is. Names are relative to
 * `dist/`; only what the entry's own declarations refer to is there.
 *
 * @throws Error for sources that have no declarations
 */
export function buildDeclarations(root: string): { name: string; contents: Uint8Array }[] {
  const options = configuration(root);
  const source = path.join(root, ENTRY.source);
  if (!ts.sys.fileExists(source)) return [];
  const emitted = new Map<string, string>();
  const program = ts.createProgram([source], options);
  const { diagnostics } = program.emit(undefined, (file, text) => emitted.set(path.relative(root, file), text), undefined, true);
  const [problem] = diagnostics;
  if (problem) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, "\n"));

  const wanted = new Map<string, string>();
  const visit = (name: string): void => {
    const text = emitted.get(name);
    if (text === undefined || wanted.has(name)) return;
    wanted.set(name, text);
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles)
      if (fileName.startsWith(".")) visit(path.join(path.dirname(name), fileName.replace(/\.js$/, ".d.ts")));
  };
  visit(`${ENTRY.name}.d.ts`);
  return [...wanted].map(([name, text]) => ({ name, contents: new TextEncoder().encode(text) }));
}

function configuration(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent({ ...(config as object), include: [], files: [ENTRY.source] }, ts.sys, root);
  return { ...options, rootDir: root, noEmit: false, declaration: true, emitDeclarationOnly: true };
}
