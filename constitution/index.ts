import "./preamble.js";

export { resolve } from "./resolve.js";
export { validate } from "./validate.js";
export { apply } from "./apply.js";

import "./actions/contracts.js";
import "./actions/documents.js";
import "./actions/deployment.js";
import "./actions/policy.js";
import "./actions/options.js";
import "./actions/oidc.js";
import "./actions/signing.js";
import "./actions/ca.js";
import "./actions/members.js";
import "./actions/users.js";
import "./actions/service.js";
import "./actions/recovery.js";
import "./actions/application.js";
import "./actions/nodes.js";
import "./actions/platform.js";
import "./actions/snp.js";
import "./actions/jwt.js";
