import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandbox, type InitialMember } from "../../sandbox/index.js";
import { complaints, judge } from "./ccf/judge.js";
import { generateMembers } from "./ccf/members.js";
import { playSuite } from "./ccf/playSuite.js";
import { readRecordings } from "./ccf/recordings.js";
import { constitution, type Service } from "./ccf/services/service.js";
import { haveSnpReports } from "./ccf/snpReports.js";
import { suites } from "./ccf/suites/index.js";

/** A fresh sandbox in this process, which ends with the test. */
async function inProcess(): Promise<Service> {
  const keys = await mkdtemp(join(tmpdir(), "conformance-"));
  onTestFinished(() => rm(keys, { recursive: true }));
  generateMembers(keys);
  const read = (file: string): Promise<string> => readFile(join(keys, file), "utf8");
  const members: InitialMember[] = [
    {
      certificate: await read("member0_cert.pem"),
      encryptionPublicKey: await read("member0_enc_pubk.pem"),
    },
    {
      certificate: await read("member1_cert.pem"),
      encryptionPublicKey: await read("member1_enc_pubk.pem"),
      data: JSON.parse(await read("member1_data.json")),
    },
    { certificate: await read("member2_cert.pem") },
  ];
  const texts = await Promise.all(constitution.map((file) => readFile(file, "utf8")));
  const sandbox = await startSandbox({ members, constitution: texts.join("\n"), port: 0 });
  onTestFinished(() => sandbox.stop());
  return { url: sandbox.url ?? "", keys, fresh: true, stop: () => sandbox.stop() };
}

/** Milliseconds; a suite takes a few seconds on a quiet machine. */
const PATIENCE = 180_000;

describe("the sandbox answers as CCF 6.0.7 did when it was recorded, but for what is known", () => {
  for (const suite of suites) {
    const canPlay = haveSnpReports || suite.scenarios.some(({ needs }) => needs === undefined);
    test.skipIf(!canPlay)(
      suite.title,
      async () => {
        const recorded = readRecordings(suite.name);
        const played = await playSuite(suite, await inProcess());
        expect(complaints(played.map((one) => judge(one, recorded[one.scenario])))).toEqual([]);
      },
      PATIENCE,
    );
  }
});
