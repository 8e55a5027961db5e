import { expect, test } from "vitest";
import { shell } from "./run.js";

const required = [
  [["governance", "contract", "vote", "--id", "c"], "--proposal-id"],
  [["governance", "client", "deploy", "--name", "x"], "--ccf-endpoint"],
] as const;

test.each(required)("a missing option is named: %j", async (argv, option) => {
  const { run } = await shell();
  const { status, out, notes } = await run(argv);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(notes).toMatch(new RegExp(`^error: required option '.*${option} `));
});

const wrong = [
  ["an unknown option", ["governance", "contract", "show", "--id", "c", "--colour", "red"]],
  ["an unknown command", ["governance", "contract", "burn"]],
  ["a threshold that is no number", ["governance", "network", "set-recovery-threshold", "--recovery-threshold", "two"]],
  ["two policies", ["governance", "deployment", "policy", "propose", "--contract-id", "c", "--policy-file", "p", "--allow-all"]],
  ["a word too many", ["governance", "contract", "show", "--id", "c", "d"]],
  ["an unknown choice", ["governance", "proposal", "vote", "--proposal-id", "p", "--action", "abstain"]],
  ["an unknown format", ["governance", "contract", "list", "--output", "xml"]],
  ["a query that is not JMESPath", ["governance", "contract", "list", "--query", "["]],
  ["no client", ["governance", "contract", "list"]],
  ["a client with a name that is a path", ["governance", "contract", "list", "--governance-client", "../x"]],
  ["a group without a command", ["governance"]],
  ["nothing at all", []],
] as const;

test.each(wrong)("%s is a usage error: status 2, a line on stderr, nothing on stdout", async (_, argv) => {
  const { run } = await shell();
  const { status, out, notes } = await run(argv);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(notes).not.toBe("");
  expect(notes).not.toMatch(/^\s+at /m);
});

test.each([
  [["--identifier", "x", "--member-data", "{}"], "either"],
  [["--tenant-id", "x"], "either"],
  [["--member-data", "{}", "--tenant-id", "x"], "--tenant-id"],
  [["--identifier", "x", "--recovery-role", "owner"], "--encryption-public-key"],
])("options of member add that do not go together are refused: %j", async (options, word) => {
  const { run } = await shell();
  const { status, notes } = await run(["governance", "member", "add", "--certificate", "x", ...options]);
  expect(status).toBe(2);
  expect(notes).toContain(word);
});

test.each(["0", "1.5", "99999999999"])("%s is refused as an interval of signatures, with what it may be", async (count) => {
  const { run } = await shell();
  const { status, notes } = await run(["sandbox", "start", "--port", "0", "--members", "x", "--signature-interval-ms", count]);
  expect(status).toBe(2);
  expect(notes).toContain(`"${count}" is no count: give a whole number from 1 to 999999999`);
});

test("the overview names every group, and a group every command", async () => {
  const { run } = await shell();
  expect((await run(["--help"])).out).toMatch(/sandbox .*\n\s+agent .*\n\s+governance /);
  const { out } = await run(["governance", "contract", "--help"]);
  for (const word of ["create", "show", "list", "propose", "vote"]) expect(out).toContain(word);
});

test("a failure is one line without the stack; --debug shows the stack", async () => {
  const { run } = await shell();
  const call = ["governance", "client", "show", "--name", "nobody"];
  expect(await run(call)).toEqual({ status: 1, out: "", notes: 'error: there is no governance client "nobody"' });
  expect((await run([...call, "--debug"])).notes).toMatch(/^\s+at /m);
});

test.each([
  [["governance", "contrct", "show"], "governance contract show"],
  [["governance", "contract", "runtime-optoin", "get", "--contract-id", "c"], "governance contract runtime-option get"],
  [["governace", "proposal", "vote"], "governance proposal vote"],
  [["contract", "shwo", "--id", "c"], "governance contract show"],
  [["oidc-issuer", "show"], "governance oidc-issuer show"],
  [["goverance"], "governance"],
  [["governance", "contrct"], "governance contract"],
])("a typo in %j suggests the right command", async (argv, meant) => {
  const { run } = await shell();
  const { status, out, notes } = await run(argv);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(notes).toMatch(new RegExp(`^error: ".*" is no command; did you mean: cleanroom ${meant}\n`));
});

test("where nothing is near, nothing is suggested", async () => {
  const { run } = await shell();
  const { status, notes } = await run(["governance", "member", "get-default-certificate-policy"]);
  expect({ status, notes }).toEqual({
    status: 2,
    notes: 'error: "governance member get-default-certificate-policy" is no command\nSee --help.',
  });
});

test("a typo in an option suggests the right one, also where that is missing now", async () => {
  const { run } = await shell();
  expect((await run(["governance", "contract", "show", "--idd", "c"])).notes).toMatch(
    /'--id <id>' not specified\n--idd is no .* did you mean --id\?$/,
  );
  expect((await run(["governance", "contract", "list", "--qeury", "c"])).notes).toContain("(Did you mean --query?)");
  expect((await run(["burn", "everything"])).notes).toMatch(/^error: "burn everything" is no command\n/);
});

test("the overview says what the exit status means", async () => {
  const { run } = await shell();
  expect((await run(["--help"])).out).toContain(
    "Exit status: 0 when all went well, 1 when the command failed, 2 when it was called in a wrong way.",
  );
});
