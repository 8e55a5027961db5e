import type { Body } from "@microsoft/ccf-app/endpoints.js";
import { problemWithJson } from "../encoding/json.js";
import { ApiError } from "./errors.js";

/** @throws ApiError InvalidInput for anything but a JSON document of reasonable depth that can be stored as it is */
export function readJson(body: Body): unknown {
  let value: unknown;
  try {
    value = body.json();
  } catch {
    throw new ApiError("InvalidInput", "body is not JSON");
  }
  const problem = problemWithJson(value);
  if (problem !== undefined) throw new ApiError("InvalidInput", `body ${problem}`);
  return value;
}
