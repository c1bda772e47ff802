import { createMonitor, judgeObservations, type Observation, type RecordObservation } from "@ondash/contract";
import { parseScenario, plan } from "@ondash/scenario";
import type { OutgoingRecord } from "@ondash/schemas";
import { lastingViolations } from "../../src/verify/certainty.ts";
import { scenario } from "./kafka.ts";

/** Of each topic. */
export const PARTITIONS = 8;

const plans = new Map<string, OutgoingRecord[]>();

/** What a scenario's producer sends, in a schema version. */
export function sendsOf(name: string, schema: "chat.v1" | "chat.v2" | "both"): OutgoingRecord[] {
  const key = `${name} ${schema}`;
  const known = plans.get(key);
  if (known !== undefined) return known;
  const sends = plan(scenario(name), { schema, partitions: PARTITIONS }).sends.map(({ record }) => record);
  plans.set(key, sends);
  return sends;
}

/** The same for steps, a line each. */
export function sendsOfSteps(steps: string, schema: "chat.v1" | "chat.v2" | "both"): OutgoingRecord[] {
  const text = `scenario: steps\nsteps:\n${steps.trim().replaceAll(/^ */gm, "  - ")}\n`;
  return plan(parseScenario(text, { file: "steps.yaml" }), { schema, partitions: PARTITIONS }).sends.map(
    ({ record }) => record,
  );
}

/** The rules of what is certain by now. */
export const rulesOf = (observations: readonly Observation[]): string[] =>
  lastingViolations(judgeObservations(observations, { timeline: true })).map(({ rule }) => rule);

/** A log that is filled and read step by step, with barriers as a harness asks for them. */
export interface World {
  readonly observations: Observation[];
  /** How often turns became decided. */
  readonly decided: number;
  /** Records that were appended and not read. */
  readonly lag: number;
  readonly wantsBarrier: boolean;
  /** Whether a barrier was asked for and not granted. */
  readonly isAsked: boolean;
  append(record: OutgoingRecord): void;
  /** Reads the next record of one of the partitions that have any. */
  read(choice: number): void;
  ask(): void;
  grant(): void;
  /** The proper end, as it would be now. */
  end(): Observation;
}

/** Creates the empty log. */
export function world(topics: readonly string[]): World {
  const empty = (): Record<string, number[]> =>
    Object.fromEntries(topics.map((topic) => [topic, Array.from({ length: PARTITIONS }, () => 0)]));
  const ends = empty();
  const unread = new Map<string, RecordObservation[]>();
  const monitor = createMonitor();
  const observations: Observation[] = [];
  let asked = 0;
  let granted = 0;
  let decided = 0;
  const feed = (observation: Observation): void => {
    const open = monitor.undecided;
    monitor.observe(observation);
    if (monitor.undecided < open) decided++;
    observations.push(observation);
  };
  feed({ kind: "start", partitions: PARTITIONS, start: empty() });
  const snapshot = (): Record<string, number[]> =>
    Object.fromEntries(Object.entries(ends).map(([topic, list]) => [topic, [...list]]));
  return {
    observations,
    get lag() {
      return [...unread.values()].reduce((sum, queue) => sum + queue.length, 0);
    },
    get decided() {
      return decided;
    },
    get wantsBarrier() {
      return monitor.wantsBarrier;
    },
    get isAsked() {
      return asked > granted;
    },
    append(record: OutgoingRecord) {
      const list = ends[record.topic] ?? [];
      const offset = list[record.partition] ?? 0;
      list[record.partition] = offset + 1;
      const place = `${record.topic}/${record.partition}`;
      unread.set(place, [...(unread.get(place) ?? []), { kind: "record", offset, timestamp: -1, ...record }]);
    },
    read(choice: number) {
      const queues = [...unread].filter(([, queue]) => queue.length > 0);
      const [, queue] = queues[choice % Math.max(1, queues.length)] ?? [];
      const record = queue?.shift();
      if (record !== undefined) feed(record);
    },
    ask: () => feed({ kind: "asked", id: ++asked }),
    grant: () => feed({ kind: "barrier", id: ++granted, ends: snapshot() }),
    end: (): Observation => ({ kind: "end", ends: snapshot(), producersDone: true }),
  };
}

/** Everything is read, and the barriers that are wanted are granted. */
export function settle(log: World): void {
  while (log.lag > 0) log.read(0);
  while (log.wantsBarrier || log.isAsked) {
    if (!log.isAsked) log.ask();
    log.grant();
  }
}

export function topicsOf(sends: readonly OutgoingRecord[]): string[] {
  const prefix = (topic: string): string => topic.replace(/\w+$/, "");
  return [...new Set(sends.map(({ topic }) => prefix(topic)))].flatMap((each) =>
    ["status", "text", "chart", "error", "complete"].map((kind) => `${each}${kind}`),
  );
}
