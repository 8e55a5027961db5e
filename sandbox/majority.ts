/**
 * The constitution of a sandbox that was given none: a proposal is accepted when more than half of the active members are in favour, and
 * rejected when half of them or more are against.
 *
 * It has the actions that it takes to try out an application, and checks little. It is no constitution for a network, and a test against
 * it says nothing about what the constitution of a network allows.
 */
export const MAJORITY_CONSTITUTION = `
const gov = (name) => ccf.kv["public:ccf.gov." + name];
const ONLY = new ArrayBuffer(8); // the key of tables that hold one value
const text = ccf.strToBuf, json = ccf.jsonCompatibleToBuf, read = ccf.bufToJsonCompatible;
const rooted = (path) => (path.startsWith("/") ? path : "/" + path);

function requireCertificate(pem) {
  if (typeof pem !== "string" || !ccf.crypto.isValidX509CertBundle(pem)) throw new Error("a certificate in PEM form is needed");
}
function removeFrom(tables, id) {
  for (const table of tables) gov(table).delete(text(id));
}
function update(table, key, change) {
  const row = gov(table).get(key);
  if (row === undefined) throw new Error("there is nothing to change in " + table);
  gov(table).set(key, json({ ...read(row), ...change }));
}

const MEMBER_TABLES = ["members.certs", "members.encryption_public_keys", "members.info", "members.acks"];
const APP_TABLES = ["modules", "modules_quickjs_bytecode", "modules_quickjs_version", "endpoints"];

// Name to: what must hold when it is proposed, and what it does.
const ACTIONS = {
  set_member: [({ cert }) => requireCertificate(cert), ({ cert, encryption_pub_key, member_data, recovery_role }) => {
    const id = text(ccf.pemToId(cert));
    gov("members.certs").set(id, text(cert));
    if (encryption_pub_key) gov("members.encryption_public_keys").set(id, text(encryption_pub_key));
    gov("members.info").set(id, json({ status: "Accepted", member_data, recovery_role }));
    const signature = ccf.kv["public:ccf.internal.signatures"].get(ONLY);
    if (signature) gov("members.acks").set(id, json({ state_digest: read(signature).root }));
  }],
  remove_member: [() => {}, ({ member_id }) => removeFrom(MEMBER_TABLES, member_id)],
  set_member_data: [() => {}, ({ member_id, member_data }) => update("members.info", text(member_id), { member_data })],
  set_user: [({ cert }) => requireCertificate(cert), ({ cert, user_data }) => {
    const id = text(ccf.pemToId(cert));
    gov("users.certs").set(id, text(cert));
    if (user_data) gov("users.info").set(id, json({ user_data }));
    else gov("users.info").delete(id);
  }],
  remove_user: [() => {}, ({ user_id }) => removeFrom(["users.certs", "users.info"], user_id)],
  set_user_data: [() => {}, ({ user_id, user_data }) => gov("users.info").set(text(user_id), json({ user_data }))],
  set_js_app: [({ bundle }) => {
    const names = bundle.modules.map(({ name }) => rooted(name));
    for (const [url, verbs] of Object.entries(bundle.metadata.endpoints)) {
      for (const [verb, { js_module }] of Object.entries(verbs)) {
        if (!names.includes(rooted(js_module))) throw new Error(verb + " " + url + ": there is no module " + js_module);
      }
    }
  }, ({ bundle, disable_bytecode_cache }) => {
    for (const table of APP_TABLES) gov(table).clear();
    for (const { name, module } of bundle.modules) gov("modules").set(text(rooted(name)), text(module));
    for (const [url, verbs] of Object.entries(bundle.metadata.endpoints)) {
      for (const [verb, endpoint] of Object.entries(verbs)) {
        gov("endpoints").set(text(verb.toUpperCase() + " " + url), json({ ...endpoint, js_module: rooted(endpoint.js_module) }));
      }
    }
    if (!disable_bytecode_cache) ccf.refreshAppBytecodeCache();
    gov("interpreter.flush").set(ONLY, json(true));
  }],
  remove_js_app: [() => {}, () => APP_TABLES.forEach((table) => gov(table).clear())],
  set_js_runtime_options: [() => {}, (options) => gov("js_runtime_options").set(ONLY, json(options))],
  set_constitution: [() => {}, ({ constitution }) => gov("constitution").set(ONLY, json(constitution))],
  transition_service_to_open: [
    ({ next_service_identity }) => requireCertificate(next_service_identity),
    ({ previous_service_identity: before, next_service_identity: next }) =>
      ccf.node.transitionServiceToOpen(before === undefined ? undefined : text(before), text(next)),
  ],
  set_ca_cert_bundle: [
    ({ cert_bundle }) => requireCertificate(cert_bundle),
    ({ name, cert_bundle }) => gov("tls.ca_cert_bundles").set(text(name), json(cert_bundle)),
  ],
  remove_ca_cert_bundle: [() => {}, ({ name }) => removeFrom(["tls.ca_cert_bundles"], name)],
  set_jwt_issuer: [() => {}, ({ issuer, jwks, ...metadata }) => {
    gov("jwt.issuers").set(text(issuer), json({ auto_refresh: false, ...metadata }));
    if (jwks) ccf.setJwtPublicSigningKeys(issuer, metadata, jwks);
  }],
  set_jwt_public_signing_keys: [() => {}, ({ issuer, jwks }) => {
    const metadata = gov("jwt.issuers").get(text(issuer));
    if (metadata === undefined) throw new Error("there is no issuer " + issuer);
    ccf.setJwtPublicSigningKeys(issuer, read(metadata), jwks);
  }],
  remove_jwt_issuer: [() => {}, ({ issuer }) => {
    removeFrom(["jwt.issuers"], issuer);
    ccf.removeJwtPublicSigningKeys(issuer);
  }],
};

export function validate(input) {
  const problems = [];
  const { actions } = JSON.parse(input);
  if (!Array.isArray(actions)) return { valid: false, description: "a proposal needs a list of actions" };
  for (const { name, args } of actions) {
    try {
      if (!Object.hasOwn(ACTIONS, name)) throw new Error("there is no such action");
      ACTIONS[name][0](args ?? {});
    } catch (error) {
      problems.push(name + ": " + error.message);
    }
  }
  return { valid: problems.length === 0, description: problems.join("; ") };
}

export function resolve(proposal, proposerId, votes) {
  let active = 0;
  gov("members.info").forEach((info) => {
    if (read(info).status === "Active") active += 1;
  });
  const inFavour = votes.filter(({ vote }) => vote).length;
  if (inFavour * 2 > active) return "Accepted";
  return votes.length > inFavour && (votes.length - inFavour) * 2 >= active ? "Rejected" : "Open";
}

export function apply(proposal) {
  for (const { name, args } of JSON.parse(proposal).actions) ACTIONS[name][1](args ?? {});
}
`.trimStart();
