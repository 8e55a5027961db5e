import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseReport } from "../../sandbox/enclave/snp/report.js";
import { sandboxShell } from "./sandbox.js";
import { shell } from "./run.js";

const HOST_DATA = "ab".repeat(32);
const attest = ["sandbox", "attest", "--host-data", HOST_DATA, "--report-data", "0102"];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("sandbox attest", () => {
  test("prints evidence that says what was asked for, by the only sandbox that runs", async () => {
    const { run, start, members } = await sandboxShell();
    await start("--members", members, "--virtual-tee");
    const measurement = "CD".repeat(48);
    const { status, out, notes } = await run([...attest, "--measurement", measurement]);
    expect({ status, notes }).toEqual({ status: 0, notes: "" });
    const evidence = JSON.parse(out) as Record<string, string>;
    expect(Object.keys(evidence)).toEqual(["evidence", "endorsements", "uvm_endorsements"]);
    const report = parseReport(Buffer.from(evidence.evidence ?? "", "base64"));
    expect(hex(report.host_data)).toBe(HOST_DATA);
    expect(hex(report.report_data)).toBe(`0102${"00".repeat(62)}`);
    expect(hex(report.measurement)).toBe(measurement.toLowerCase());
    expect(report.policy.debug).toBe(0);

    const debugged = JSON.parse((await run([...attest, "--debug", "--no-uvm"])).out) as Record<string, string>;
    expect(Object.keys(debugged)).toEqual(["evidence", "endorsements"]);
    expect(parseReport(Buffer.from(debugged.evidence ?? "", "base64")).policy.debug).toBe(1);
  });

  test("wants to know which sandbox when there are several, and needs one with a virtual TEE", async () => {
    const { run, start, members } = await sandboxShell();
    expect(await run(attest)).toEqual({ status: 1, out: "", notes: "error: no sandbox runs" });
    const one = await start("--members", members, "--virtual-tee");
    const other = await start("--members", members);
    const { status, notes } = await run(attest);
    expect(status).toBe(1);
    expect(notes).toMatch(/^error: several sandboxes run: choose one with --port, of \d+, \d+$/);
    expect((await run([...attest, "--port", one.port])).status).toBe(0);
    expect(await run([...attest, "--port", other.port])).toEqual({
      status: 1,
      out: "",
      notes: `error: the sandbox at port ${other.port} has no virtual TEE: start it with --virtual-tee`,
    });
  });

  test.each([
    ["--host-data", ["--report-data", "01"]],
    ["--report-data", ["--host-data", HOST_DATA]],
  ])("needs %s", async (option, options) => {
    const { run } = await shell();
    const { status, out, notes } = await run(["sandbox", "attest", ...options]);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(notes).toContain(`'${option} <hex>'`);
  });

  test.each([
    ["host data that is too short", ["--host-data", "ab".repeat(31)], "--host-data is 32 bytes, not 31"],
    ["host data that is too long", ["--host-data", "ab".repeat(33)], "--host-data is 32 bytes, not 33"],
    ["host data that is not hexadecimal", ["--host-data", "xy".repeat(32)], "--host-data is hexadecimal, two digits for each byte"],
    ["half a byte", ["--report-data", "abc"], "--report-data is hexadecimal, two digits for each byte"],
    ["no report data", ["--report-data", ""], "--report-data is hexadecimal, two digits for each byte"],
    ["too much report data", ["--report-data", "00".repeat(65)], "--report-data is at most 64 bytes, not 65"],
    ["a measurement of another size", ["--measurement", "00".repeat(32)], "--measurement is 48 bytes, not 32"],
  ])("%s is a usage error of two lines, also with --debug", async (_, options, problem) => {
    const { run } = await shell();
    expect(await run([...attest, ...options, "--debug"])).toEqual({ status: 2, out: "", notes: `error: ${problem}\nSee --help.` });
  });
});

describe("sandbox start --virtual-tee", () => {
  test("warns on stderr and in the log", async () => {
    const { start, stop, members, folder } = await sandboxShell();
    const dir = join(folder, "data");
    const { port, ended } = await start("--members", members, "--dir", dir, "--virtual-tee");
    await stop(port);
    const { status, out, notes } = await ended;
    expect({ status, out }).toEqual({ status: 0, out: "" });
    expect(notes).toMatch(/^WARNING: virtual TEE: /);
    expect(await readFile(join(dir, "sandbox.log"), "utf8")).toMatch(/ fail {2}WARNING: virtual TEE: /);
  });

  test("warns the caller also when the service outlives the command, and the log of a service that keeps nothing", async () => {
    const { run, stop, members } = await sandboxShell();
    const { status, out, notes } = await run(["sandbox", "start", "--members", members, "--port", "0", "--virtual-tee", "--detach"]);
    expect(status).toBe(0);
    const { port, log } = JSON.parse(out) as { port: number; log: string };
    try {
      expect(notes).toMatch(/^WARNING: virtual TEE: .*$/);
      expect(await readFile(log, "utf8")).toMatch(/ fail {2}WARNING: virtual TEE: /);
      expect((await run(attest)).status).toBe(0);
    } finally {
      await stop(String(port));
    }
  });

  test("says nothing of it without the switch", async () => {
    const { start, stop, members } = await sandboxShell();
    const { port, ended } = await start("--members", members);
    await stop(port);
    expect((await ended).notes).not.toContain("WARNING");
  });

  test.each(["0.0.0.0", "192.0.2.1", "::", "example.org"])("together with --host %s is a usage error", async (host) => {
    const { run } = await shell();
    const { status, out, notes } = await run(["sandbox", "start", "--members", "m", "--port", "0", "--virtual-tee", "--host", host]);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(notes).toBe(
      `error: --virtual-tee and --host ${host} do not go together: whoever reached the service would be believed\nSee --help.`,
    );
  });
});
