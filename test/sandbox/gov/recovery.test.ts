import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { governanceEffects } from "../../../sandbox/enclave/gov/effects.js";
import { combine, split } from "../../../sandbox/enclave/gov/secretSharing.js";
import { GovernanceService } from "./service.js";
import { person } from "./signing.js";

const recoveryMembers = [1, 2, 3].map((n) => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...person(`recovery${n}`), privateKey, encryptionPublicKey: publicKey.export({ type: "spki", format: "pem" }) as string };
});
const plain = person("plain");

function newService(): GovernanceService {
  return new GovernanceService({ members: [...recoveryMembers, plain] });
}

function open(service: GovernanceService, certificate = service.identity.serviceCertificate): void {
  service.write((tx) => {
    governanceEffects(service.context, tx).transitionServiceToOpen(undefined, certificate);
  });
}

const setThreshold = (service: GovernanceService, recovery_threshold: number): void => {
  service.write((tx) => {
    tx.table("public:ccf.gov.service.config").set(new Uint8Array(8), Buffer.from(JSON.stringify({ recovery_threshold })));
  });
};

const shareOf = (service: GovernanceService, id: string, key: KeyObject): Uint8Array => {
  const { encryptedShare } = service.get(`/recovery/encrypted-shares/${id}`).json as { encryptedShare: string };
  return privateDecrypt({ key, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.from(encryptedShare, "base64"));
};

function recover(service: GovernanceService, shares: readonly Uint8Array[]): Buffer {
  const wrapped = Buffer.from(service.tables.recoveryShares.get()?.wrapped_latest_ledger_secret ?? "", "base64");
  const decipher = createDecipheriv("aes-256-gcm", combine(shares), wrapped.subarray(16, 28)).setAuthTag(wrapped.subarray(0, 16));
  return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
}

describe("opening", () => {
  test("takes as many Active recovery members as the threshold says", () => {
    const service = newService();
    const [first, second, third] = recoveryMembers;
    if (!first || !second || !third) throw new Error("three recovery members");
    for (const member of [plain, first, second]) service.acknowledge(member);
    expect(() => {
      open(service);
    }).toThrow("Unable to open service: Cannot open network as number of active recovery members (2) is less than recovery threshold (3)");
    service.acknowledge(third);
    open(service);
    expect(service.get("/service/info").json).toMatchObject({ status: "Open", previousServiceCreationTransactionId: "2.1" });
  });

  test("takes the current service identity", () => {
    const service = newService();
    for (const member of recoveryMembers) service.acknowledge(member);
    expect(() => {
      open(service, plain.certificate);
    }).toThrow("Unable to open service: Service identity mismatch");
    expect(() => {
      open(service, "no certificate");
    }).toThrow("Unable to open service");
    expect(service.get("/service/info").json).toMatchObject({ status: "Opening" });
  });

  test("needs no recovery members when the threshold is zero", () => {
    const service = new GovernanceService({ members: [plain] });
    open(service);
    expect(service.get("/service/info").json).toMatchObject({ status: "Open", configuration: { recoveryThreshold: 0 } });
    expect(service.tables.recoveryShares.get()).toBeUndefined();
  });
});

describe("the shares of an open service", () => {
  function opened(threshold: number): GovernanceService {
    const service = newService();
    setThreshold(service, threshold);
    for (const member of recoveryMembers) service.acknowledge(member);
    open(service);
    return service;
  }

  test("give back the ledger's secret to any members that reach the threshold, and to no fewer", () => {
    const service = opened(2);
    const [a, b, c] = recoveryMembers.map(({ id, privateKey }) => shareOf(service, id, privateKey));
    if (!a || !b || !c) throw new Error("three shares");
    for (const enough of [
      [a, b],
      [b, c],
      [c, a],
      [a, b, c],
    ])
      expect(recover(service, enough)).toEqual(service.recoverySecret);
    expect(() => recover(service, [a])).toThrow();
  });

  test("exist for recovery members only", () => {
    const answer = opened(2).get(`/recovery/encrypted-shares/${plain.id}`);
    expect(answer).toMatchObject({ status: 404, json: { error: { code: "ResourceNotFound" } } });
  });

  test("are replaced after a rekey, which brings a new ledger secret", () => {
    const service = opened(3);
    const before = service.tables.recoveryShares.get();
    const secret = service.identity.secrets.latestSeqno;
    service.write((tx) => {
      governanceEffects(service.context, tx).triggerLedgerRekey();
    });
    expect(service.tables.recoveryShares.get()).not.toEqual(before);
    expect(service.identity.secrets.latestSeqno).toBeGreaterThan(secret);
  });

  test("cannot be submitted, since the service does not wait for them", () => {
    const service = opened(2);
    const member = recoveryMembers[0] ?? plain;
    const answer = service.post(`/recovery/members/${member.id}:recover`, member, '{"share":"AAAA"}', { type: "recovery_share" });
    expect(answer).toMatchObject({ status: 403, json: { error: { code: "ServiceNotWaitingForRecoveryShares" } } });
  });
});

describe("secret sharing", () => {
  test("any shares that reach the threshold give back the secret, in any order", () => {
    const cases = fc
      .integer({ min: 1, max: 12 })
      .chain((threshold) =>
        fc.tuple(
          fc.uint8Array({ minLength: 1, maxLength: 40 }),
          fc.constant(threshold),
          fc.integer({ min: threshold, max: 20 }),
          fc.integer(),
        ),
      );
    fc.assert(
      fc.property(cases, ([secret, threshold, count, seed]) => {
        const shares = [...split(secret, count, threshold)].sort((a, b) => (((a[0] ?? 0) * seed) % 251) - (((b[0] ?? 0) * seed) % 251));
        expect(combine(shares.slice(0, threshold))).toEqual(secret);
      }),
    );
  });

  test("refuses thresholds that cannot be met", () => {
    const secret = new Uint8Array(32);
    expect(() => split(secret, 2, 3)).toThrow(RangeError);
    expect(() => split(secret, 2, 0)).toThrow(RangeError);
    expect(() => split(secret, 256, 2)).toThrow(RangeError);
  });
});
