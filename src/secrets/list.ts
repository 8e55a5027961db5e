import { handler } from "../http/handler.js";
import { paged } from "../http/page.js";
import { keysOf } from "../kv/rows.js";
import { secrets } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { PageQuery } from "../model/page.js";
import { SecretList } from "../model/secret.js";
import { secretId } from "./id.js";

/** GET /contracts/{contractId}/secrets: the ids of the secrets, in ascending order; with `limit`, a page of them. No value is read. */
export const listSecrets = handler(
  { params: ContractPath, query: PageQuery, returns: SecretList },
  ({ params: { contractId }, query: { limit, after } }) => {
    const ids = keysOf(secrets(contractId)).map(secretId);
    return paged(ids, { limit, after }, `/app/contracts/${contractId}/secrets`, (id) => ({ secretId: id }));
  },
);
