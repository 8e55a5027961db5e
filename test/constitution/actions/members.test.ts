import { expect, test } from "vitest";
import { newCertificate } from "../certificates.js";
import { GovernedService } from "../service.js";

const info = (service: GovernedService, name: string) => service.read(({ memberInfo }) => memberInfo.get(service.id(name)));
const set = (args: object) => ({ name: "set_member", args });
const remove = (service: GovernedService, name: string) => ({ name: "remove_member", args: { member_id: service.id(name) } });

test("a new member is accepted, and is to acknowledge the state that the ledger was last signed in", async () => {
  const service = await GovernedService.start({ isv: {} });
  const root = "ab".repeat(32);
  service.change((tx) => {
    tx.table("public:ccf.internal.signatures").set(new Uint8Array(8), Buffer.from(JSON.stringify({ root })));
  });
  const { certificate, encryptionKey, id } = service.person("tdp");
  const member_data = { identifier: "tdp", tenantId: null, isOperator: "false" };
  service.pass(["isv"], set({ cert: certificate, member_data, encryption_pub_key: encryptionKey, recovery_role: "Owner" }));
  expect(info(service, "tdp")).toEqual({ status: "Accepted", member_data, recovery_role: "Owner" });
  service.read(({ memberCerts, memberEncryptionKeys, memberAcks }) => {
    expect(memberCerts.get(id)).toBe(certificate);
    expect(memberEncryptionKeys.get(id)).toBe(encryptionKey);
    expect(memberAcks.get(id)).toEqual({ state_digest: root });
  });
});

test("an existing member is replaced, and must acknowledge anew", async () => {
  const service = await GovernedService.start({ isv: {}, tdp: { data: { old: true }, recovers: true } });
  service.pass(["isv", "tdp"], set({ cert: service.person("tdp").certificate, encryption_pub_key: null }));
  expect(info(service, "tdp")).toEqual({ status: "Accepted" });
  expect(service.read(({ memberEncryptionKeys }) => memberEncryptionKeys.has(service.id("tdp")))).toBe(false);
});

test("a member is removed with all that is his, and a stranger's removal does nothing", async () => {
  const service = await GovernedService.start({ isv: {}, tdp: {} });
  service.pass(["isv", "tdp"], remove(service, "tdp"), remove(service, "stranger"));
  const id = service.id("tdp");
  service.read(({ memberCerts, memberInfo, memberAcks }) => {
    expect([memberCerts.has(id), memberInfo.has(id), memberAcks.has(id)]).toEqual([false, false, false]);
    expect(memberInfo.keys()).toEqual([service.id("isv")]);
  });
});

test("a recovery member is removed only while enough others are left, and new shares are issued then", async () => {
  const service = await GovernedService.start({ isv: { recovers: true }, tdp: { recovers: true } });
  service.change((tx) => {
    tx.table("public:ccf.gov.service.info").set(
      new Uint8Array(8),
      Buffer.from(JSON.stringify({ cert: service.identity.serviceCertificate, status: "Open" })),
    );
  });
  service.pass(["isv", "tdp"], remove(service, "tdp"));
  expect(Object.keys(service.read(({ recoveryShares }) => recoveryShares.get()?.encrypted_shares ?? {}))).toEqual([service.id("isv")]);
  const { id } = service.propose("isv", remove(service, "isv"));
  expect(() => service.vote("isv", id, "yes")).toThrow("0 recovery members would be left, but the threshold is 1");
  expect(info(service, "isv")).toMatchObject({ status: "Active" });
});

test("a member's data are replaced, and nothing else of him", async () => {
  const service = await GovernedService.start({ isv: { data: { identifier: "isv", kept: 1 } } });
  service.pass(["isv"], { name: "set_member_data", args: { member_id: service.id("isv"), member_data: { tenantId: "t" } } });
  expect(info(service, "isv")).toEqual({ status: "Active", member_data: { tenantId: "t" } });
  const { id } = service.propose("isv", { name: "set_member_data", args: { member_id: service.id("nobody"), member_data: {} } });
  expect(() => service.vote("isv", id, "yes")).toThrow(`there is no member ${service.id("nobody")}`);
});

test("a member is described without ambiguity", async () => {
  const service = await GovernedService.start({ isv: {} });
  const { certificate, key } = newCertificate("x");
  const { encryptionKey } = service.person("x");
  const refused = [
    [{}, "cert is missing"],
    [{ cert: "" }, "cert must be one PEM certificate"],
    [{ cert: encryptionKey }, "cert must be one PEM certificate"],
    [{ cert: `${certificate}${certificate}` }, "cert must be one PEM certificate"],
    [{ cert: `${certificate}${key}` }, "cert must be one PEM certificate"],
    [{ cert: certificate, member_data: [] }, "member_data must be an object"],
    [{ cert: certificate, member_data: { isOperator: "yes" } }, "member_data.isOperator must be true or false"],
    [{ cert: certificate, member_data: { isRecoveryOperator: 1 } }, "member_data.isRecoveryOperator must be true or false"],
    [{ cert: certificate, member_data: { cgsRoles: true } }, "member_data.cgsRoles must be an object"],
    [{ cert: certificate, member_data: { cgsRoles: { cgsOperator: {} } } }, "member_data.cgsRoles.cgsOperator must be true or false"],
    [{ cert: certificate, encryption_pub_key: certificate }, "encryption_pub_key must be an RSA public key"],
    [{ cert: certificate, encryption_pub_key: "key" }, "encryption_pub_key must be an RSA public key"],
    [{ cert: certificate, recovery_role: "Owner" }, "recovery_role needs an encryption_pub_key"],
    [
      { cert: certificate, encryption_pub_key: encryptionKey, recovery_role: "owner" },
      "recovery_role must be one of NonParticipant, Participant, Owner",
    ],
    [{ cert: certificate, memberData: {} }, "memberData is unknown"],
  ] as const;
  for (const [args, problem] of refused) expect(service.problems(set(args))).toContain(problem);
  const stock = { identifier: "m", cgsRoles: { cgsOperator: "true", contractOperator: "false" }, isOperator: true };
  expect(service.problems(set({ cert: certificate, member_data: stock }))).toBe("");
  expect(service.problems({ name: "remove_member", args: { member_id: "AB".repeat(32) } })).toContain("64 lower-case hexadecimal digits");
});
