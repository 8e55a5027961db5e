import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Member } from "../../constitution/electorate.js";
import { decide, type Question } from "../../constitution/rules.js";
import { world, type World } from "./worlds.js";

// The same notions as the rules', told independently of them.
const flags = (data: unknown): unknown[] => {
  const d = (typeof data === "object" ? data : null) as Record<string, unknown> | null;
  const roles = (typeof d?.cgsRoles === "object" ? d.cgsRoles : null) as Record<string, unknown> | null;
  return [d?.isOperator, d?.isRecoveryOperator, roles?.cgsOperator, roles?.contractOperator];
};
const set = (flag: unknown) => flag === true || flag === "true";
const hasRole = ({ member_data }: Member) => flags(member_data).some(set);
const isElector = (member: Member) => member.status === "Active" && !hasRole(member);
const isOperator = (member: Member | undefined) => member !== undefined && set(flags(member.member_data)[0]);
const proposerOf = (w: World) => w.members.find(({ id, status }) => id === w.proposerId && status === "Active");
/** Whether the proposer has a role, and an option that is enabled, for all of it. */
const isDelegated = (w: World) => {
  const [, , cgs, contract] = flags(proposerOf(w)?.member_data).map(set);
  const left: Readonly<Record<string, readonly [boolean | undefined, string]>> = {
    set_constitution: [cgs, "autoapprove-constitution-proposal"],
    set_js_app: [cgs, "autoapprove-jsapp-proposal"],
    set_deployment_spec: [contract, "autoapprove-deploymentspec-proposal"],
    set_deployment_info: [contract, "autoapprove-deploymentinfo-proposal"],
    set_clean_room_policy: [contract, "autoapprove-cleanroompolicy-proposal"],
  };
  return w.actions.every(({ name }) => {
    const [holds, option = ""] = Object.hasOwn(left, name) ? (left[name] ?? []) : [];
    return holds === true && w.options.includes(option);
  });
};
const lessLeaves = ({ actions }: Question) => actions.every(({ name }) => name.startsWith("set_contract_runtime_options_disable_"));
/** The contracts and documents that the actions make final, in the worlds' words. */
const subjectsOf = ({ actions }: Question) =>
  actions.flatMap(({ name, args }) => {
    const { contractId, documentId } = args as { contractId?: string; documentId?: string };
    if (name === "set_contract") return [`contract ${contractId ?? ""}`];
    return name === "set_document" || name === "set_member_document" ? [`document ${documentId ?? ""}`] : [];
  });
const isClean = (w: World) => {
  const subjects = subjectsOf(w);
  const contracts = w.actions.filter(({ name }) => name === "set_contract").length;
  const apart = contracts === 0 || contracts === w.actions.length;
  return apart && new Set(subjects).size === subjects.length && !subjects.some((s) => w.accepted.includes(s) || w.elsewhere.includes(s));
};
const VETOABLE = [
  ...["set_contract", "set_document", "set_member_document", "set_deployment_spec", "set_deployment_info", "set_clean_room_policy"],
  ...["set_contract_runtime_options_enable_logging", "set_contract_runtime_options_enable_telemetry"],
];
const isVetoable = ({ actions }: Question) => actions.some(({ name }) => VETOABLE.includes(name));
const saidYes = ({ votes }: Question, { id }: Member) => votes.some((cast) => cast.member_id === id && cast.vote);
const saidNo = ({ votes }: Question, { id }: Member) => votes.some((cast) => cast.member_id === id && !cast.vote);

const runs = { numRuns: 5000 };
const always = (property: (w: World) => void) => {
  fc.assert(
    fc.property(world, (w) => {
      property(w);
    }),
    runs,
  );
};

describe("an accepted proposal", () => {
  test("has the yes of every elector, and there is one, unless an operator made it, or it was left to its proposer", () => {
    let accepted = 0;
    always((w) => {
      if (decide(w) !== "Accepted" || isOperator(w.members.find(({ id }) => id === w.proposerId))) return;
      const proposer = proposerOf(w);
      const electors = w.members.filter(isElector);
      if (electors.length > 0 && isDelegated(w)) return;
      if (proposer && isElector(proposer) && lessLeaves(w)) return;
      accepted++;
      expect(electors.length).toBeGreaterThan(0);
      expect(electors.every((member) => saidYes(w, member))).toBe(true);
    });
    expect(accepted).toBeGreaterThan(50);
  });

  test("that sets a contract has everybody's yes, waits for nobody, and is about new contracts alone", () => {
    let accepted = 0;
    always((w) => {
      if (!w.actions.some(({ name }) => name === "set_contract") || decide(w) !== "Accepted") return;
      accepted++;
      expect(w.members.some(isElector)).toBe(true);
      expect(w.members.filter(isElector).every((member) => saidYes(w, member))).toBe(true);
      expect(w.members.some((member) => member.status === "Accepted" && !hasRole(member))).toBe(false);
      expect(w.actions.every(({ name }) => name === "set_contract")).toBe(true);
      expect(isClean(w)).toBe(true);
    });
    expect(accepted).toBeGreaterThan(50);
  });

  test("makes final only what is neither accepted nor proposed elsewhere", () => {
    let accepted = 0;
    always((w) => {
      if (subjectsOf(w).length === 0 || decide(w) !== "Accepted") return;
      accepted++;
      expect(isClean(w)).toBe(true);
    });
    expect(accepted).toBeGreaterThan(50);
  });

  test("that is left to its proposer is accepted from a role and options that allow all of it, and never without electors", () => {
    let accepted = 0;
    always((w) => {
      const both = {
        id: w.proposerId,
        status: "Active" as const,
        member_data: { cgsRoles: { cgsOperator: true, contractOperator: "true" } },
      };
      const members = [...w.members.filter(({ id }) => id !== w.proposerId), both];
      const v = { ...w, members, votes: [] };
      const left = w.actions.length > 0 && isDelegated(v) && members.some(isElector);
      if (left) accepted++;
      if (left) expect(decide(v)).toBe("Accepted");
      else expect(decide(v)).not.toBe("Accepted");
      expect(decide({ ...v, members: [{ ...both, status: "Accepted" }, ...v.members.filter((member) => member !== both)] })).not.toBe(
        "Accepted",
      );
      expect(decide({ ...v, members: [both] })).not.toBe("Accepted");
    });
    expect(accepted).toBeGreaterThan(50);
  });

  test("of nothing but less to be let out needs no vote when an elector made it, and all votes when anybody else did", () => {
    const actions = ["logging", "telemetry"].map((what) => ({
      name: `set_contract_runtime_options_disable_${what}`,
      args: { contractId: "c1" },
    }));
    always((w) => {
      const proposer = proposerOf(w);
      const allowed = proposer !== undefined && isElector(proposer);
      expect(decide({ ...w, actions, votes: [] })).toBe(allowed ? "Accepted" : "Open");
      const more = [...actions, { name: "set_contract_runtime_options_enable_logging", args: { contractId: "c1" } }];
      expect(decide({ ...w, actions: more, votes: [] })).toBe("Open");
    });
  });

  test("that lacks an elector's yes changes nothing but operators and the upkeep of the network, or is left to its proposer", () => {
    const upkeep = ["remove_node", "set_node_data", "trigger_snapshot"];
    let accepted = 0;
    const check = (w: World) => {
      const unanimous = w.members.some(isElector) && w.members.filter(isElector).every((member) => saidYes(w, member));
      if (unanimous || decide(w) !== "Accepted") return;
      const proposer = w.members.find(({ id }) => id === w.proposerId);
      if (isDelegated(w) || (proposer && isElector(proposer) && lessLeaves(w))) return;
      accepted++;
      expect(isOperator(proposer) && proposer?.status === "Active").toBe(true);
      for (const { name, args } of w.actions) {
        const { cert, member_data, member_id, encryption_pub_key, recovery_role } = args as Record<string, unknown>;
        if (name === "set_member") {
          expect(w.members.map(({ id }) => `cert:${id}`)).not.toContain(cert);
          expect(set(flags(member_data)[0])).toBe(true);
          expect(flags(member_data).slice(1).some(set)).toBe(false);
          expect(member_data).not.toHaveProperty("tenantId");
          expect([encryption_pub_key, recovery_role]).not.toContainEqual(expect.any(String));
        } else if (name === "remove_member") {
          expect(isOperator(w.members.find(({ id }) => id === member_id))).toBe(true);
        } else {
          expect(upkeep).toContain(name);
        }
      }
    };
    always((w) => {
      check(w);
      const others = w.members.filter(({ id }) => id !== w.proposerId);
      check({ ...w, members: [...others, { id: w.proposerId, status: "Active", member_data: { isOperator: true } }] });
    });
    expect(accepted).toBeGreaterThan(50);
  });
});

test("without electors and without an operator's proposal, nothing is accepted", () => {
  always((w) => {
    const powerless = w.members.map((member) => ({ ...member, member_data: { isRecoveryOperator: true } }));
    expect(decide({ ...w, members: powerless })).not.toBe("Accepted");
    expect(decide({ ...w, members: [] })).not.toBe("Accepted");
  });
});

test("a proposal without actions is not accepted by operators", () => {
  always((w) => {
    const members = [{ id: w.proposerId, status: "Active" as const, member_data: { isOperator: true } }];
    expect(decide({ ...w, members, actions: [] })).toBe("Open");
  });
});

test("a proposal is rejected when it is about a contract or document at the wrong time, or when an elector vetoes what is vetoable", () => {
  let rejected = 0;
  always((w) => {
    const vetoed = isVetoable(w) && w.members.some((member) => isElector(member) && saidNo(w, member));
    const byOperator = isOperator(proposerOf(w)) && decide({ ...w, votes: [] }) === "Accepted";
    expect(decide(w) === "Rejected").toBe(!byOperator && (vetoed || !isClean(w)));
    if (vetoed && isClean(w)) rejected++;
  });
  expect(rejected).toBeGreaterThan(50);
});

test.each(VETOABLE)("one elector's no rejects %s, whatever all others say", (name) => {
  always((w) => {
    const actions = [{ name, args: { contractId: "c9", documentId: "d9" } }];
    for (const elector of w.members.filter(isElector)) {
      const votes = [...w.votes.filter(({ member_id }) => member_id !== elector.id), { member_id: elector.id, vote: false }];
      expect(decide({ ...w, actions, votes })).toBe("Rejected");
    }
  });
});

test("the votes of operators, of members not yet active and of those who were removed decide nothing", () => {
  always((w) => {
    const electors = new Set(w.members.filter(isElector).map(({ id }) => id));
    expect(decide({ ...w, votes: w.votes.filter(({ member_id }) => electors.has(member_id)) })).toBe(decide(w));
  });
});

test("one more yes never undoes an acceptance", () => {
  fc.assert(
    fc.property(world, fc.constantFrom("ann", "bob", "cleo", "dan", "eve", "removed"), (w, member_id) => {
      if (decide(w) !== "Accepted") return;
      const votes = [...w.votes.filter((cast) => cast.member_id !== member_id), { member_id, vote: true }];
      expect(decide({ ...w, votes })).toBe("Accepted");
    }),
    runs,
  );
});

test("the order of votes, members and actions changes nothing", () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat(1000)), (w, random) => {
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ item }) => item);
      expect(decide({ ...w, votes: shuffled(w.votes), members: shuffled(w.members), actions: shuffled(w.actions) })).toBe(decide(w));
    }),
    runs,
  );
});

describe("a young service", () => {
  const question: Question = {
    actions: [{ name: "set_constitution", args: { constitution: "" } }],
    proposerId: "isv",
    votes: [],
    members: [{ id: "isv", status: "Active" }],
    memberIdOf: (pem) => pem,
    isAccepted: () => false,
    isProposedElsewhere: () => false,
    isEnabled: () => true,
  };
  const yes = [{ member_id: "isv", vote: true }];

  test("is decided by its one member, with a vote and not without", () => {
    expect(decide(question)).toBe("Open");
    expect(decide({ ...question, votes: yes })).toBe("Accepted");
  });

  test("waits with contracts, but with nothing else, until invited members are active", () => {
    const members: Member[] = [...question.members, { id: "tdp", status: "Accepted", member_data: { identifier: "tdp" } }];
    const contract = [{ name: "set_contract", args: { contractId: "c1", contract: { data: "x" } } }];
    expect(decide({ ...question, members, votes: yes })).toBe("Accepted");
    expect(decide({ ...question, members, votes: yes, actions: contract })).toBe("Open");
    const invitedOperator: Member[] = [...question.members, { id: "op", status: "Accepted", member_data: { isOperator: true } }];
    expect(decide({ ...question, members: invitedOperator, votes: yes, actions: contract })).toBe("Accepted");
  });

  test("whose members are all operators accepts what operators may do alone, and no more", () => {
    const members: Member[] = [{ id: "isv", status: "Active", member_data: { isOperator: true } }];
    expect(decide({ ...question, members, votes: yes })).toBe("Open");
    expect(decide({ ...question, members, actions: [{ name: "trigger_snapshot", args: undefined }] })).toBe("Accepted");
  });
});
