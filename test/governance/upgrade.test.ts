import { expect, onTestFinished, test } from "vitest";
import { constitutionDigest, type Bundle } from "../../client/governance/application.js";
import { getConstitution } from "../../client/governance/service.js";
import { refusal } from "../support/answer.js";
import { built, consortium, setApplication } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const setConstitution = (constitution: string) => ({ name: "set_constitution", args: { constitution } });

const agreed = async () => {
  const { members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  await agree([alice, bob], setContract("agreed", { dataset: "d1" }));
  await alice.putContract("drafted", { data: "terms" });
  return { alice, bob };
};

test("a new constitution leaves contracts as they are, drops the proposals that were open, and decides from then on", async () => {
  const { alice, bob } = await agreed();
  const contract = await bob.getContract("agreed");
  const draft = await bob.getContract("drafted");
  const open = await bob.proposeContract("drafted");
  await bob.accept(open);

  const next = `${await built.constitution()}\n// the second version\n`;
  await agree([alice, bob], setConstitution(next));
  expect(constitutionDigest(await getConstitution(bob.session))).toBe(constitutionDigest(next));
  expect(await bob.getContract("agreed")).toEqual(contract);
  expect(await bob.getContract("drafted")).toEqual(draft);
  expect(await bob.getProposal(open)).toMatchObject({ proposalState: "Dropped" });
  await expect(alice.accept(open)).rejects.toMatchObject({ code: "ProposalNotOpen" });

  expect(await alice.propose(setContract("agreed", "changed"))).toMatchObject({ proposalState: "Rejected" });
  const again = await bob.proposeContract("drafted");
  for (const member of [alice, bob]) await member.accept(again);
  expect(await bob.getContract("drafted")).toMatchObject({ state: "Accepted", proposalId: again.proposalId });
});

test("a new application leaves contracts and open proposals as they are, and serves the very next request", async () => {
  const { alice, bob } = await agreed();
  const contract = await bob.getContract("agreed");
  const open = await alice.proposeContract("drafted");
  await alice.accept(open);
  const proposed = await bob.getContract("drafted");

  await agree([alice, bob], setApplication(withGreeting(await built.bundle())));
  expect(await bob.call("GET", "/app/greeting")).toMatchObject({ status: 200, body: ["hello"] });
  expect(await bob.getContract("agreed")).toEqual(contract);
  expect(await bob.getContract("drafted")).toEqual(proposed);
  expect(await bob.accept(open)).toMatchObject({ proposalState: "Accepted" });
  expect(await bob.getContract("drafted")).toMatchObject({ state: "Accepted" });

  await agree([alice, bob], setApplication(await built.bundle()));
  expect(await bob.call("GET", "/app/greeting")).toMatchObject(refusal(404, "ResourceNotFound"));
  expect(await bob.getContract("agreed")).toEqual(contract);
});

test("an application that does not compile is not accepted: the vote that would have done it is refused, and all stays as it was", async () => {
  const { alice, bob } = await agreed();
  const bundle = await built.bundle();
  const broken = { ...bundle, modules: [...bundle.modules, { name: "zz.js", module: "export const = 1;" }] };
  const proposal = await alice.propose(setApplication(broken));
  await alice.accept(proposal);
  expect(await bob.cast("export const vote = () => true;", proposal)).toMatchObject(refusal(500, "InternalError"));
  expect(await alice.getProposal(proposal)).toMatchObject({ proposalState: "Open", ballotCount: 1 });
  expect(await bob.getContract("agreed")).toMatchObject({ state: "Accepted" });
});

/** The application with one more operation. */
function withGreeting({ metadata, modules }: Bundle): Bundle {
  const greeting = {
    js_module: "greeting.js",
    js_function: "greet",
    mode: "readonly",
    forwarding_required: "sometimes",
    authn_policies: ["member_cert"],
  };
  return {
    metadata: { endpoints: { ...metadata.endpoints, "/greeting": { get: greeting } } },
    modules: [...modules, { name: "greeting.js", module: 'export const greet = () => ({ body: ["hello"] });' }],
  };
}
