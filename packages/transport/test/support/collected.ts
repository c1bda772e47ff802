import type { Observation, TopicOffsets } from "@ondash/contract";
import type { Collector, CollectorOptions, KafkaSession } from "@ondash/transport";
import { expect } from "vitest";

/** Members of `Observation` that a collector gives. */
export type LogObservation = Extract<Observation, { kind: "record" | "skip" | "gap" }>;

/** A collector that keeps what it observes. */
export interface Keeping extends AsyncDisposable {
  readonly collector: Collector;
  readonly observations: readonly LogObservation[];
  /** The values of the records of a partition, as text. */
  values(topic: string, partition?: number): (string | null)[];
  /** `record 0`, `aborted 1-2`, … of a partition. */
  lines(topic: string, partition?: number): string[];
  /** Asks for the ends and waits until they are reached. */
  barrier(): Promise<TopicOffsets>;
}

/** Opens one. */
export async function keep(
  session: KafkaSession,
  topics: readonly string[],
  options: Omit<CollectorOptions, "onObservation"> = {},
): Promise<Keeping> {
  const observations: LogObservation[] = [];
  const collector = await session.openCollector(topics, {
    ...options,
    onObservation: (observation) => observations.push(observation as LogObservation),
  });
  const of = (topic: string, partition: number) =>
    observations.filter((entry) => entry.topic === topic && entry.partition === partition);
  return {
    collector,
    observations,
    values: (topic, partition = 0) =>
      of(topic, partition).flatMap((entry) =>
        entry.kind === "record" ? [entry.value === null ? null : new TextDecoder().decode(entry.value)] : [],
      ),
    lines: (topic, partition = 0) =>
      of(topic, partition).map((entry) => {
        if (entry.kind === "record") return `record ${entry.offset}`;
        return `${entry.kind === "skip" ? entry.why : "gap"} ${entry.from}-${entry.to}`;
      }),
    async barrier() {
      const ends = await collector.ends();
      await collector.reached(ends);
      return ends;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(collector[Symbol.asyncDispose]()),
  };
}

/** Every offset from the start to the end of each partition is observed once, in order. */
export function expectAccounted({ collector, observations }: Keeping, ends: TopicOffsets): void {
  for (const [topic, list] of Object.entries(ends)) {
    for (const [partition, end] of list.entries()) {
      let next = collector.start[topic]?.[partition] ?? 0;
      for (const entry of observations) {
        if (entry.topic !== topic || entry.partition !== partition) continue;
        const [from, to] = entry.kind === "record" ? [entry.offset, entry.offset] : [entry.from, entry.to];
        expect(from, `${topic}/${partition}: the offset after ${next - 1}`).toBe(next);
        next = to + 1;
      }
      expect(next, `${topic}/${partition}: what was observed at the end`).toBeGreaterThanOrEqual(end);
    }
  }
}
