import type { Request, Response } from "@microsoft/ccf-app/endpoints.js";
import type { Shape, Validator } from "../model/schema.js";
import { readJson } from "./body.js";
import { type CallerBy, callerOf, type Policy, requireActive, requireIntroduction } from "./caller.js";
import { ApiError } from "./errors.js";
import { parseQuery } from "./query.js";

/** What an operation takes and gives. The build makes the OpenAPI text from it. */
export type Spec<Params, Query, Body, Result, P extends Policy> = {
  readonly params?: Validator<Params>;
  /** Parameters that the schema does not name are ignored: stock clients append `api-version`. */
  readonly query?: Validator<Query>;
  /** Without it the body is not looked at. */
  readonly body?: Validator<Body>;
  /**
   * Members and users are known by their certificates, anybody else by evidence in the body: of callers with a certificate the body is
   * not looked at, and is undefined.
   */
  readonly certificateOrBody?: true;
  readonly returns?: Shape<Result>;
  /** The status of an answer that is not an `Answer`; 200 when absent. */
  readonly status?: 204;
  /** The answer may be 202 with `retry-after`: the node is still fetching that part of the ledger. */
  readonly pending?: true;
  /** The policies of `app.json` that the operation is written for; all when absent. */
  readonly callers?: readonly P[];
  /** Members must be active: said by every operation that writes on behalf of a member. */
  readonly activeMembers?: true;
};

export type Input<Params, Query, Body, P extends Policy> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: CallerBy<P>;
};

/** An answer with a status or headers of its own. */
export class Answer<Result> {
  constructor(
    readonly status: number,
    readonly body?: Result,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/**
 * Reads a part of the request and checks it. A part without a schema is not read; its type is `unknown`.
 *
 * @throws ApiError InvalidInput with the path of what is wrong
 */
export function accepted<T>(place: string, validator: Validator<T> | undefined, read: () => unknown): T {
  const value = validator && read();
  if (!validator || validator(value)) return value as T;
  const [violation] = validator.errors ?? [];
  throw new ApiError("InvalidInput", `${place}${violation?.instancePath ?? ""} ${violation?.message ?? "is not accepted"}`);
}

function responseOf(result: unknown, statusCode: number): Response {
  if (result instanceof Answer) return { statusCode: result.status, headers: result.headers, body: result.body as unknown };
  return { statusCode, body: result };
}

/**
 * Makes the endpoint of an operation: the one way in, the one way out.
 *
 * Finds the caller, checks path, query and body against their schemas, and answers an `ApiError` as `{"error":{"code","message"}}`.
 * Any other exception is a defect of ours and is left to CCF, which answers 500 and drops the writes.
 *
 * @param run returns the body, or nothing for an empty answer, or an `Answer`
 */
export function handler<Params, Query, Body, Result = void, P extends Policy = Policy>(
  spec: Spec<Params, Query, Body, Result, P>,
  run: (input: Input<Params, Query, Body, P>) => NoInfer<Result> | Answer<NoInfer<Result>>,
) {
  const endpoint = (request: Request): Response => {
    try {
      const caller = callerOf(request, spec.callers);
      if (spec.activeMembers) requireActive(caller);
      if (spec.callers && spec.callers.length > 1) requireIntroduction(request, caller);
      const params = accepted("path", spec.params, () => request.params);
      const query = accepted("query", spec.query, () => parseQuery(request.query));
      const known = spec.certificateOrBody && caller.policy !== "no_auth";
      const body = accepted("body", known ? undefined : spec.body, () => readJson(request.body));
      return responseOf(run({ caller, params, query, body }), spec.status ?? 200);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { statusCode: error.status, body: { error: { code: error.code, message: error.message } } };
    }
  };
  return Object.assign(endpoint, { spec });
}
