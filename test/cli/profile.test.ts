import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Io } from "../../cli/io.js";
import { chosenClient, findProfile, loadProfile, profileNames, removeProfile, saveProfile, type Profile } from "../../cli/profile.js";
import { shell } from "./run.js";

const profile: Profile = { ccfEndpoint: "https://127.0.0.1:1", serviceCert: "s", signingCert: "c", signingKeyFile: "/keys/isv_privk.pem" };

async function place(env: Readonly<Record<string, string>> = {}): Promise<{ io: Io; home: string }> {
  const { folder } = await shell();
  const home = join(folder, "home");
  return {
    home,
    io: { env: { CLEANROOM_HOME: home, ...env }, out: () => undefined, note: () => undefined, stdin: () => Promise.resolve("") },
  };
}

async function mode(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

test("a profile is for its owner alone, also where the folder was open before", async () => {
  const { io, home } = await place();
  await mkdir(home, { mode: 0o755 });
  await saveProfile("isv-client", profile, io);
  expect(await mode(home)).toBe("700");
  expect(await mode(join(home, "clients"))).toBe("700");
  expect(await mode(join(home, "clients", "isv-client.json"))).toBe("600");
});

test("a profile is read as it was written, replaced, listed and removed", async () => {
  const { io } = await place();
  await saveProfile("b", profile, io);
  await saveProfile("a", profile, io);
  await saveProfile("a", { ...profile, ccfEndpoint: "https://127.0.0.1:2" }, io);
  expect(await loadProfile("a", io)).toEqual({ ...profile, ccfEndpoint: "https://127.0.0.1:2" });
  expect(await profileNames(io)).toEqual(["a", "b"]);
  await removeProfile("a", io);
  expect(await findProfile("a", io)).toBeUndefined();
  await expect(removeProfile("a", io)).rejects.toThrow('there is no governance client "a"; there are: b');
});

test("the private key is not copied", async () => {
  const { io, home } = await place();
  await saveProfile("a", profile, io);
  expect(JSON.parse(await readFile(join(home, "clients", "a.json"), "utf8"))).toEqual(profile);
});

test("the option goes before the variable, and without both no client is guessed", async () => {
  const { io } = await place({ CLEANROOM_GOVERNANCE_CLIENT: "from-env" });
  expect(await chosenClient("from-option", io)).toBe("from-option");
  expect(await chosenClient(undefined, io)).toBe("from-env");
  const { io: bare } = await place();
  await saveProfile("only", profile, bare);
  await expect(chosenClient(undefined, bare)).rejects.toThrow(/Give --governance-client NAME.*there are: only/);
});

test.each(["../x", "a/b", "", ".hidden", "x".repeat(65)])("%j cannot be the name of a client", async (name) => {
  const { io } = await place();
  await expect(saveProfile(name, profile, io)).rejects.toMatchObject({ name: "UsageError" });
});
