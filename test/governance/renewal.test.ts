import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { learnServiceCertificate } from "../../client/firstUse.js";
import { consortium, startPlace } from "../support/consortium.js";
import { agree } from "../support/party.js";

const DAY = 24 * 60 * 60 * 1000;
const yesterday = new Date(Date.now() - DAY).toISOString();
const days = ({ validFrom, validTo }: X509Certificate) => Math.round((Date.parse(validTo) - Date.parse(validFrom)) / DAY);

test("a service certificate that the members renew is the one that new connections see, also after a restart", async () => {
  const dir = await mkdtemp(join(tmpdir(), "renewal-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const data = join(dir, "data");
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished, { dir: data });
  const { alice, bob } = members;
  await agree([alice, bob], { name: "set_service_certificate_validity", args: { valid_from: yesterday, validity_period_days: 10 } });
  await agree([alice, bob], { name: "set_all_nodes_certificate_validity", args: { valid_from: yesterday, validity_period_days: 5 } });

  const seen = await learnServiceCertificate(place.service.url ?? "");
  expect(days(new X509Certificate(seen.certificate))).toBe(10);
  expect(seen.certificate).not.toBe(place.service.serviceCertificate);
  await alice.putContract("c1", { data: "over a connection from before" });
  // The key is the same, so who trusts the old certificate is still served.
  await place.stranger("new").call("GET", "/app/contracts");
  await place.stop();

  expect(await readFile(join(data, "service_cert.pem"), "utf8")).toBe(seen.certificate);
  const resumed = await startPlace({ dir: data, resume: true }, onTestFinished);
  expect(resumed.service.serviceCertificate).toBe(seen.certificate);
  expect(await resumed.party(bob.session.identity).getContract("c1")).toMatchObject({ state: "Draft" });
});
