import { expect, test } from "vitest";
import { complaint } from "./complaint.js";

/** Every kind of call that the tutorial of the public tools makes (ML training), with its options in its order, and values of our own. */
const calls: readonly (readonly [path: string, ...options: readonly string[]])[] = [
  ["governance member keygenerator-sh"],
  ["governance client deploy", "--ccf-endpoint", "https://127.0.0.1:1", "--signing-cert", "a.pem", "--signing-key", "a.key", "--name", "a"],
  ["governance member activate", "--governance-client", "a"],
  ["governance service deploy", "--governance-client", "a"],
  [
    "governance member add",
    ...["--certificate", "b.pem", "--identifier", "b", "--tenant-id", "t", "--query", "proposalId"],
    ...["--output", "tsv", "--governance-client", "a"],
  ],
  ["governance proposal vote", "--proposal-id", "p", "--action", "accept", "--governance-client", "a"],
  ["config init", "--cleanroom-config", "b-config"],
  ["config set-kek", "--kek-key-vault", "/kv", "--maa-url", "https://maa", "--cleanroom-config", "b-config"],
  ...["add-datasource", "add-datasink"].map(
    (verb) =>
      [
        `config ${verb}`,
        ...["--cleanroom-config", "b-config", "--name", "d", "--storage-account", "/sa", "--identity", "/mi", "--dek-key-vault", "/kv"],
      ] as const,
  ),
  ["datasource upload", "--cleanroom-config", "b-config", "--name", "d", "--dataset-folder", "./d"],
  ...["set-logging", "set-telemetry"].map(
    (verb) =>
      [
        `config ${verb}`,
        "--cleanroom-config",
        "b-config",
        "--storage-account",
        "/sa",
        "--identity",
        "/mi",
        "--dek-key-vault",
        "/kv",
      ] as const,
  ),
  [
    "config add-application",
    ...["--cleanroom-config", "c-config", "--name", "training", "--image", `registry.example/training@sha256:${"ab".repeat(32)}`],
    ...["--command", "/bin/sh train.sh", "--mounts", "src=d,dst=/mnt/d", "src=e,dst=/mnt/e", "src=out,dst=/mnt/out"],
    ...["--env-vars", "one=/mnt/d/1.json", "two=/mnt/d/2.json", "--cpu", "0.5", "--memory", "4"],
  ],
  ["config view", "--cleanroom-config", "c-config", "--configs", "b-config"],
  ["config validate", "--cleanroom-config", "config"],
  ["governance contract create", "--data", "applications: []", "--id", "c", "--governance-client", "a"],
  ["governance contract show", "--id", "c", "--query", "version", "--output", "tsv", "--governance-client", "a"],
  ["governance contract show", "--id", "c", "--governance-client", "a"],
  ["governance contract propose", "--version", "2.5", "--id", "c", "--governance-client", "a"],
  ["governance contract vote", "--id", "c", "--proposal-id", "p", "--action", "accept", "--governance-client", "a"],
  ["governance deployment generate", "--contract-id", "c", "--governance-client", "a", "--output-dir", "./out"],
  ["governance deployment template propose", "--template-file", "t.json", "--contract-id", "c", "--governance-client", "a"],
  ["governance deployment policy propose", "--policy-file", "p.json", "--contract-id", "c", "--governance-client", "a"],
  ...["logging", "telemetry"].flatMap(
    (option) =>
      [
        [
          "governance contract runtime-option propose",
          ...["--option", option, "--action", "enable", "--contract-id", "c", "--governance-client", "a"],
        ],
        [
          "governance contract runtime-option get",
          ...["--option", option, "--contract-id", "c", "--governance-client", "a", "--query", "proposalIds[0]", "--output", "tsv"],
        ],
      ] as const,
  ),
  ...["template", "policy"].map(
    (what) =>
      [
        `governance deployment ${what} show`,
        ...["--contract-id", "c", "--governance-client", "a", "--query", "proposalIds[0]", "--output", "tsv"],
      ] as const,
  ),
  ["governance deployment template show", "--contract-id", "c", "--governance-client", "a", "--query", "data"],
  ["config wrap-deks", "--contract-id", "c", "--cleanroom-config", "b-config", "--governance-client", "b"],
  ["datasink download", "--cleanroom-config", "c-config", "--name", "output", "--target-folder", "./output"],
  ["telemetry download", "--cleanroom-config", "b-config", "--target-folder", "./telemetry"],
  ["logs download", "--cleanroom-config", "b-config", "--target-folder", "./logs"],
];

test.each(calls)("%s takes the options of the tutorial", async (path, ...options) => {
  expect(await complaint([...path.split(" "), ...options])).toBe("");
});
