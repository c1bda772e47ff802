import { judgeObservations, type Observation, type RecordObservation } from "@ondash/contract";
import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { expect } from "vitest";
import { records, type Step, type TurnIds } from "./chat.ts";
import { createTestLog } from "./log.ts";
import { twoLooks } from "./two-looks.ts";

/** A legal turn of two events. */
export const SHORT: readonly Step[] = [{ status: "x" }, { completion: "CONVERSATION" }];
/** A legal turn of a task, after which the conversation may go on. */
export const TASK: readonly Step[] = [
  { status: "x", task: "t", step: 1 },
  { text: "a", position: "BEFORE", task: "t" },
  { chart: "bar", task: "t" },
  { text: "b", position: "AFTER", task: "t" },
  { completion: "TASK", task: "t" },
];

/** A chat.v2 run that is made up observation by observation, of 4 partitions. */
export class ObservedRun {
  readonly observations: Observation[] = [];
  private readonly log = createTestLog({ schemas: [chatV2], partitions: 4, base: 3 });
  /** End offsets at the moment of asking. */
  private readonly asked: ReturnType<typeof this.log.ends>[] = [];

  constructor({ started = true }: { readonly started?: boolean } = {}) {
    this.observations.push({ kind: "start", partitions: 4, start: started ? this.log.start : undefined });
  }

  /** The records of a turn, which are not read yet. */
  turn(steps: readonly Step[], ids: TurnIds = {}): OutgoingRecord[] {
    return records(chatV2, steps, ids, 4);
  }
  /** Reads records that were written just now. */
  read(...list: readonly OutgoingRecord[]): RecordObservation[] {
    const read = list.map((record) => this.log.append(record));
    this.observations.push(...read);
    return read;
  }
  /** Writes a record that is not read. */
  write(record: OutgoingRecord): RecordObservation {
    return this.log.append(record);
  }
  also(...observations: readonly Observation[]): this {
    this.observations.push(...observations);
    return this;
  }
  /** Offsets without a record, in the partition of another one. */
  mark(record: OutgoingRecord, count: number): this {
    return this.also(this.log.mark(record.topic, record.partition, count, "control"));
  }
  ask(): number {
    const id = this.asked.push(this.log.ends()) - 1;
    this.observations.push({ kind: "asked", id });
    return id;
  }
  grant(id: number): this {
    return this.also({ kind: "barrier", id, ends: this.asked[id] ?? {} });
  }
  barrier(): this {
    return this.grant(this.ask());
  }
  end(producersDone = true): readonly Observation[] {
    return this.also({ kind: "end", ends: this.log.ends(), producersDone }).observations;
  }
}

/** Compares both looks with the monitor alone, and says how the judgement was had. */
export function expectSame(observations: readonly Observation[]): string {
  const { judgement, how } = twoLooks(observations);
  expect(judgement).toEqual(judgeObservations(observations));
  return how;
}

/** Fills a run. False: its producers may go on. */
export type RunMaker = (run: ObservedRun) => boolean | undefined | void;

/** Makes a run with and without start offsets, and compares both looks with the monitor; without an end, too. */
export function expectHow(make: RunMaker, how: "legal" | "suspect"): void {
  for (const started of [true, false]) {
    const run = new ObservedRun({ started });
    const done = make(run);
    const observations = run.end(done !== false);
    expect(expectSame(observations)).toBe(how);
    expectSame(observations.slice(0, -1));
  }
}
