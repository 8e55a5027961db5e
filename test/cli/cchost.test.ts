import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { installation } from "../../cli/installation.js";
import { ccfHome, written } from "../sandbox/cchost/home.js";
import { shell } from "./run.js";
import { sandboxShell } from "./sandbox.js";

const builtCommand = join(installation(), "bin", "cleanroom.mjs");

describe("sandbox start --engine cchost", () => {
  test("starts, shows and stops a node of CCF's own with the same words", async () => {
    const home = await ccfHome();
    const { run, start, stop, members, folder } = await sandboxShell();
    const dir = join(folder, "data");
    const { port, ended } = await start("--engine", "cchost", "--ccf-home", home.path, "--members", members, "--dir", dir);
    const { out } = await run(["sandbox", "status", "--port", port]);
    const log = join(dir, "sandbox.log");
    expect(JSON.parse(out)).toMatchObject({
      port: Number(port),
      status: "Opening",
      committed: "2.3",
      engine: "cchost",
      virtualTee: false,
      dir,
      log,
    });
    expect(await stop(port)).toEqual({ status: 0, out: "", notes: "" });
    expect((await ended).status).toBe(0);
    expect((await home.record()).stopped).toBe(true);
    expect(await readFile(log, "utf8")).toContain("SIGTERM: Shutting down enclave gracefully");
    expect(await readFile(join(dir, "service_cert.pem"), "utf8")).toBe(home.serviceCertificate);
  });

  test("finds CCF by CCF_HOME, and outlives the command with --detach", async () => {
    const home = await ccfHome();
    const { run, stop, members } = await sandboxShell({ CCF_HOME: home.path });
    const { status, out, notes } = await run(["sandbox", "start", "--engine", "cchost", "--members", members, "--port", "0", "--detach"]);
    expect({ status, notes }).toEqual({ status: 0, notes: "" });
    const { port, engine, dir } = JSON.parse(out) as { port: number; engine: string; dir: string | null };
    expect({ engine, dir }).toEqual({ engine: "cchost", dir: null });
    expect((await stop(String(port))).status).toBe(0);
    expect((await home.record()).stopped).toBe(true);
  });

  test("gives CCF the constitution of this installation, or the files that are named, in their order", async () => {
    const home = await ccfHome();
    const { start, stop, members, folder } = await sandboxShell({ CCF_HOME: home.path });
    const { port } = await start("--engine", "cchost", "--members", members);
    await stop(port);
    const built = await readFile(new URL("../../dist/constitution.js", import.meta.url), "utf8");
    expect((await home.record()).constitution).toEqual([built]);

    const files = [join(folder, "isv_cert.pem"), join(home.path, "service.pem")];
    await stop((await start("--engine", "cchost", "--members", members, "--constitution", ...files)).port);
    const [first, second] = await Promise.all(files.map((file) => readFile(file, "utf8")));
    expect((await home.record()).constitution).toEqual([`${first ?? ""}\n${second ?? ""}`]);
  });

  test("fails with one line that names what was looked for where there is no CCF", async () => {
    const { run, members, folder } = await sandboxShell();
    const options = ["--engine", "cchost", "--ccf-home", join(folder, "none"), "--members", members, "--port", "0"];
    const { status, out, notes } = await run(["sandbox", "start", ...options]);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(notes.split("\n")).toHaveLength(1);
    expect(notes).toContain(join(folder, "none", "bin", "cchost"));
    expect(notes).toContain(join(folder, "none", "lib", "libjs_generic.virtual.so"));
    expect((await run(["sandbox", "start", ...options, "--detach"])).notes).toBe(notes);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends CCF's node in order when %s comes before it is ready", async (signal) => {
    const home = await ccfHome({ slow: true });
    const { members, folder } = await sandboxShell();
    const dir = join(folder, "data");
    const words = ["sandbox", "start", "--engine", "cchost", "--ccf-home", home.path, "--members", members, "--port", "0", "--dir", dir];
    const child = spawn(process.execPath, [builtCommand, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, CLEANROOM_HOME: folder },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let notes = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (notes += text));
    await written(join(dir, "service_cert.pem"));
    child.kill(signal);
    expect(await once(child, "close")).toEqual([1, null]);
    expect(notes).toBe("error: cchost was stopped before it was ready\n");
    expect((await home.record()).stopped).toBe(true);
  });

  test("says what CCF complained of", async () => {
    const home = await ccfHome({ refuse: "No good" });
    const { run, members } = await sandboxShell();
    const options = ["--engine", "cchost", "--ccf-home", home.path, "--members", members, "--port", "0"];
    const { status, notes } = await run(["sandbox", "start", ...options]);
    expect(status).toBe(1);
    expect(notes).toMatch(/^error: cchost ended with status 105: No good\. Exiting\.$/m);
  });
});

test.each([
  ["--engine cchost --members m", "--engine cchost needs --ccf-home DIR, or CCF_HOME in the environment"],
  ["--engine cchost --ccf-home h --dir d --resume", "--engine cchost cannot --resume: CCF goes on with a ledger by disaster recovery only"],
  ["--engine cchost --ccf-home h --members m --virtual-tee", "--engine cchost has no --virtual-tee: CCF believes real processors only"],
  ["--ccf-home h --members m", "--ccf-home is for --engine cchost"],
  ["--engine cchost --ccf-home h", "a fresh service needs --members PATH; to go on with one, give --dir DIR --resume"],
])("sandbox start %s is a usage error", async (options, problem) => {
  const { run } = await shell();
  const outcome = await run(["sandbox", "start", "--port", "0", ...options.split(" ")]);
  expect(outcome).toEqual({ status: 2, out: "", notes: `error: ${problem}\nSee --help.` });
});
