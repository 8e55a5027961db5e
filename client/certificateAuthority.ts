import type { Action } from "./governance/proposal.js";
import { getJson, path, write, type Session } from "./session.js";
import { whileTooLong } from "./tooLong.js";

/** The certificate authority of a contract, for the servers in its clean rooms. */
export type CertificateAuthority = {
  readonly enabled: boolean;
  /** Open proposals to enable it or to rotate its key. */
  readonly proposalIds: readonly string[];
  /** PEM */
  readonly caCert?: string;
  /** PEM */
  readonly publicKey?: string;
  /** PEM, the oldest first. */
  readonly previousCaCerts?: readonly string[];
};

export function getCertificateAuthority({ transport }: Session, contractId: string): Promise<CertificateAuthority> {
  return getJson(transport, path`/app/contracts/${contractId}/ca/info`);
}

/** Has the service make the key that governance asked for; asked again, it changes nothing. @throws ServiceError CANotEnabled (405) */
export function generateCaKey(session: Session, contractId: string): Promise<{ readonly requestId: string }> {
  return whileTooLong(() => write(session, "POST", path`/app/contracts/${contractId}/ca/generateSigningKey`));
}

export function enableCa(contractId: string): Action {
  return { name: "enable_ca", args: { contractId } };
}

export function rotateCaKey(contractId: string): Action {
  return { name: "ca_enable_rotate_signing_key", args: { contractId } };
}
