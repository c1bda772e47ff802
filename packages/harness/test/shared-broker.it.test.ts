import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkRecording, openRecorder } from "@ondash/harness";
import { schemaOf } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { shareKafka, startKafka, temporaryFolder } from "./support/kafka.ts";

const utf8 = new TextEncoder();

describe("on a broker that others use too", () => {
  it("does not create topics unless told to, and says how", async () => {
    await using own = await startKafka();
    await using kafka = await shareKafka(own);
    const failing = kafka.run("sales-chart");
    await expect(failing).rejects.toMatchObject({ code: "topic-missing" });
    await expect(failing).rejects.toThrow(/ondash\.llm\.status.*--create-topics/s);
    await expect(kafka.run("sales-chart", { createTopics: true })).resolves.toMatchObject({ expectation: "met" });
  });

  it("judges runs at the same time each by its own records", async () => {
    await using own = await startKafka();
    await using a = await shareKafka(own);
    await using b = await shareKafka(own);
    await a.run("sales-chart", { createTopics: true, salt: "first" });
    const names = ["sales-chart", "sales-chart-lost-chart", "sales-chart-resent-text", "multi-task"];
    const results = await Promise.all(
      names.map((name, index) => (index % 2 === 0 ? a : b).run(name, { salt: `run ${index}` })),
    );
    expect(results.map(({ unmet }) => unmet)).toEqual([[], [], [], []]);
    expect(results.map(({ counts }) => counts.turns)).toEqual([1, 1, 1, 1]);
  });

  it("leaves foreign rubbish alone, and judges its own", async () => {
    await using own = await startKafka();
    await using kafka = await shareKafka(own);
    await kafka.run("sales-chart", { createTopics: true });
    const topic = schemaOf("chat.v1").topicList[1] ?? "";
    const sink = await own.session.openSink();
    let rubbish = 0;
    const disturb = async (): Promise<void> => {
      for (const value of [null, utf8.encode("no protobuf"), new Uint8Array()]) {
        const partition = rubbish++ % 8;
        await sink.send({ topic, partition, key: utf8.encode("somebody"), headers: [], value });
      }
    };
    const [result] = await Promise.all([
      kafka.run("sales-chart-tombstone", { speed: 20, salt: "x" }),
      disturb(),
      disturb(),
      disturb(),
    ]);
    expect(rubbish).toBe(9);
    expect(result.unmet).toEqual([]);
    expect(result.counts.records).toBe(7);
  });

  it("records the others as offsets only, and the recording gives the same verdict", async () => {
    await using own = await startKafka();
    await using kafka = await shareKafka(own);
    await using folder = await temporaryFolder();
    await kafka.run("sales-chart", { createTopics: true });
    const file = join(folder.path, "shared.jsonl");
    using recorder = openRecorder(file);
    const [live] = await Promise.all([
      kafka.run("sales-chart-lost-chart", { salt: "a", recorder, speed: 20 }),
      own.run("sales-chart", { salt: "somebody else" }),
    ]);
    const checked = await checkRecording(file);
    expect([checked.verdict, checked.rules, checked.counts]).toEqual([live.verdict, live.rules, live.counts]);
    expect(await readFile(file, "utf8")).toContain('{"skip":');
  });

  it.each([
    ["no power of two", [6, 6, 6, 6, 6]],
    ["different from each other", [8, 8, 4, 8, 8]],
  ])("finds that the topics have partition counts that are %s", async (_, counts) => {
    await using own = await startKafka();
    await using kafka = await shareKafka(own);
    for (const [index, topic] of schemaOf("chat.v1").topicList.entries()) {
      await own.session.ensureTopics([topic], { partitions: counts[index] ?? 8, create: true });
    }
    const result = await kafka.run("sales-chart");
    expect(result).toMatchObject({ verdict: "failed", expectation: "not met" });
    expect(result.violations.map(({ rule }) => rule)).toContain("KAF-01");
  });

  it("judges what it sent under another key, by the ledger", async () => {
    await using own = await startKafka();
    await using kafka = await shareKafka(own);
    for (const name of ["sales-chart-keyed-by-message", "sales-chart-confluent-prefix", "sales-chart-wrong-topic"]) {
      const result = await kafka.run(name, { createTopics: true, salt: name });
      expect(result.unmet).toEqual([]);
    }
  });
});
