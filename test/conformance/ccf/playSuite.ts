import { Play } from "./play.js";
import type { Service } from "./services/service.js";
import { haveSnpReports, whyNoSnpReports } from "./snpReports.js";
import { openStage, type Stage } from "./stage.js";
import type { Recording } from "./step.js";
import type { Scenario, Suite } from "./suite.js";

export type Played = {
  readonly suite: string;
  readonly scenario: string;
  /** What happened; undefined where the scenario was left out, and `skipped` says why. */
  readonly recording?: Recording;
  readonly skipped?: string;
  readonly milliseconds: number;
};

/** Plays the scenarios of a suite, in order, on one service. @throws Error when the service cannot be opened */
export async function playSuite(suite: Suite, service: Service): Promise<Played[]> {
  const stage = await openStage(service);
  try {
    if (suite.fresh && !service.fresh) {
      const status = await serviceStatus(stage);
      if (status !== "Opening")
        return suite.scenarios.map(({ name }) => leftOut(suite.name, name, `the service is ${status}, not Opening`));
    }
    if (!suite.fresh) await stage.gov.ensureOpen();
    const all: Played[] = [];
    for (const scenario of suite.scenarios) all.push(await playScenario(suite.name, scenario, new Play(stage)));
    return all;
  } finally {
    stage.client.close();
  }
}

const leftOut = (suite: string, scenario: string, skipped: string): Played => ({ suite, scenario, skipped, milliseconds: 0 });

const serviceStatus = async ({ client }: Stage): Promise<string> => (await client.request("GET", "/node/network")).field("service_status");

async function playScenario(suite: string, { name, needs, run }: Scenario, play: Play): Promise<Played> {
  if (needs && !haveSnpReports) return leftOut(suite, name, whyNoSnpReports);
  const start = Date.now();
  let crashed: string | undefined;
  try {
    await run(play);
  } catch (error) {
    crashed = traceOf(error); // what a scenario cannot go on from, for example an answer without what the next step needs
  }
  const recording = { steps: play.steps, ...(crashed !== undefined && { crashed }) };
  return { suite, scenario: name, recording, milliseconds: Date.now() - start };
}

const traceOf = (error: unknown): string =>
  String(error instanceof Error ? error.stack : error)
    .split("\n")
    .slice(0, 4)
    .join(" | ");
