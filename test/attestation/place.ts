import { resolve } from "node:path";
import { build } from "esbuild";
import { IN_CCF } from "../../build/application.js";
import { models } from "../../build/models.js";
import type { Bundle, Endpoints } from "../../client/governance/application.js";
import { getServiceInfo, openService } from "../../client/governance/service.js";
import type { Answer } from "../support/answer.js";
import { built, founded, setApplication, type Consortium } from "../support/consortium.js";
import { directly } from "../support/direct.js";
import { agree, setContract, type Party } from "../support/party.js";
import { patience } from "../support/patience.js";
import { setCleanRoomPolicy } from "../support/cleanRoom.js";

const root = resolve(import.meta.dirname, "../..");
const endpoint = { authn_policies: ["no_auth"], forwarding_required: "always", interpreter_reuse: { key: "probes" }, openapi: {} };
const probe = (js_function: string) => ({ ...endpoint, mode: "readwrite", js_module: "probes.js", js_function });

const endpoints: Endpoints = {
  ...Object.fromEntries(
    ["evidence", "room", "signed", "release"].map((name) => [`/probes/{contractId}/${name}`, { post: probe(name) }]), // prettier-ignore
  ),
  "/base64/decode": { post: probe("decode") },
  "/base64/encode": { post: probe("encode") },
};

/** The application that was built, and the probes beside it. */
async function withProbes(): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [resolve(import.meta.dirname, "probes.ts")],
    ...IN_CCF,
    plugins: [models(root)],
  });
  const { metadata, modules } = await built.bundle();
  return {
    metadata: { endpoints: { ...metadata.endpoints, ...endpoints } },
    modules: [...modules, { name: "probes.js", module: outputFiles[0]?.text ?? "" }],
  };
}

export type ProbedPlace = Consortium<"alice" | "bob"> & {
  /** A request without a certificate. */
  readonly call: (method: "GET" | "POST" | "PUT", path: string, body?: unknown) => Promise<Answer>;
  /** Has the members agree on a contract and on the claims of its clean rooms. */
  readonly contract: (id: string, claims?: Readonly<Record<string, unknown>>) => Promise<void>;
};

/** A service with a virtual TEE that runs the probes as well. */
export async function probed(end: (stop: () => Promise<void>) => void): Promise<ProbedPlace> {
  const { place, members } = await founded({ alice: {}, bob: {} }, end, { virtualTee: true });
  const both: [Party, Party] = [members.alice, members.bob];
  await agree(both, patience);
  await agree(both, setApplication(await withProbes()), openService(await getServiceInfo(members.alice.session)));
  const nobody = directly(place.service, place.stranger("nobody"));
  return {
    place,
    members,
    call: (method, path, body) => nobody.call(method, path, body),
    contract: async (id, claims) => {
      await agree(both, setContract(id));
      if (claims) await agree(both, setCleanRoomPolicy(id, claims));
    },
  };
}
