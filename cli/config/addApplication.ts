import { command, flag, mandatory, optional, required, several } from "../command.js";
import { UsageError } from "../failure.js";
import { editConfig } from "./model.js";
import { application, settleMounts } from "./model/application.js";
import { identityIn } from "./model/identities.js";
import { amount, assignments, checkedName, cleanroomConfig, portOf } from "./options.js";
import { shellWords } from "./shellWords.js";

export default command({
  description:
    "Adds an application, or replaces the one of that name. What it mounts may come from another party: --mounts takes any name, and " +
    "`config view` finds out whether it is read or written. With --mounts an application starts by itself; otherwise --auto-start says so.",
  examples: [
    [
      "Train on two datasets and write the model",
      'cleanroom config add-application --cleanroom-config ./tdc-config --name depa-training --image "cleanroomsamples.azurecr.io/depa-training@' +
        'sha256:3a9b8d8d165bbc1867e23bba7b87d852025d96bd3cb2bb167a6cfc965134ba79" --command "/bin/bash run.sh" ' +
        '--mounts "src=cowin,dst=/mnt/remote/cowin" "src=output,dst=/mnt/remote/output" ' +
        "--env-vars model_config=/mnt/remote/config/model_config.json --cpu 0.5 --memory 4",
    ],
    [
      "Name what is read and what is written",
      "cleanroom config add-application --cleanroom-config ./tdc-config --name query --image registry.example/query@sha256:... " +
        "--datasources cowin=/data/cowin --datasinks output=/data/out --ports 8310 --auto-start --cpu 1 --memory 2",
    ],
  ],
  options: {
    cleanroomConfig,
    name: required("--name <name>", "name of the application"),
    image: required("--image <reference>", "REGISTRY/NAME@sha256:DIGEST"),
    command: optional("--command, --command-line <line>", "what the container runs, split as a shell would"),
    mounts: several("--mounts <src=NAME,dst=/PATH...>", "data of any party, and where the application sees it"),
    datasources: several("--datasources <NAME=/PATH...>", "data that is read"),
    datasinks: several("--datasinks <NAME=/PATH...>", "data that is written"),
    environment: several("--env-vars <NAME=VALUE...>", "environment of the application"),
    ports: several("--ports <ports...>", "ports that it listens at"),
    cpu: mandatory(amount("--cpu <cores>", "processor cores")),
    memory: mandatory(amount("--memory <GB>", "memory")),
    registryIdentity: optional("--acr-access-identity <name>", "identity of the configuration that may fetch the image"),
    autoStart: flag("--auto-start", "start with the clean room"),
  },
  run: async ({ cleanroomConfig: file, registryIdentity, ...values }, io) => {
    const mounts = assignments(values.mounts.map(mountOf), "--mounts");
    const described = {
      name: checkedName(values.name, "--name"),
      image: imageOf(values.image),
      cpu: values.cpu,
      memory: values.memory,
      command: shellWords(values.command ?? ""),
      environment: assignments(values.environment, "--env-vars"),
      ports: values.ports.map((port) => portOf(port, "--ports")),
      startType: values.autoStart || values.mounts.length > 0 ? ("Auto" as const) : ("Manual" as const),
      datasources: assignments(values.datasources, "--datasources"),
      datasinks: assignments(values.datasinks, "--datasinks"),
      mounts,
    };
    checkPaths([described.datasources, described.datasinks, mounts].flatMap((part) => Object.values(part)));
    await editConfig(file, io, (config) => {
      const added = application({
        ...described,
        registryIdentity: registryIdentity === undefined ? undefined : identityIn(config, registryIdentity),
      });
      const { applications } = config;
      const there = applications.some(({ name }) => name === added.name);
      const after = there ? applications.map((one) => (one.name === added.name ? added : one)) : [...applications, added];
      return settleMounts({ ...config, applications: after });
    });
  },
});

/** As `NAME=/PATH`, the notation of the other two. */
function mountOf(text: string): string {
  const [, name, path] = /^src=([^,=]+),dst=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new UsageError(`--mounts wants src=NAME,dst=/PATH, not "${text}"`);
  return `${name}=${path}`;
}

function checkPaths(paths: readonly string[]): void {
  for (const path of paths) {
    if (!path.startsWith("/") || path.split("/").includes("..")) throw new UsageError(`"${path}" is no absolute path to mount at`);
  }
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new UsageError(`two things cannot be mounted at ${twice}`);
}

function imageOf(reference: string): string {
  if (/^[^\s/][^\s]*$/.test(reference)) return reference;
  throw new UsageError(`--image wants REGISTRY/NAME@sha256:DIGEST, not "${reference}"`);
}
