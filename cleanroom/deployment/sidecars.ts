import local from "./sidecars.json" with { type: "json" };

/** The images that stand around an application. The last is no container: it is a policy that one of them fetches. */
export const sidecarNames = [
  "code-launcher",
  "identity",
  "ccr-proxy-ext-processor",
  "ccr-proxy",
  "blobfuse-launcher",
  "otel-collector",
  "ccr-governance",
  "ccr-attestation",
  "skr",
  "ccr-secrets",
  "ccr-init",
  "ccr-governance-opa-policy",
] as const;
export type SidecarName = (typeof sidecarNames)[number];

export type Sidecar = {
  readonly image: string;
  /** `sha256:` and 64 hexadecimal digits; absent for those that the local runner plays itself, which are no images. */
  readonly digest?: string;
  /** How the image is started, before the arguments that a contract gives it; absent where the image itself says all. */
  readonly command?: readonly string[];
};

/** A release of the sidecars: one file, under one version. */
export type Sidecars = {
  readonly version: string;
  readonly registry: string;
  readonly sidecars: readonly Sidecar[];
};

/** The sidecars whose parts the local runner plays. Nothing can be pulled under these names. */
export const localSidecars: Sidecars = local;

/** Whether all images can be pulled, and are what was released. */
export function arePinned({ sidecars }: Sidecars): boolean {
  return sidecars.every(({ digest }) => digest !== undefined);
}

/** `REGISTRY/NAME@sha256:DIGEST`, or `REGISTRY/NAME:VERSION` of a part that the local runner plays. */
export function sidecarImage(release: Sidecars, name: SidecarName): string {
  const digest = find(release, name)?.digest;
  return `${release.registry}/${name}${digest === undefined ? `:${release.version}` : `@${digest}`}`;
}

/** How a sidecar is started with some arguments; empty where its image says all. */
export function sidecarCommand(release: Sidecars, name: SidecarName, ...args: readonly string[]): readonly string[] {
  return [...(find(release, name)?.command ?? []), ...args];
}

function find({ sidecars }: Sidecars, name: SidecarName): Sidecar | undefined {
  return sidecars.find(({ image }) => image === name);
}
