import { join } from "node:path";
import type { RunResult } from "@ondash/contract";
import { checkRecording, openRecorder } from "@ondash/harness";
import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenarioNames, shareKafka, startKafka, type TestKafka, temporaryFolder } from "./support/kafka.ts";
import { expectPythonToReadTheSalesChart, python } from "./support/python.ts";

describeWithDocker("Apache Kafka in a container", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka(containerProvider());
  });
  afterAll(async () => kafka[Symbol.asyncDispose]());

  it.each(scenarioNames())("%s meets its expectation, and its recording gives the same verdict", async (name) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "run.jsonl");
    using recorder = openRecorder(file);
    const live = await kafka.run(name, { recorder });
    expect(live.unmet).toEqual([]);
    const checked = await checkRecording(file);
    const rulesOf = (result: RunResult): readonly string[] => result.violations.map(({ rule }) => rule);
    expect(checked.verdict).toBe(live.verdict);
    expect(rulesOf(checked)).toEqual(rulesOf(live));
    expect(checked.rules).toEqual(live.rules);
  });

  it("gives the same as the embedded broker, but for offsets and times", async () => {
    await using embedded = await startKafka();
    await using external = await shareKafka(kafka);
    for (const name of ["sales-chart", "sales-chart-lost-chart", "sales-chart-wrong-topic", "multi-task"]) {
      const results = await Promise.all([embedded, kafka].map((where) => where.run(name)));
      results.push(await external.run(name));
      const [first, ...others] = results.map(withoutPlace);
      for (const other of others) expect(other).toEqual(first);
    }
  });

  describe.skipIf(!python.available)(`a Python consumer${python.title}`, () => {
    it("reads the sales chart", () => expectPythonToReadTheSalesChart(kafka));
  });
});

/** A result without what depends on the broker's past and the machine's speed. */
function withoutPlace(result: RunResult): unknown {
  const text = JSON.stringify({ ...result, broker: null, durationMs: 0 });
  return JSON.parse(text.replaceAll(/"offset":\d+/g, '"offset":0').replaceAll(/(@|below |at offset )\d+/g, "$10"));
}
