import type { Contract } from "../contract.js";
import * as operations from "../operations.js";
import { Refused } from "./refusal.js";

/** A request of the workload. */
export type Asked = {
  readonly contract: Contract;
  /** As the stock sidecar shows them. */
  readonly settings: { readonly ccrgovEndpoint: string; readonly serviceCert: string };
  /** A part of the path. */
  readonly part: (name: string) => string;
  /** A parameter of the query; undefined where it is missing or empty. */
  readonly query: (name: string) => string | undefined;
  /** The text of the body, which is JSON. @throws Refused */
  readonly json: () => Promise<string>;
};

export type Route = {
  readonly method: "GET" | "POST" | "PUT";
  /** With `{names}` for the parts that vary. */
  readonly path: string;
  /** Its result is sent as JSON; undefined is an empty answer. */
  readonly answer: (asked: Asked) => Promise<unknown>;
};

/** The routes of the sidecar that stock workloads of both generations know. */
export const routes: readonly Route[] = [
  ...operations.consentOptions.map((option) => ({
    method: "POST" as const,
    path: `/consentcheck/${option}`,
    answer: ({ contract }: Asked) => operations.consentCheck(contract, option),
  })),
  {
    method: "POST",
    path: "/oauth/token",
    answer: async ({ contract, query }) => ({
      value: await operations.token(contract, {
        subject: required(query, "sub"),
        tenantId: required(query, "tenantId"),
        audience: required(query, "aud"),
        issuer: query("iss"),
      }),
    }),
  },
  {
    method: "POST",
    path: "/secrets/{secretId}",
    answer: async ({ contract, part }) => ({ value: await operations.secret(contract, part("secretId")) }),
  },
  {
    method: "PUT",
    path: "/secrets/{secretName}",
    answer: async ({ contract, part, json }) => operations.putSecret(contract, part("secretName"), await json()),
  },
  {
    method: "POST",
    path: "/secrets/{secretId}/cleanroompolicy",
    answer: async ({ contract, part, json }) => operations.putDelegate(contract, "secrets", part("secretId"), await json()),
  },
  {
    method: "POST",
    path: "/cleanroompolicy/delegates/{type}/{id}",
    answer: async ({ contract, part, json }) => operations.putDelegate(contract, part("type"), part("id"), await json()),
  },
  {
    method: "PUT",
    path: "/events",
    answer: async ({ contract, query, json }) => operations.putEvent(contract, await json(), { id: query("id"), scope: query("scope") }),
  },
  ...["/documents", "/memberdocuments"].map((path) => ({
    method: "POST" as const,
    path: `${path}/{documentId}`,
    answer: ({ contract, part }: Asked) => operations.document(contract, part("documentId")),
  })),
  {
    method: "POST",
    path: "/signing/sign",
    answer: async ({ contract, json }) => ({ value: await operations.sign(contract, payloadOf(await json())) }),
  },
  { method: "GET", path: "/ca/isEnabled", answer: ({ contract }) => operations.isCaEnabled(contract) },
  {
    method: "POST",
    path: "/ca/generateEndorsedCert",
    answer: async ({ contract, json }) => operations.endorsedCertificate(contract, await json()),
  },
  // The stock sidecar has POST alone.
  ...(["POST", "GET"] as const).map((method) => ({
    method,
    path: "/members",
    answer: ({ contract }: Asked) => operations.members(contract),
  })),
  { method: "GET", path: "/show", answer: ({ settings }) => Promise.resolve(settings) },
];

/** @throws Refused InvalidInput */
function required(query: Asked["query"], name: string): string {
  const value = query(name);
  if (value === undefined) throw new Refused(400, "InvalidInput", `the parameter ${name} is missing`);
  return value;
}

const payloadOf = (json: string): unknown => (JSON.parse(json) as { readonly payload?: unknown } | null)?.payload;
