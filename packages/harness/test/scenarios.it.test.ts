import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "@ondash/contract";
import { type Clock, systemClock } from "@ondash/core";
import { checkRecording, openRecorder } from "@ondash/harness";
import { parseScenario } from "@ondash/scenario";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenarioNames, startKafka, type TestKafka, temporaryFolder } from "./support/kafka.ts";

describe("each scenario of this repository, on the embedded broker", () => {
  let kafka: TestKafka;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it.each(scenarioNames())("%s meets its expectation, and its recording gives the same verdict", async (name) => {
    const file = join(folder.path, `${name}.jsonl`);
    using recorder = openRecorder(file);
    const live = await kafka.run(name, { recorder });
    expect(live.unmet).toEqual([]);
    expect(live.expectation).toBe("met");

    const checked = await checkRecording(file, { timeline: true });
    const sameWords = (violation: Violation): unknown => ({ ...violation, replay: undefined, location: undefined });
    expect(checked.verdict).toBe(live.verdict);
    expect(checked.violations.map(sameWords)).toEqual(live.violations.map(sameWords));
    expect(checked.warnings.map(sameWords)).toEqual(live.warnings.map(sameWords));
    expect(checked.rules).toEqual(live.rules);
    expect(checked.turns).toEqual(live.turns);
    expect(checked.counts).toEqual(live.counts);
    expect(checked.timeline).toEqual(live.timeline);
    expect((await readFile(file, "utf8")).split("\n").at(-2)).toContain('"producersDone":true');
  });

  it("is judged in both schema versions: the sales chart", async () => {
    const v2 = await kafka.run("sales-chart", { schema: "chat.v2" });
    expect(v2).toMatchObject({ verdict: "passed", expectation: "met", schema: "chat.v2" });
    expect(v2.rules["ORD-04"]).toEqual({ status: "held", count: 1, by: "sequence" });
    expect(v2.rules["REC-11"]).toEqual({ status: "held", count: 7 });
  });
});

describe("runScenario", () => {
  it("names the step of a lost event, what proves its absence, and shows its place in the timeline", async () => {
    await using kafka = await startKafka();
    const result = await kafka.run("sales-chart-lost-chart");
    const [violation] = result.violations;
    expect(violation).toMatchObject({ rule: "ORD-04", replay: "ondash run scenarios/sales-chart-lost-chart.yaml" });
    expect(violation?.location).toMatch(/^scenarios\/sales-chart\.yaml:\d+$/);
    expect(violation?.notes.join()).toContain("barrier 1");
    expect(result.absent).toMatchObject([{ kind: "chart", fate: "never sent", says: "bar" }]);
    const [absent] = result.absent ?? [];
    const times = result.timeline.map(({ at }) => at ?? 0);
    expect(times.filter((at) => at < (absent?.at ?? 0))).toHaveLength(4);
  });

  it("names the step of a record that can't be read", async () => {
    await using kafka = await startKafka();
    const result = await kafka.run("sales-chart-tombstone");
    expect(result.violations[0]).toMatchObject({ rule: "REC-01" });
    expect(result.violations[0]?.location).toMatch(/^scenarios\/sales-chart\.yaml:\d+$/);
    expect(result.absent).toMatchObject([{ kind: "text" }]);
    expect(result.absent?.[0]?.fate).toMatch(/^unreadable, \d+@\d+$/);
  });

  it("asks for a barrier each time the turn rests, not only at its end", async () => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const file = join(folder.path, "rests.jsonl");
    using recorder = openRecorder(file);
    const text = `
scenario: rests
timing: { gap: 100ms }
steps:
  - { status: One, task: one }
  - { text: { position: STANDALONE, body: One }, task: one }
  - { completion: { type: TASK }, task: one }
  - { status: Two, task: two }
  - { text: { position: STANDALONE, body: Two }, task: two }
  - { completion: { type: TASK }, task: two }
`;
    const result = await kafka.run(parseScenario(text, { file: "rests.yaml" }), { recorder, speed: 1 });
    expect(result.unmet).toEqual([]);
    const lines = (await readFile(file, "utf8")).split("\n");
    const barrier = lines.findIndex((line) => line.startsWith('{"barrier":1'));
    const lastRecord = lines.findLastIndex((line) => line.startsWith('{"topic":'));
    expect(barrier).toBeGreaterThan(0);
    expect(barrier).toBeLessThan(lastRecord);
  });

  it("bounds the waiting, beside the time that the scenario takes", async () => {
    await using kafka = await startKafka();
    const bounds: number[] = [];
    const clock: Clock = {
      ...systemClock,
      schedule(ms, callback, keepAlive) {
        bounds.push(ms);
        return systemClock.schedule(ms, callback, keepAlive);
      },
    };
    await kafka.run("sales-chart", { clock, timeoutMs: 20_000 });
    expect(bounds[0]).toBe(20_000);
    bounds.length = 0;
    const result = await kafka.run("sales-chart", { clock, timeoutMs: 20_000, speed: 100 });
    const last = result.timeline.at(-1)?.at ?? 0;
    expect(bounds[0]).toBeGreaterThan(20_000 + last / 100);
    expect(bounds[0]).toBeLessThan(20_000 + last / 100 + 10);
  });

  it("reports the progress of its sends", async () => {
    await using kafka = await startKafka();
    const seen: string[] = [];
    await kafka.run("sales-chart", { onProgress: ({ sent, total }) => seen.push(`${sent}/${total}`) });
    expect(seen).toEqual(["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"]);
  });

  it("ends with the signal's reason, and keeps what was recorded as a partial file", async () => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const controller = new AbortController();
    const file = join(folder.path, "cut.jsonl");
    {
      using recorder = openRecorder(file);
      const running = kafka.run("sales-chart", {
        speed: 1,
        signal: controller.signal,
        recorder,
        onProgress: () => controller.abort(new Error("enough")),
      });
      await expect(running).rejects.toThrow("enough");
    }
    const result = await checkRecording(`${file}.partial`);
    expect(result.verdict).toBe("inconclusive");
    expect(result.reasons).toContain("the observation did not end properly");
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });
});
