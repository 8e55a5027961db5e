/** A difference from the recordings, of severity `message`, that was looked at and is meant to stay. */
export type Known = {
  readonly suite: string;
  readonly scenario: string;
  /** Labels of the steps. */
  readonly steps: readonly string[];
  /** Of the value within the step; it may differ with all below it. */
  readonly path: string;
  readonly reason: string;
  /** Whether it shows depends on the machine. */
  readonly sometimes?: true;
};

const ORDER =
  "CCF shows the pairs of a table in an order that it does not specify; the sandbox shows them in the order they were first written, and what the request itself wrote at last.";
const STRICT = "CCF 6.0.7 takes an ASK or ARK whose signature does not verify. The sandbox refuses it, as later releases of CCF do.";

/** All of them: any other difference fails the run. Readers find them in docs/sandbox.md. */
export const known: readonly Known[] = [
  { suite: "app-kv-and-tx", scenario: "iteration", steps: ["list"], path: "body.json.order", reason: ORDER },
  {
    suite: "app-kv-and-tx",
    scenario: "iteration-with-pending-writes",
    steps: ["mix", "list after mix", "list after inside"],
    path: "body.json.order",
    reason: ORDER,
  },
  { suite: "app-kv-and-tx", scenario: "rollback-rules", steps: ["list"], path: "body.json.order", reason: ORDER },
  { suite: "app-kv-and-tx", scenario: "set-apply-writes", steps: ["list"], path: "body.json.order", reason: ORDER },
  {
    suite: "app-routing-and-request",
    scenario: "ambiguous-templates",
    steps: ["m/a/b matches both"],
    path: "body.json.error.message",
    reason: "CCF lists the templates that match in the order of the table of endpoints, which it does not specify.",
  },
  {
    suite: "app-routing-and-request",
    scenario: "empty-header-value",
    steps: ["h"],
    path: "body.json",
    reason: "CCF 6.0.7 glues the name of a header whose value is empty to the next name. The sandbox keeps both headers.",
  },
  {
    suite: "app-routing-and-request",
    scenario: "runtime-limits",
    steps: ["alloc"],
    path: "body.json.error.message",
    reason: "Code that fills its heap is ended by the limit on memory, or on a slow machine by the limit on time, whichever comes first.",
    sometimes: true,
  },
  {
    suite: "snp",
    scenario: "tampered-endorsements",
    steps: ["intermediate signature", "root signature"],
    path: "body.json",
    reason: STRICT,
  },
];
