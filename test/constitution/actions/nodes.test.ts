import { X509Certificate } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { newSigningRequest } from "../certificates.js";
import { GovernedService } from "../service.js";

const CSR = newSigningRequest("node");
const NODE = "1".repeat(64);
const FROM = "20260102030405Z";
let service: GovernedService;

beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
});

const join = (status: string, certificate_signing_request: string | undefined = CSR) => {
  service.change((tx) => {
    const row = Buffer.from(JSON.stringify({ status, quote_info: { format: "Insecure_Virtual" }, certificate_signing_request }));
    tx.table("public:ccf.gov.nodes.info").set(Buffer.from(NODE), row);
  });
};
const node = () => service.row("public:ccf.gov.nodes.info", NODE);
const certificate = () => new X509Certificate(service.read(({ nodeCertificates }) => nodeCertificates.get(NODE)) ?? "");
const pass = (name: string, args: object) => service.pass(["isv"], { name, args });
const days = ({ validFrom, validTo }: X509Certificate) => Math.round((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000);

test("a node that asked to join is trusted, and gets a certificate", () => {
  join("Pending");
  pass("transition_node_to_trusted", { node_id: NODE, valid_from: FROM, validity_period_days: 30 });
  expect(node()).toMatchObject({
    status: "Trusted",
    ledger_secret_seqno: service.identity.secrets.latestSeqno,
    quote_info: { format: "Insecure_Virtual" },
  });
  expect(days(certificate())).toBe(30);
});

test("a node that is trusted already, or retired, stays as it is", () => {
  for (const status of ["Trusted", "Retired"]) {
    join(status);
    const before = node();
    pass("transition_node_to_trusted", { node_id: NODE, valid_from: FROM });
    expect(node()).toEqual(before);
  }
});

test("a node that waits is forgotten, one that runs is retired, and one that is not there makes no difference", () => {
  join("Pending");
  pass("remove_node", { node_id: NODE });
  expect(node()).toBeUndefined();
  join("Trusted");
  pass("remove_node", { node_id: NODE });
  expect(node()).toMatchObject({ status: "Retired" });
  pass("remove_node", { node_id: "2".repeat(64) });
});

test("a node's data are replaced by any JSON", () => {
  join("Trusted");
  pass("set_node_data", { node_id: NODE, node_data: ["rack", 7] });
  expect(node()).toMatchObject({ status: "Trusted", node_data: ["rack", 7] });
  pass("set_node_data", { node_id: NODE, node_data: null });
  expect(node()).toMatchObject({ node_data: null });
});

test("certificates of nodes are renewed, one or all, for as long as the service allows", () => {
  join("Trusted");
  pass("set_node_certificate_validity", { node_id: NODE, valid_from: FROM, validity_period_days: 90 });
  expect(days(certificate())).toBe(90);
  service.change((tx) => {
    tx.table("public:ccf.gov.nodes.info").delete(Buffer.from(service.identity.nodeId));
  });
  pass("set_all_nodes_certificate_validity", { valid_from: FROM });
  expect(days(certificate())).toBe(365);
  expect(() => {
    pass("set_node_certificate_validity", { node_id: NODE, valid_from: FROM, validity_period_days: 366 });
  }).toThrow("validity_period_days 366 is more than the 365 that the service allows");
});

test("only trusted nodes with a signing request get a certificate", () => {
  const renew = () => pass("set_node_certificate_validity", { node_id: NODE, valid_from: FROM });
  expect(renew).toThrow(`there is no node ${NODE}`);
  join("Pending");
  expect(renew).toThrow(`the node ${NODE} is not trusted`);
  service.change((tx) => {
    tx.table("public:ccf.gov.nodes.info").set(Buffer.from(NODE), Buffer.from('{"status":"Trusted"}'));
  });
  expect(renew).toThrow(`the node ${NODE} has no certificate signing request`);
});

test("the certificate of the service is renewed", () => {
  pass("set_service_certificate_validity", { valid_from: FROM, validity_period_days: 10 });
  const cert = new X509Certificate(service.read(({ serviceInfo }) => serviceInfo.get()?.cert) ?? "");
  expect(days(cert)).toBe(10);
  expect(cert.publicKey.equals(new X509Certificate(service.identity.serviceCertificate).publicKey)).toBe(true);
  expect(service.read(({ serviceInfo }) => serviceInfo.get()?.status)).toBe("Opening");
});

test.each([
  ["remove_node", { node_id: "n" }, "node_id must be 64 lower-case hexadecimal digits"],
  ["transition_node_to_trusted", { node_id: NODE }, "valid_from is missing"],
  ["set_service_certificate_validity", { valid_from: FROM, validity_period_days: 0 }, "validity_period_days must be an integer from 1"],
  ["set_node_data", { node_id: NODE }, "node_data is missing"],
])("%s %j: %s", (name, args, problem) => {
  expect(service.problems({ name, args })).toContain(problem);
});
