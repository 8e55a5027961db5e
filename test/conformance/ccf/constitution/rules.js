// Conformance constitution, part 2: validate, resolve and apply.
//   validate: every action must be known and its check must pass; all complaints are joined.
//   resolve:  "Accepted" when more than half of the active members vote true, "Rejected" when that many vote false;
//             a proposal whose actions are all "noop" with args.auto === true is accepted at once.

export function validate(input) {
  const proposal = JSON.parse(input);
  if (!Array.isArray(proposal.actions)) return { valid: false, description: "actions must be an array" };
  const complaints = [];
  proposal.actions.forEach((action, i) => {
    const def = Object.prototype.hasOwnProperty.call(ACTIONS, action.name) ? ACTIONS[action.name] : undefined;
    if (def === undefined) {
      complaints.push(action.name + " at " + i + ": unknown action");
      return;
    }
    try {
      const answer = def.check(action.args);
      if (action.name === "test_eval" && answer !== undefined) complaints.push(answer);
    } catch (e) {
      complaints.push(action.name + " at " + i + ": " + e.message);
    }
  });
  if (complaints.length === 1 && typeof complaints[0] === "object") return complaints[0].value;
  return { valid: complaints.length === 0, description: complaints.join("; ") };
}

export function resolve(proposal, proposerId, votes, proposalId) {
  const actions = JSON.parse(proposal).actions;
  for (const a of actions) {
    if (a.name === "test_eval" && a.args.phase === "resolve") {
      const out = new Function("proposal", "proposerId", "votes", "proposalId", "argc", a.args.code)(
        proposal,
        proposerId,
        votes,
        proposalId,
        arguments.length,
      );
      if (!(out && out.fallThrough)) return out;
    }
  }
  if (actions.length > 0 && actions.every((a) => a.name === "noop" && a.args && a.args.auto === true)) return "Accepted";
  let active = 0;
  gov("members.info").forEach((v) => {
    if (ccf.bufToJsonCompatible(v).status === "Active") active += 1;
  });
  const yes = votes.filter((v) => v.vote === true).length;
  const no = votes.filter((v) => v.vote === false).length;
  if (yes * 2 > active) return "Accepted";
  if (no * 2 > active) return "Rejected";
  return "Open";
}

export function apply(proposal, proposalId) {
  for (const action of JSON.parse(proposal).actions) ACTIONS[action.name].run(action.args, proposalId);
}
