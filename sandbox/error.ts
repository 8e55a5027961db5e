/** Something that the person who starts a sandbox has to change. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}
