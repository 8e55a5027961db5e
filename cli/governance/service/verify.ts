import { bundleDigest, constitutionDigest, getBundle, normalise, type Bundle } from "../../../client/governance/application.js";
import { getConstitution } from "../../../client/governance/service.js";
import { command, optional } from "../../command.js";
import { CommandError } from "../../failure.js";
import { readText } from "../../io.js";
import { readRelease, type Release } from "../../release.js";
import { asMember, governanceClient } from "../../session.js";
import { parseBundle } from "./bundle.js";

type Verified = { readonly version: string; readonly constitution: string; readonly jsapp: string };

export default command({
  description:
    "Compares the constitution and the application that a service runs with a release: what `npm run build` made of this installation's " +
    "sources, or the release whose manifest is given. Where they differ, says in what, and the exit status is 1.",
  examples: [
    ["Does the service run this?", "cleanroom governance service verify --governance-client tdp-client"],
    ["Does it run that release?", "cleanroom governance service verify --manifest release/manifest.json --governance-client tdp-client"],
  ],
  options: { manifest: optional("--manifest <file>", "manifest.json of the release (default: of this installation)"), governanceClient },
  text: ({ version, constitution, jsapp }: Verified) =>
    `The service runs version ${version}.\nConstitution:  ${constitution}\nApplication:   ${jsapp}\n`,
  run: async ({ manifest, governanceClient: client }, io): Promise<Verified> => {
    const release = await readRelease(manifest);
    const { script, bundle } = await asMember(client, io, async (session) => ({
      script: await getConstitution(session),
      bundle: await getBundle(session),
    }));
    const [constitution, jsapp] = [`sha256:${constitutionDigest(script)}`, `sha256:${bundleDigest(bundle)}`];
    const problems = [
      ...(constitution === release.constitution ? [] : [`the constitution is ${constitution}, not ${release.constitution}`]),
      ...(jsapp === release.application
        ? []
        : [`the application is ${jsapp}, not ${release.application}${await differences(bundle, release)}`]),
    ];
    if (problems.length > 0) throw new CommandError(`the service does not run version ${release.version}: ${problems.join("; ")}`);
    return { version: release.version, constitution, jsapp };
  },
});

/** The modules and endpoints that are not the same, where what was built lies beside its manifest. */
async function differences(deployed: Bundle, { bundleFile, application }: Release): Promise<string> {
  let built: Bundle;
  try {
    built = parseBundle(await readText(bundleFile), bundleFile);
  } catch {
    return ""; // the digests have said that it is another
  }
  if (`sha256:${bundleDigest(built)}` !== application) return "";
  const [here, there] = [partsOf(built), partsOf(deployed)];
  const names = [...new Set([...here.keys(), ...there.keys()])].filter((name) => here.get(name) !== there.get(name)).sort();
  return ` (${names.join(", ")})`;
}

/** Modules by their names, endpoints by verb and path. */
function partsOf(bundle: Bundle): Map<string, string> {
  const { metadata, modules } = normalise(bundle);
  const endpoints = Object.entries(metadata.endpoints).flatMap(([url, verbs]) =>
    Object.entries(verbs).map(
      ([verb, properties]) => [`${verb.toUpperCase()} ${url}`, JSON.stringify(Object.entries(properties).sort())] as const,
    ),
  );
  return new Map([...modules.map(({ name, module }) => [name, module] as const), ...endpoints]);
}
