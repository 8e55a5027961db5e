import { setTimeout as sleep } from "node:timers/promises";
import { BlobError } from "../../azure/blob.js";
import { CloudError } from "../../azure/cloudError.js";

export type Patience = {
  /** Told why it takes longer. */
  readonly note: (line: string) => void;
  /** Milliseconds between two attempts. */
  readonly pause?: number | undefined;
  readonly attempts?: number | undefined;
};

/**
 * Tries again what Azure refuses only because a role or an identity that was made a moment ago is not known everywhere yet; that takes up to
 * some minutes. What else fails, fails at once.
 */
export async function patiently<T>(what: string, call: () => Promise<T>, { note, pause = 10_000, attempts = 18 }: Patience): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isNotYet(error) || attempt >= attempts) throw error;
      note(
        `${what}: not allowed yet (${error.code}); roles take some minutes to have effect, trying again (${attempt} of ${attempts - 1})`,
      );
      await sleep(pause);
    }
  }
}

function isNotYet(error: unknown): error is BlobError | CloudError {
  if (error instanceof BlobError) return error.code === "AuthorizationPermissionMismatch";
  return error instanceof CloudError && ["PrincipalNotFound", "AuthorizationPermissionMismatch"].includes(error.code);
}
