import { expect, test } from "vitest";
import { summary } from "../../examples/summary.js";
import { folderWith } from "../cleanroom/transfer/folders.js";

const scenario = "scenarios/ml-training";
const files = {
  [`${scenario}/consumer-demo/consumer-output/output/metrics.json`]: JSON.stringify({ accuracy: 0.9, kind: "tree" }),
  [`${scenario}/consumer-demo/consumer-output/output/model.onnx`]: "x".repeat(12_345),
  [`${scenario}/publisher-demo/logs/application-telemetry/depa-training.log`]: "x",
  [`${scenario}/demo-resources/events.json`]: JSON.stringify({ value: [] }),
  [`${scenario}/demo-resources/evidence.json`]: JSON.stringify({ contract: { id: "c", version: "2.7", finalVotes: [] }, transactions: [] }),
};

test("the demo says where its files are when they stay, and else only what they were", async () => {
  const { path } = await folderWith(files);
  const kept = await summary(path, { kept: true });
  expect(kept).toContain(`Where it is       ${scenario}/consumer-demo/consumer-output/output/metrics.json  (30 B)`);
  const gone = (await summary(path, { kept: false })).join("\n");
  expect(gone).toContain(
    "What came out     metrics.json  (30 B)\n                  model.onnx  (12 kB)\n                  depa-training.log  (1 B)\n",
  );
  expect(gone).not.toContain(scenario);
});
