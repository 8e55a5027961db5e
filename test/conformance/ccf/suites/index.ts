import type { Suite } from "../suite.js";
import { appAuthn } from "./app-authn.js";
import { appCryptoApi } from "./app-crypto-api.js";
import { appFlows } from "./app-flows.js";
import { appKvAndTx } from "./app-kv-and-tx.js";
import { appRoutingAndRequest } from "./app-routing-and-request.js";
import { constitutionSandbox } from "./constitution-sandbox.js";
import { govCoseAuth } from "./gov-cose-auth.js";
import { govMembersAndService } from "./gov-members-and-service.js";
import { govProposals } from "./gov-proposals.js";
import { historicalAndReceipts } from "./historical-and-receipts.js";
import { nodeEndpoints } from "./node-endpoints.js";
import { serviceOpening } from "./service-opening.js";
import { snp } from "./snp.js";

/** The one that starts from a fresh service comes first: on a service that all share, there is no other chance. */
export const suites: readonly Suite[] = [
  serviceOpening,
  appAuthn,
  appCryptoApi,
  appFlows,
  appKvAndTx,
  appRoutingAndRequest,
  constitutionSandbox,
  govCoseAuth,
  govMembersAndService,
  govProposals,
  historicalAndReceipts,
  nodeEndpoints,
  snp,
];
