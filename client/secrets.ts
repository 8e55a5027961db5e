import { getJson, path, write, type Session } from "./session.js";

export type Secret = {
  /** By which clean rooms of the contract ask for it. */
  readonly secretId: string;
};

/** Keeps a value that only clean rooms of the contract are given. @throws ServiceError ContractNotFound (404), ValueTooLarge (400) */
export function putSecret(session: Session, contractId: string, name: string, value: string): Promise<Secret> {
  return write(session, "PUT", path`/app/contracts/${contractId}/secrets/${name}`, { value });
}

/** The ids of all secrets of a contract, whoever wrote them. */
export function listSecrets({ transport }: Session, contractId: string): Promise<{ readonly value: readonly Secret[] }> {
  return getJson(transport, path`/app/contracts/${contractId}/secrets`);
}
