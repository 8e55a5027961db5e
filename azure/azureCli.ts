import { execFile } from "node:child_process";
import { CloudError } from "./cloudError.js";
import type { Credential } from "./tokens.js";

/** Milliseconds of validity below which a token is fetched anew. */
const MARGIN = 6 * 60_000;

/** The person who has signed in with `az login`. */
export function azureCliCredential(): Credential {
  const known = new Map<string, Promise<Token>>();
  return {
    token: async (scope) => {
      const before = await known.get(scope)?.catch(() => undefined);
      if (before && before.expiresAt - Date.now() > MARGIN) return before.value;
      const fetched = fetchToken(scope);
      known.set(scope, fetched);
      return (await fetched).value;
    },
  };
}

type Token = { readonly value: string; /** Milliseconds since 1970. */ readonly expiresAt: number };

async function fetchToken(scope: string): Promise<Token> {
  const { accessToken, expires_on } = (await az("account", "get-access-token", "--scope", scope)) as {
    accessToken: string;
    expires_on?: number;
  };
  return { value: accessToken, expiresAt: expires_on === undefined ? Date.now() : expires_on * 1000 };
}

/** The id of the subscription that the person works in. @throws CloudError NoLogin */
export async function azureCliSubscription(): Promise<string> {
  const { id } = (await az("account", "show")) as { id: string };
  return id;
}

/** @throws CloudError NoLogin */
function az(...words: readonly string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    execFile("az", [...words, "--output", "json"], { shell: process.platform === "win32", timeout: 60_000 }, (error, stdout, stderr) => {
      if (!error) {
        resolve(JSON.parse(stdout));
        return;
      }
      const reason = error.code === "ENOENT" ? "az, the command line of Azure, is not installed" : stderr.trim().split("\n")[0];
      reject(new CloudError("NoLogin", undefined, `no access to Azure: ${reason ?? error.message}. Call az login`, { cause: error }));
    });
  });
}
