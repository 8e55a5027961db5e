import { requireId, userName } from "../../gov/ids.js";
import { tables, type Tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/users. */
export function listUsers({ tx }: EndpointCall): HttpResponse {
  const t = tables(tx);
  return json(200, { value: t.userCerts.entries().map(([id, certificate]) => describe(t, id, certificate)) });
}

/** GET /service/users/{userId}. @throws CcfError InvalidResourceName, ResourceNotFound */
export function getUser({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.userId, "user");
  const t = tables(tx);
  const certificate = t.userCerts.get(id);
  if (certificate === undefined) throw new CcfError("ResourceNotFound", `User ${userName(id)} does not exist.`);
  return json(200, describe(t, id, certificate));
}

// `userData` is the whole row, with its `user_data`: so CCF has it.
const describe = ({ userInfo }: Tables, userId: string, certificate: string): object => ({
  certificate,
  userData: userInfo.get(userId) ?? null,
  userId,
});
