import { createHash } from "node:crypto";

export type Artefact = { readonly name: string; readonly contents: Uint8Array };

export type Manifest = {
  /** Of the package. */
  readonly version: string;
  /** By file name in `dist/`. The bundle is written in its canonical form, so its digest here is the one that clients compute of an application. */
  readonly artefacts: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** The npm packages in each module of the bundle. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
};

/** Sizes in bytes and SHA-256 digests, lower-case hexadecimal. */
export function manifestOf(artefacts: readonly Artefact[], packages: Manifest["packages"], version: string): Manifest {
  const described = artefacts.map(({ name, contents }) => {
    const sha256 = createHash("sha256").update(contents).digest("hex");
    return [name, { bytes: contents.byteLength, sha256 }] as const;
  });
  return { artefacts: Object.fromEntries(described), packages, version };
}
