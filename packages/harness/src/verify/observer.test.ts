import { join } from "node:path";
import type { Observation, TopicOffsets } from "@ondash/contract";
import { createManualClock, startDeadline } from "@ondash/core";
import { plan } from "@ondash/scenario";
import type { CollectorOptions, KafkaSession } from "@ondash/transport";
import { describe, expect, it } from "vitest";
import { findScenarios, loadScenario } from "../load-scenarios.ts";
import { createProber } from "./certainty.ts";
import { type ObserverOptions, openObserver } from "./observer.ts";

const root = join(import.meta.dirname, "../../../..");
const [file = ""] = findScenarios(["sales-chart"], { cwd: root, directory: join(root, "scenarios") });
const sales = plan(loadScenario(file, root));
const { topics, conversationId } = sales;
const zeros = (): Record<string, number[]> =>
  Object.fromEntries(topics.map((topic) => [topic, Array.from({ length: 8 }, () => 0)]));

/** A broker whose log is what the test says, read when the test says. */
function fakeKafka(early: readonly Observation[] = []) {
  const ends = zeros();
  let listener: CollectorOptions["onObservation"] = () => undefined;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const reading: { reached: Promise<void> } = { reached: Promise.resolve() };
  const session: KafkaSession = {
    ensureTopics: async () => ({}),
    openSink: () => Promise.reject(new Error("no sink here")),
    async openCollector(_, options) {
      listener = options?.onObservation ?? listener;
      early.forEach(listener);
      return {
        start: zeros(),
        positions: zeros(),
        ends: async (): Promise<TopicOffsets> => structuredClone(ends),
        reached: () => reading.reached,
        missing: () => "ondash.llm.text/0 at 0 of 1",
        failed: failed.promise,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { ends, session, reading, fail: failed.reject, observe: (one: Observation) => listener(one) };
}

async function open(kafka: ReturnType<typeof fakeKafka>, options: Partial<ObserverOptions> = {}) {
  using deadline = startDeadline(1_000);
  return openObserver({ session: kafka.session, topics, partitions: 8, deadline, ...options });
}

const records = sales.sends.map(
  ({ record }, offset): Observation => ({ kind: "record", offset: 0, timestamp: offset, ...record }),
);
const skip = (topic: string, partition: number, from: number, to = from): Observation => ({
  kind: "skip",
  topic,
  partition,
  from,
  to,
  why: "control",
});
const [status = "", text = ""] = topics;

describe("openObserver", () => {
  it("begins with the header, whatever was read while it opened", async () => {
    await using observer = await open(fakeKafka(records.slice(0, 1)));
    expect(observer.observations.map(({ kind }) => kind)).toEqual(["start", "record"]);
  });

  it("keeps others' traffic as ranges, each partition's apart, and what is between them", async () => {
    const kafka = fakeKafka();
    await using observer = await open(kafka);
    for (const one of [skip(status, 1, 0), skip(text, 1, 0), skip(status, 1, 1), skip(text, 1, 1, 3)])
      kafka.observe(one);
    expect(observer.observations.slice(1)).toEqual([skip(status, 1, 0, 1), skip(text, 1, 0, 3)]);
    const mine: Observation = { ...(records[0] as Extract<Observation, { kind: "record" }>), partition: 1, offset: 2 };
    kafka.observe(mine);
    kafka.observe(skip(status, 1, 3));
    expect(observer.observations.slice(3)).toEqual([mine, skip(status, 1, 3)]);
  });

  it("tells when a barrier was reached, though what reached it left no new observation", async () => {
    const kafka = fakeKafka();
    await using observer = await open(kafka);
    const prober = createProber();
    const withoutChart = records.filter((one) => !("topic" in one && one.topic.endsWith("chart")));
    const offsets = new Map<string, number>();
    for (const one of withoutChart as Extract<Observation, { kind: "record" }>[]) {
      const offset = offsets.get(one.topic) ?? 0;
      offsets.set(one.topic, offset + 1);
      (kafka.ends[one.topic] as number[])[one.partition] = offset + 1;
      // Somebody else's record stands in another partition, and is read last.
      (kafka.ends[status] as number[])[0] = 2;
      if (one.topic.endsWith("complete")) kafka.observe(skip(status, 0, 0));
      kafka.observe({ ...one, offset });
    }
    const before = observer.changed();
    await before;
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(observer.observations.some(({ kind }) => kind === "barrier")).toBe(true);
    expect([observer.undecided, observer.decided]).toEqual([1, 0]);
    expect(prober.probe(observer.observations, observer.decided)).toEqual([]);
    const { length } = observer.observations;
    kafka.observe(skip(status, 0, 1));
    expect(observer.observations).toHaveLength(length);
    expect([observer.undecided, observer.decided]).toEqual([0, 1]);
    expect(prober.probe(observer.observations, observer.decided).map(({ rule }) => rule)).toEqual(["GRM-02"]);
  });

  it("wakes who waits at each change, and fails them when it can't go on", async () => {
    const kafka = fakeKafka();
    await using observer = await open(kafka, { conversationId });
    const change = observer.changed();
    kafka.observe(records[0] as Observation);
    await change;
    const next = observer.changed();
    kafka.fail(new Error("broker gone"));
    await expect(next).rejects.toThrow("broker gone");
    await expect(observer.changed()).rejects.toThrow("broker gone");
  });

  it("says what is missing when the last ends are not reached in time", async () => {
    const kafka = fakeKafka();
    await using observer = await open(kafka);
    kafka.reading.reached = new Promise(() => undefined);
    const clock = createManualClock();
    const finishing = observer.finish(true, { timeoutMs: 1_000, clock });
    await clock.advance(1_000);
    expect(await finishing).toBe("ondash.llm.text/0 at 0 of 1");
    expect(observer.observations.at(-1)?.kind).not.toBe("end");
  });
});
