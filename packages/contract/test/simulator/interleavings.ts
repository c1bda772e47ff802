import { createMonitor, type Judgement, type Monitor, type RecordObservation } from "@ondash/contract";
import type { ChatSchema } from "@ondash/schemas";
import { records, type Step } from "../support/chat.ts";
import { createTestLog, type TestLog } from "../support/log.ts";

/** What all legal arrivals of all turns with so many events came to. */
export interface ArrivalRow {
  readonly schema: string;
  readonly events: number;
  readonly turns: number;
  readonly arrivals: number;
  readonly alarms: number;
  /** The first alarms: turn, order of arrival, what was said. */
  readonly failures: readonly string[];
}

/** Settings of a proof over arrivals. */
export interface ArrivalOptions {
  /** Of the arrivals of each turn every so manieth is judged, beginning with the first. Default 1: all. */
  readonly every?: number;
  readonly create?: () => Monitor;
}

/**
 * All orders in which lists can be merged without changing any of them: what five topics allow.
 * The array that is yielded is used again for the next one.
 */
export function* interleavings<T>(lists: readonly (readonly T[])[]): Generator<readonly T[]> {
  const order: T[] = [];
  const used = lists.map(() => 0);
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  function* extend(): Generator<readonly T[]> {
    if (order.length === length) yield order;
    for (const [index, list] of lists.entries()) {
      const next = list[used[index] ?? 0];
      if (next === undefined) continue;
      used[index] = (used[index] ?? 0) + 1;
      order.push(next);
      yield* extend();
      order.pop();
      used[index] = (used[index] ?? 0) - 1;
    }
  }
  yield* extend();
}

/** Has the monitor judge every legal arrival of every turn given. */
export function proveArrivals(
  schema: ChatSchema,
  turns: Iterable<readonly Step[]>,
  options: ArrivalOptions = {},
): ArrivalRow {
  const { every = 1, create = createMonitor } = options;
  const failures: string[] = [];
  let [count, events, arrivals, alarms] = [0, 0, 0, 0];
  for (const steps of turns) {
    count++;
    events = Math.max(events, steps.length);
    const log = createTestLog({ schemas: [schema], partitions: 1 });
    const appended = records(schema, steps, {}, 1).map(log.append);
    const byTopic = Object.values(Object.groupBy(appended, ({ topic }) => topic)).map((list) => list ?? []);
    let index = 0;
    for (const order of interleavings(byTopic)) {
      if (index++ % every !== 0) continue;
      arrivals++;
      const alarm = alarmOf(log, order, create());
      if (alarm === undefined) continue;
      alarms++;
      if (failures.length < 5) failures.push(`${JSON.stringify(steps)} as ${nameOrder(appended, order)}: ${alarm}`);
    }
  }
  return { schema: schema.name, events, turns: count, arrivals, alarms, failures };
}

/**
 * What a live monitor has against one arrival of a log that was written before anything was read: a barrier is asked for
 * and granted whenever it wants one, and nothing may be decided before all is read.
 */
function alarmOf(log: TestLog, order: readonly RecordObservation[], monitor: Monitor): string | undefined {
  monitor.observe({ kind: "start", partitions: log.partitions, start: log.start });
  const ends = log.ends();
  let id = 0;
  for (const [index, record] of order.entries()) {
    monitor.observe(record);
    if (monitor.wantsBarrier) {
      monitor.observe({ kind: "asked", id: ++id });
      monitor.observe({ kind: "barrier", id, ends });
    }
    const left = index === order.length - 1 ? 0 : 1;
    if (monitor.undecided !== left) return `${monitor.undecided} turns are undecided after ${index + 1} records`;
  }
  monitor.observe({ kind: "end", ends, producersDone: true });
  return complaintOf(monitor.finish());
}

function complaintOf({ verdict, violations, warnings, turns }: Judgement): string | undefined {
  const [first] = [...violations, ...warnings];
  if (first !== undefined) return `${first.rule}: ${first.message}`;
  return verdict === "passed" && turns[0]?.verdict === "passed" ? undefined : verdict;
}

function nameOrder(emitted: readonly RecordObservation[], order: readonly RecordObservation[]): string {
  return order.map((record) => emitted.indexOf(record) + 1).join(" ");
}
