/*!
 * The constitution of the clean room governance service: what may be proposed, who decides, and what then happens.
 *
 * - A proposal is a list of actions. All of them happen, or none.
 * - It needs the yes of every elector, which are the active members that hold no operator role: see electorate.ts and rules.ts below.
 * - Operators keep the network running without a vote, see OPERATORS_ALONE; beyond that, only what the electorate leaves to them: see DELEGATED.
 * - The actions follow area by area, each with its arguments and its effect.
 * - CCF calls `validate`, `resolve` and `apply`.
 */
export {};
