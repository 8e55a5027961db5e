import { createServer } from "node:net";
import { access, chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { getJson } from "../../../client/session.js";
import { connect } from "../../../client/transport.js";
import { SandboxError, startCchost, type CchostOptions } from "../../../sandbox/index.js";
import { ccfHome, temporaryFolder, written, type Home } from "./home.js";

const members = [
  { certificate: "CERTIFICATE 0", encryptionPublicKey: "KEY 0", data: { isOperator: true } },
  { certificate: "CERTIFICATE 1" },
];
const constitution = "export function validate() {}";

async function start(home: Home, options: Partial<CchostOptions> = {}) {
  const node = await startCchost({ home: home.path, members, constitution, ...options });
  onTestFinished(node.stop);
  return node;
}

describe("a node of CCF's own", () => {
  test("is started with the command line and the configuration of cchost 6", async () => {
    const home = await ccfHome();
    const dir = join(await temporaryFolder(), "data");
    const { url } = await start(home, { dir, signatures: { transactions: 10, milliseconds: 250 } });
    const { words, configuration, cwd, members: given, constitution: scripts } = await home.record();
    const address = url.slice("https://".length);

    expect(words).toEqual([
      ...["--config", join(dir, "cchost.json")],
      ...["--enclave-file", join(home.path, "lib", "libjs_generic.virtual.so")],
      ...["--enclave-log-level", "info"],
    ]);
    expect(cwd).toBe(dir);
    expect(configuration).toStrictEqual({
      enclave: { platform: "Virtual", type: "Release" },
      network: {
        node_to_node_interface: { bind_address: "127.0.0.1:0" },
        rpc_interfaces: { primary_rpc_interface: { bind_address: address, published_address: address } },
      },
      node_certificate: { subject_alt_names: ["iPAddress:127.0.0.1", "dNSName:localhost"], initial_validity_days: 365 },
      command: {
        type: "Start",
        service_certificate_file: join(dir, "service_cert.pem"),
        start: {
          constitution_files: [join(dir, "constitution.js")],
          members: [
            {
              certificate_file: join(dir, "members", "member0_cert.pem"),
              encryption_public_key_file: join(dir, "members", "member0_enc_pubk.pem"),
              data_json_file: join(dir, "members", "member0_data.json"),
            },
            { certificate_file: join(dir, "members", "member1_cert.pem") },
          ],
          service_configuration: { recovery_threshold: 0 },
          initial_service_certificate_validity_days: 365,
        },
      },
      ledger: { directory: join(dir, "ledger") },
      snapshots: { directory: join(dir, "snapshots") },
      ledger_signatures: { tx_count: 10, delay: "250ms" },
      output_files: { node_certificate_file: join(dir, "node_cert.pem"), pid_file: join(dir, "cchost.pid") },
    });
    expect(given).toEqual([
      { certificate_file: "CERTIFICATE 0", encryption_public_key_file: "KEY 0", data_json_file: '{"isOperator":true}' },
      { certificate_file: "CERTIFICATE 1" },
    ]);
    expect(scripts).toEqual([constitution]);
  });

  test("signs as often as the embedded engine unless told otherwise, and is certified for its host", async () => {
    const home = await ccfHome();
    await start(home, { host: "localhost" });
    expect((await home.record()).configuration).toMatchObject({
      ledger_signatures: { tx_count: 5000, delay: "100ms" },
      node_certificate: { subject_alt_names: ["dNSName:localhost", "iPAddress:127.0.0.1"] },
    });
  });

  test("answers, and leaves what clients trust where the embedded engine does", async () => {
    const home = await ccfHome();
    const dir = await temporaryFolder();
    const { url, serviceCertificate } = await start(home, { dir });
    expect(serviceCertificate).toBe(home.serviceCertificate);
    expect(await readFile(join(dir, "service_cert.pem"), "utf8")).toBe(home.serviceCertificate);
    const transport = connect({ url, serviceCertificate });
    onTestFinished(() => transport.close());
    expect(await getJson(transport, "/node/network")).toMatchObject({ service_status: "Opening" });
  });

  test("is shut down in order, and its directory is free then", async () => {
    const home = await ccfHome();
    const dir = await temporaryFolder();
    const node = await start(home, { dir });
    await expect(startCchost({ home: home.path, members, constitution, dir })).rejects.toThrow("is not empty");
    expect(await readdir(dir)).toContain("lock");
    await node.stop();
    expect((await home.record()).stopped).toBe(true);
    expect(await readdir(dir)).not.toContain("lock");
  });

  test("is killed when it does not shut down, which whoever stops it is told", async () => {
    const home = await ccfHome({ stubborn: true });
    const dir = await temporaryFolder();
    const node = await startCchost({ home: home.path, members, constitution, dir });
    const pid = Number(await readFile(join(dir, "cchost.pid"), "utf8"));
    await expect(node.stop()).rejects.toThrow("cchost did not end within 10 seconds and was killed");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await readdir(dir)).not.toContain("lock");
  });

  test("is shut down in order also before it is ready, when whoever starts it does not want it any more", async () => {
    const home = await ccfHome({ slow: true });
    const dir = await temporaryFolder();
    const changed = new AbortController();
    const starting = startCchost({ home: home.path, members, constitution, dir, signal: changed.signal });
    starting.catch(() => undefined);
    await written(join(dir, "service_cert.pem"));
    changed.abort();
    await expect(starting).rejects.toThrow(new SandboxError("cchost was stopped before it was ready"));
    expect((await home.record()).stopped).toBe(true);
    expect(await readdir(dir)).not.toContain("lock");
  });

  test("leaves nothing behind where no directory was given", async () => {
    const home = await ccfHome();
    const node = await start(home);
    const { cwd } = await home.record();
    expect(cwd.startsWith(join(tmpdir(), "cleanroom-ccf-"))).toBe(true);
    await access(join(cwd, "service_cert.pem"));
    await node.stop();
    await expect(access(cwd)).rejects.toThrow("ENOENT");
  });

  test("gets none of the environment but what a program needs to run: CCF writes it to its log", async () => {
    const home = await ccfHome();
    process.env.CCHOST_TEST_SECRET = "secret";
    onTestFinished(() => {
      delete process.env.CCHOST_TEST_SECRET;
    });
    await start(home);
    expect((await home.record()).environment.filter((name) => name !== "PATH" && name !== "LD_LIBRARY_PATH")).toEqual([]);
  });

  test("has its log passed on, with CCF's levels", async () => {
    const home = await ccfHome();
    const log: string[] = [];
    const node = await start(home, { log: (level, line) => log.push(`${level} ${line}`) });
    await node.stop();
    expect(log).toContainEqual(expect.stringMatching(/^info .*\| SIGTERM: Shutting down enclave gracefully\.\.\.$/));
  });

  test("is missed when it ends by itself", async () => {
    const home = await ccfHome();
    const dir = await temporaryFolder();
    let tell: (error: Error) => void = () => undefined;
    const failed = new Promise<Error>((resolve) => (tell = resolve));
    await start(home, { dir, failed: tell });
    const pid = Number(await readFile(join(dir, "cchost.pid"), "utf8"));
    process.kill(pid, "SIGUSR2");
    expect((await failed).message).toBe("cchost ended with status 105: A failure in the middle. Exiting.");
    expect(await readdir(dir)).not.toContain("lock");
  });
});

describe("what cannot be started", () => {
  test("names what was looked for where there is no CCF, in one line", async () => {
    const path = await temporaryFolder();
    const executable = join(path, "bin", "cchost");
    const application = join(path, "lib", "libjs_generic.virtual.so");
    const none = `${path} holds no CCF 6 for the virtual platform: there is no ${executable} (an executable) and no ${application}`;
    await expect(startCchost({ home: path, members, constitution })).rejects.toThrow(new SandboxError(none));

    const home = await ccfHome();
    await chmod(join(home.path, "bin", "cchost"), 0o644);
    await expect(start(home)).rejects.toThrow(/there is no \S+bin\/cchost \(an executable\)$/);
    await chmod(join(home.path, "bin", "cchost"), 0o755);
    await rm(join(home.path, "lib", "libjs_generic.virtual.so"));
    await expect(start(home)).rejects.toThrow(/there is no \S+lib\/libjs_generic\.virtual\.so$/);
  });

  test("says what CCF complained of, and gives the directory free", async () => {
    const home = await ccfHome({ refuse: "No good" });
    const dir = await temporaryFolder();
    const start = startCchost({ home: home.path, members, constitution, dir });
    await expect(start).rejects.toThrow(new SandboxError("cchost ended with status 105: No good. Exiting."));
    expect(await readdir(dir)).not.toContain("lock");
  });

  test("says so where the executable is none", async () => {
    const home = await ccfHome();
    await writeFile(join(home.path, "bin", "cchost"), "#!/nowhere/interpreter\n");
    await expect(start(home)).rejects.toThrow(/^cchost cannot be run: .*ENOENT/);
  });

  test("refuses a directory that holds something, and a port that is taken", async () => {
    const home = await ccfHome();
    const dir = await temporaryFolder();
    await writeFile(join(dir, "something"), "");
    await expect(start(home, { dir })).rejects.toThrow(`${dir} is not empty`);

    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(start(home, { port })).rejects.toThrow(`port ${port} of 127.0.0.1 is in use`);
  });

  test("wants members and a constitution", async () => {
    const { path } = await ccfHome();
    await expect(startCchost({ home: path, members: [], constitution })).rejects.toThrow(SandboxError);
    await expect(startCchost({ home: path, members })).rejects.toThrow(SandboxError);
  });
});
