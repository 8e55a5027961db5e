import { expect, test } from "vitest";
import { BlobError } from "../../azure/blob.js";
import { CloudError } from "../../azure/cloudError.js";
import { patiently } from "../../cli/access/patience.js";

/** Fails with an error some times, then succeeds. */
function failing(times: number, error: Error): () => Promise<string> {
  let left = times;
  return () => (left-- > 0 ? Promise.reject(error) : Promise.resolve("done"));
}

const mismatch = new BlobError("AuthorizationPermissionMismatch", 403, "not authorized");

test("what is refused only because a role is new is tried again, with a line that says so", async () => {
  for (const error of [mismatch, new CloudError("PrincipalNotFound", 400, "no such principal")]) {
    const notes: string[] = [];
    const note = (line: string) => void notes.push(line);
    expect(await patiently("publishing the keys", failing(2, error), { note, pause: 1 })).toBe("done");
    expect(notes).toEqual(
      [1, 2].map(
        (n) => `publishing the keys: not allowed yet (${error.code}); roles take some minutes to have effect, trying again (${n} of 17)`,
      ),
    );
  }
});

test("patience ends, and what has other reasons fails at once", async () => {
  const notes: string[] = [];
  const patience = { note: (line: string) => void notes.push(line), pause: 1, attempts: 3 };
  await expect(patiently("x", failing(9, mismatch), patience)).rejects.toBe(mismatch);
  expect(notes).toHaveLength(2);
  const other = new CloudError("AuthorizationFailed", 403, "may not assign roles");
  await expect(patiently("x", failing(1, other), patience)).rejects.toBe(other);
  expect(notes).toHaveLength(2);
});
