// Conformance constitution, part 1: table helpers and actions.
// Written for the conformance pack from the public description of the governance tables.

const ONE_ROW = new ArrayBuffer(8); // key of tables that hold one value

function gov(table) {
  return ccf.kv["public:ccf.gov." + table];
}
function readRow(table, key) {
  const raw = gov(table).get(key);
  return raw === undefined ? undefined : ccf.bufToJsonCompatible(raw);
}
function writeRow(table, key, value) {
  gov(table).set(key, ccf.jsonCompatibleToBuf(value));
}
function need(cond, text) {
  if (!cond) throw new Error(text);
}
function needString(v, what) {
  need(typeof v === "string", what + " must be a string");
}
function needHexId(v, what) {
  needString(v, what);
  need(/^[0-9a-fA-F]{64}$/.test(v), what + " must be 64 hexadecimal characters");
}
function needCert(v, what) {
  needString(v, what);
  need(ccf.crypto.isValidX509CertBundle(v), what + " must be a PEM certificate");
}
function slashed(p) {
  return p.startsWith("/") ? p : "/" + p;
}
function activeRecoveryMembers() {
  let count = 0;
  gov("members.encryption_public_keys").forEach((_, id) => {
    const info = readRow("members.info", id);
    if (info && info.status === "Active") count += 1;
  });
  return count;
}
function dropOtherOpenProposals(keepId) {
  const all = gov("proposals_info");
  all.forEach((value, key) => {
    const info = ccf.bufToJsonCompatible(value);
    if (info.state === "Open" && ccf.bufToStr(key) !== keepId) {
      info.state = "Dropped";
      all.set(key, ccf.jsonCompatibleToBuf(info));
    }
  });
}

const ACTIONS = {
  set_member: {
    check(a) {
      needCert(a.cert, "cert");
      if (a.encryption_pub_key !== undefined && a.encryption_pub_key !== null) needString(a.encryption_pub_key, "encryption_pub_key");
    },
    run(a) {
      const id = ccf.strToBuf(ccf.pemToId(a.cert));
      gov("members.certs").set(id, ccf.strToBuf(a.cert));
      if (a.encryption_pub_key) gov("members.encryption_public_keys").set(id, ccf.strToBuf(a.encryption_pub_key));
      else gov("members.encryption_public_keys").delete(id);
      writeRow("members.info", id, { status: "Accepted", member_data: a.member_data, recovery_role: a.recovery_role });
      const sig = ccf.kv["public:ccf.internal.signatures"].get(ONE_ROW);
      if (sig !== undefined) writeRow("members.acks", id, { state_digest: ccf.bufToJsonCompatible(sig).root });
    },
  },
  remove_member: {
    check(a) {
      needHexId(a.member_id, "member_id");
    },
    run(a) {
      const id = ccf.strToBuf(a.member_id);
      const info = readRow("members.info", id);
      if (info === undefined) return;
      const holdsShare = info.status === "Active" && gov("members.encryption_public_keys").has(id);
      if (holdsShare) {
        const threshold = readRow("service.config", ONE_ROW).recovery_threshold;
        need(activeRecoveryMembers() - 1 >= threshold, "too few recovery members would be left");
      }
      for (const t of ["members.info", "members.certs", "members.encryption_public_keys", "members.acks", "history"]) gov(t).delete(id);
      if (holdsShare) ccf.node.triggerLedgerRekey();
    },
  },
  set_member_data: {
    check(a) {
      needHexId(a.member_id, "member_id");
    },
    run(a) {
      const id = ccf.strToBuf(a.member_id);
      const info = readRow("members.info", id);
      need(info !== undefined, "no such member: " + a.member_id);
      info.member_data = a.member_data;
      writeRow("members.info", id, info);
    },
  },
  set_user: {
    check(a) {
      needCert(a.cert, "cert");
    },
    run(a) {
      const id = ccf.strToBuf(ccf.pemToId(a.cert));
      gov("users.certs").set(id, ccf.strToBuf(a.cert));
      if (a.user_data !== undefined && a.user_data !== null) writeRow("users.info", id, { user_data: a.user_data });
      else gov("users.info").delete(id);
    },
  },
  remove_user: {
    check(a) {
      needHexId(a.user_id, "user_id");
    },
    run(a) {
      const id = ccf.strToBuf(a.user_id);
      gov("users.certs").delete(id);
      gov("users.info").delete(id);
    },
  },
  set_user_data: {
    check(a) {
      needHexId(a.user_id, "user_id");
    },
    run(a) {
      writeRow("users.info", ccf.strToBuf(a.user_id), { user_data: a.user_data });
    },
  },
  set_js_app: {
    check(a) {
      need(a.bundle && typeof a.bundle === "object", "bundle must be an object");
      need(Array.isArray(a.bundle.modules), "bundle.modules must be an array");
      const names = a.bundle.modules.map((m) => {
        needString(m.name, "module name");
        needString(m.module, "module text");
        return slashed(m.name);
      });
      need(a.bundle.metadata && typeof a.bundle.metadata.endpoints === "object", "bundle.metadata.endpoints must be an object");
      for (const [url, verbs] of Object.entries(a.bundle.metadata.endpoints)) {
        for (const [verb, e] of Object.entries(verbs)) {
          needString(e.js_module, url + " " + verb + " js_module");
          needString(e.js_function, url + " " + verb + " js_function");
          need(names.includes(slashed(e.js_module)), url + " " + verb + ": module " + e.js_module + " not in bundle");
        }
      }
    },
    run(a) {
      const modules = gov("modules");
      modules.clear();
      for (const m of a.bundle.modules) modules.set(ccf.strToBuf(slashed(m.name)), ccf.strToBuf(m.module));
      const endpoints = gov("endpoints");
      endpoints.clear();
      for (const [url, verbs] of Object.entries(a.bundle.metadata.endpoints)) {
        for (const [verb, e] of Object.entries(verbs)) {
          const props = Object.assign({}, e, { js_module: slashed(e.js_module) });
          endpoints.set(ccf.strToBuf(verb.toUpperCase() + " " + url), ccf.jsonCompatibleToBuf(props));
        }
      }
      gov("modules_quickjs_bytecode").clear();
      gov("modules_quickjs_version").clear();
      if (!a.disable_bytecode_cache) ccf.refreshAppBytecodeCache();
      writeRow("interpreter.flush", ONE_ROW, true);
    },
  },
  remove_js_app: {
    check() {},
    run() {
      for (const t of ["modules", "endpoints", "modules_quickjs_bytecode", "modules_quickjs_version"]) gov(t).clear();
    },
  },
  set_js_runtime_options: {
    check(a) {
      for (const k of ["max_heap_bytes", "max_stack_bytes", "max_execution_time_ms"]) {
        need(a[k] === undefined || Number.isInteger(a[k]), k + " must be an integer");
      }
    },
    run(a) {
      writeRow("js_runtime_options", ONE_ROW, a);
    },
  },
  set_constitution: {
    check(a) {
      needString(a.constitution, "constitution");
    },
    run(a, id) {
      gov("constitution").set(ONE_ROW, ccf.jsonCompatibleToBuf(a.constitution));
      dropOtherOpenProposals(id);
    },
  },
  transition_service_to_open: {
    check(a) {
      needCert(a.next_service_identity, "next_service_identity");
    },
    run(a) {
      const prev = a.previous_service_identity;
      ccf.node.transitionServiceToOpen(prev === undefined ? undefined : ccf.strToBuf(prev), ccf.strToBuf(a.next_service_identity));
    },
  },
  set_jwt_issuer: {
    check(a) {
      needString(a.issuer, "issuer");
    },
    run(a) {
      const meta = { auto_refresh: a.auto_refresh === undefined ? false : a.auto_refresh };
      if (a.ca_cert_bundle_name !== undefined) meta.ca_cert_bundle_name = a.ca_cert_bundle_name;
      if (a.jwks) ccf.setJwtPublicSigningKeys(a.issuer, meta, a.jwks);
      writeRow("jwt.issuers", ccf.strToBuf(a.issuer), meta);
    },
  },
  set_jwt_public_signing_keys: {
    check(a) {
      needString(a.issuer, "issuer");
      need(a.jwks && typeof a.jwks === "object", "jwks must be an object");
    },
    run(a) {
      const meta = readRow("jwt.issuers", ccf.strToBuf(a.issuer));
      need(meta !== undefined, "unknown issuer " + a.issuer);
      ccf.setJwtPublicSigningKeys(a.issuer, meta, a.jwks);
    },
  },
  remove_jwt_issuer: {
    check(a) {
      needString(a.issuer, "issuer");
    },
    run(a) {
      const id = ccf.strToBuf(a.issuer);
      if (!gov("jwt.issuers").has(id)) return;
      gov("jwt.issuers").delete(id);
      ccf.removeJwtPublicSigningKeys(a.issuer);
    },
  },
  set_ca_cert_bundle: {
    check(a) {
      needString(a.name, "name");
      needCert(a.cert_bundle, "cert_bundle");
    },
    run(a) {
      writeRow("tls.ca_cert_bundles", ccf.strToBuf(a.name), a.cert_bundle);
    },
  },
  remove_ca_cert_bundle: {
    check(a) {
      needString(a.name, "name");
    },
    run(a) {
      gov("tls.ca_cert_bundles").delete(ccf.strToBuf(a.name));
    },
  },
  set_recovery_threshold: {
    check(a) {
      need(
        Number.isInteger(a.recovery_threshold) && a.recovery_threshold > 0 && a.recovery_threshold < 256,
        "recovery_threshold must be an integer from 1 to 255",
      );
    },
    run(a) {
      const config = readRow("service.config", ONE_ROW);
      const service = readRow("service.info", ONE_ROW);
      if (service.status === "Open")
        need(a.recovery_threshold <= activeRecoveryMembers(), "threshold above the number of recovery members");
      config.recovery_threshold = a.recovery_threshold;
      writeRow("service.config", ONE_ROW, config);
      ccf.node.triggerRecoverySharesRefresh();
    },
  },

  // ---- test actions
  // Does nothing.
  noop: { check() {}, run() {} },
  // Runs the given code in validate (phase "validate"), in resolve ("resolve") or in apply ("apply").
  // The function gets (args, proposalId) in apply, (args) in validate, and all arguments of resolve in resolve.
  test_eval: {
    check(a) {
      needString(a.phase, "phase");
      needString(a.code, "code");
      if (a.phase === "validate") return new Function("args", a.code)(a);
    },
    run(a, proposalId) {
      if (a.phase === "apply") new Function("args", "proposalId", a.code)(a, proposalId);
    },
  },
  // Leaves a row in public:ccf.gov.conf.rows, for checks of rollback and of order.
  test_row: {
    check(a) {
      needString(a.key, "key");
    },
    run(a, proposalId) {
      writeRow("conf.rows", ccf.strToBuf(a.key), { value: a.value === undefined ? null : a.value, proposalId });
    },
  },
  // Fails in apply.
  test_fail: {
    check() {},
    run(a) {
      throw new Error(a && a.text ? a.text : "test_fail");
    },
  },
};
