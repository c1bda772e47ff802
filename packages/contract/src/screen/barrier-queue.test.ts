import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { createTestLog, type TestLog } from "../../test/support/log.ts";
import { barrierLaw } from "../barrier.ts";
import { createLogs, type Logs } from "../log/logs.ts";
import type { TopicOffsets } from "../observation.ts";
import { type BarrierQueue, createBarrierQueue } from "./barrier-queue.ts";

const [STATUS = "", TEXT = ""] = chatV2.topicList;

/** A queue over the log of two partitions a topic, and the offsets that were read. */
function setUp(): {
  queue: BarrierQueue;
  logs: Logs;
  log: TestLog;
  readonly read: (topic: string, partition: number, to: number) => void;
} {
  const log = createTestLog({ schemas: [chatV2], partitions: 2 });
  const logs = createLogs(barrierLaw, 0);
  logs.start(log.start);
  const read = (topic: string, partition: number, to: number): void => {
    const found = logs.at(topic, partition);
    for (let offset = found.position ?? 0; offset < to; offset++) found.arrive(offset);
  };
  return { queue: createBarrierQueue(logs, chatV2), logs, log, read };
}

const ends = (log: TestLog, changes: TopicOffsets): TopicOffsets => ({ ...log.ends(), ...changes });

describe("turns that wait for a barrier", () => {
  it("come out in their order, with the ends of a barrier that was asked for after them and has been reached", () => {
    const { queue, log, read } = setUp();
    expect([queue.waiting, queue.next()]).toEqual([false, undefined]);
    queue.add(1, 2);
    queue.add(3, 4);
    expect(queue.waiting).toBe(true);
    queue.ask(0);
    expect(queue.waiting).toBe(false);
    queue.add(5, 6);
    queue.ask(1);
    queue.add(7, 8);
    expect(queue.next()).toBeUndefined();
    const first = ends(log, { [STATUS]: [0, 2], [TEXT]: [1, 0] });
    queue.grant({ id: 10, index: 0, ends: first });
    const second = ends(log, { [STATUS]: [0, 3], [TEXT]: [1, 0] });
    queue.grant({ id: 11, index: 1, ends: second });
    // Short of one partition, then of another.
    expect(queue.next()).toBeUndefined();
    read(TEXT, 0, 1);
    expect(queue.next()).toBeUndefined();
    read(STATUS, 1, 1);
    expect(queue.next()).toBeUndefined();
    read(STATUS, 1, 2);
    expect(queue.next()).toEqual({ keys: [1, 2, 3, 4], ends: first });
    expect(queue.next()).toBeUndefined();
    read(STATUS, 1, 3);
    expect(queue.next()).toEqual({ keys: [5, 6], ends: second });
    expect(queue.next()).toBeUndefined();
    expect(queue.waiting).toBe(true);
    expect(queue.uncovered()).toEqual([7, 8]);
    expect([queue.waiting, queue.uncovered()]).toEqual([false, []]);
  });

  it("are covered by a later barrier when theirs is never granted, and by none that does not name all topics", () => {
    const { queue, log } = setUp();
    queue.add(1, 2);
    queue.ask(0);
    queue.add(3, 4);
    queue.ask(1);
    queue.add(5, 6);
    queue.ask(2);
    queue.grant({ id: 1, index: 1, ends: { [STATUS]: [0, 0] } });
    expect(queue.next()).toBeUndefined();
    queue.grant({ id: 1, index: 1, ends: log.ends() });
    expect(queue.next()?.keys).toEqual([1, 2, 3, 4]);
    expect(queue.next()).toBeUndefined();
    queue.add(7, 8);
    // Those that were asked for come before those that were not.
    expect(queue.uncovered()).toEqual([5, 6, 7, 8]);
    // They are out: a barrier that is granted now covers nobody.
    queue.grant({ id: 2, index: 2, ends: log.ends() });
    expect([queue.next(), queue.uncovered()]).toEqual([undefined, []]);
  });

  it("don't wait for a barrier that covers nobody, nor for a partition of which nothing is known", () => {
    const { queue, logs, log, read } = setUp();
    queue.ask(0);
    queue.add(1, 2);
    queue.ask(1);
    queue.grant({ id: 0, index: 0, ends: ends(log, { [STATUS]: [9, 9] }) });
    queue.grant({ id: 1, index: 1, ends: ends(log, { [STATUS]: [1] }) });
    expect(queue.next()).toBeUndefined();
    read(STATUS, 0, 1);
    expect(queue.next()?.keys).toEqual([1, 2]);
    expect(logs.find(STATUS, 1)?.position).toBe(0);
  });
});
