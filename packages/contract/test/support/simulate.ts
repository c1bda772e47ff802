import type {
  Judgement,
  Monitor,
  Observation,
  RecordObservation,
  SkipObservation,
  TopicOffsets,
} from "@ondash/contract";
import type { Random } from "@ondash/core";
import type { ChatSchema, OutgoingRecord } from "@ondash/schemas";
import { createTestLog } from "./log.ts";

/** How a simulated run goes on. */
export interface SimulationOptions {
  readonly schemas: readonly ChatSchema[];
  /** The sends of concurrent producers, each in its own order. */
  readonly producers: readonly (readonly OutgoingRecord[])[];
  readonly random: Random;
  readonly partitions?: number;
  /** Topics that are read late: with this probability their turn to be read is passed over. */
  readonly lag?: { readonly topics: readonly string[]; readonly probability: number };
  /** Probability that control or aborted offsets follow a record in its partition. */
  readonly markers?: number;
  /** Probability, at each step, that the collector goes back in a partition and reads again. */
  readonly rewind?: number;
  /**
   * What a barrier is answered with instead of the log's end offsets at the moment of asking.
   * @param history the end offsets after each append so far.
   */
  readonly answer?: (history: readonly TopicOffsets[]) => TopicOffsets;
  /** Plans that the monitor is told of before anything is sent: then it knows of turns that it has not seen yet. */
  readonly plans?: readonly Observation[];
  /** Whether the collector stops as soon as the producers are done and nothing is undecided; else it reads all. */
  readonly eager?: boolean;
}

/** What a collector reads. */
type Read = RecordObservation | SkipObservation;

/** What happened, and what the monitor made of it. */
export interface Simulation {
  readonly observations: readonly Observation[];
  readonly judgement: Judgement;
}

/**
 * Plays producers, a broker's log and a collector against a monitor: appends and reads interleave at random, each
 * partition is read in its order, a barrier is asked for when the monitor wants one and answered with the log's end
 * offsets of that moment, at some later moment.
 */
export function simulate(monitor: Monitor, options: SimulationOptions): Simulation {
  const { random, schemas, producers, partitions = 8 } = options;
  const log = createTestLog({ partitions, schemas, base: random.int(0, 3) });
  const queues = new Map<string, { records: Read[]; read: number }>();
  const observations: Observation[] = [];
  const observe = (observation: Observation): void => {
    observations.push(observation);
    monitor.observe(observation);
  };
  const sent = producers.map(() => 0);
  const asked: { id: number; ends: TopicOffsets }[] = [];
  /** The end offsets after each append. */
  const history = [log.ends()];
  let barriers = 0;

  const append = (producer: number): void => {
    const record = producers[producer]?.[sent[producer] ?? 0];
    if (record === undefined) return;
    sent[producer] = (sent[producer] ?? 0) + 1;
    const key = `${record.topic}/${record.partition}`;
    let queue = queues.get(key);
    if (queue === undefined) queues.set(key, (queue = { records: [], read: 0 }));
    queue.records.push(log.append(record));
    if (random.unit() < (options.markers ?? 0)) {
      const why = random.unit() < 0.5 ? "control" : "aborted";
      queue.records.push(log.mark(record.topic, record.partition, random.int(1, 3), why));
    }
    history.push(log.ends());
  };
  const readFrom = (queue: { records: Read[]; read: number }): void => {
    const record = queue.records[queue.read];
    if (record === undefined) return;
    queue.read++;
    observe(record);
  };
  const rewind = (queue: { records: Read[]; read: number }): void => {
    if (queue.read === 0) return;
    const from = random.int(0, queue.read - 1);
    for (const record of queue.records.slice(from, queue.read)) observe(structuredClone(record));
  };

  observe({ kind: "start", partitions, start: log.start });
  for (const plan of options.plans ?? []) observe(plan);
  for (;;) {
    if (monitor.wantsBarrier) {
      const ends = options.answer?.(history) ?? log.ends();
      asked.push({ id: ++barriers, ends });
      observe({ kind: "asked", id: barriers });
    }
    const unsent = producers.flatMap((records, index) => ((sent[index] ?? 0) < records.length ? [index] : []));
    const unread = [...queues.values()].filter(({ records, read }) => read < records.length);
    const done =
      unsent.length === 0 &&
      asked.length === 0 &&
      (options.eager === true ? monitor.undecided === 0 : unread.length === 0);
    if (done) break;
    const moves: (() => void)[] = [];
    if (unsent.length > 0) moves.push(() => append(unsent[random.int(0, unsent.length - 1)] ?? 0));
    if (asked.length > 0) {
      moves.push(() => {
        const [barrier] = asked.splice(0, 1);
        if (barrier !== undefined) observe({ kind: "barrier", ...barrier });
      });
    }
    if (unread.length > 0) {
      moves.push(() => {
        const queue = unread[random.int(0, unread.length - 1)];
        const topic = queue?.records[0]?.topic ?? "";
        const lags =
          options.lag !== undefined && options.lag.topics.includes(topic) && random.unit() < options.lag.probability;
        if (queue !== undefined && !lags) readFrom(queue);
      });
    }
    if (random.unit() < (options.rewind ?? 0)) {
      const all = [...queues.values()];
      moves.push(() => rewind(all[random.int(0, Math.max(0, all.length - 1))] ?? { records: [], read: 0 }));
    }
    const move = moves[random.int(0, moves.length - 1)];
    if (move === undefined) throw new Error("the simulation is stuck: all is read, and turns are undecided");
    move();
  }
  const ends = log.ends();
  // What an eager collector has not read it does not know of.
  for (const { records, read } of queues.values()) {
    const unread = records[read];
    const offsets = unread === undefined ? undefined : ends[unread.topic];
    if (unread !== undefined && offsets !== undefined) {
      offsets[unread.partition] = unread.kind === "record" ? unread.offset : unread.from;
    }
  }
  observe({ kind: "end", ends, producersDone: true });
  return { observations, judgement: monitor.finish() };
}
