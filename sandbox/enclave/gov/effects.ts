import type { GovernanceEffects } from "../js/host.js";
import { InternalError } from "../js/values.js";
import type { Transaction } from "../kv/transaction.js";
import type { GovernanceContext } from "./context.js";
import { removeJwtKeys, setJwtKeys } from "./jwtKeys.js";
import { openService } from "./opening.js";
import { issueRecoveryShares } from "./shares.js";
import { tables } from "./tables.js";

/** What `apply` can cause in this service, within the transaction that applies the proposal. Failures read as CCF words them. */
export function governanceEffects(context: GovernanceContext, tx: Transaction): GovernanceEffects {
  const { identity } = context;
  return {
    transitionServiceToOpen: (previous, next) => {
      attempt("Unable to open service", () => {
        openService(context, tx, previous, next);
      });
    },

    // The members who are left get shares of their own. Unlike in CCF, a threshold of *old* shares still opens the later secrets too,
    // since one secret of the identity wraps them all.
    triggerLedgerRekey: () => {
      attempt("Failed to rekey ledger", () => {
        identity.secrets.rekey(tx);
        if (tables(tx).serviceInfo.get()?.status === "Open") issueRecoveryShares(context, tx);
      });
    },

    triggerRecoverySharesRefresh: () => {
      attempt("Unable to trigger recovery shares refresh", () => {
        issueRecoveryShares(context, tx);
      });
    },

    triggerLedgerChunk: () => {
      context.requestLedgerChunk(tx);
    },

    // No effect: the service starts by replaying its ledger and takes no snapshots.
    triggerSnapshot: () => undefined,

    // No effect: no interface of this service uses ACME.
    triggerAcmeRefresh: () => undefined,

    latestLedgerSecretSeqno: () => identity.secrets.latestSeqno,

    generateEndorsedCertificate: (csr, validFrom, days) =>
      attempt("Failed to create endorsed cert", () => identity.endorse(csr, validFrom, days)),

    generateNetworkCertificate: (validFrom, days) => attempt("Error", () => identity.selfSigned(validFrom, days)),

    setJwtPublicSigningKeys: (issuer, _metadata, jwks) => {
      attempt("set_jwt_public_signing_keys() failed", () => {
        setJwtKeys(tx, issuer, jwks);
      });
    },

    removeJwtPublicSigningKeys: (issuer) => {
      removeJwtKeys(tx, issuer);
    },
  };
}

/** A failed effect is QuickJS's InternalError in the guest, which may catch it. */
function attempt<T>(what: string, effect: () => T): T {
  try {
    return effect();
  } catch (error) {
    throw new InternalError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
