import { type ChatSchema, chatV1, chatV2, type OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, type Step, salesChart, secondTask } from "../test/support/chat.ts";
import { createTestLog } from "../test/support/log.ts";
import { barrierLaw } from "./barrier.ts";
import { createMonitorWith } from "./monitor.ts";
import type { RecordObservation } from "./observation.ts";
import type { Judgement } from "./run-result.ts";

const PARTITIONS = 2;

const another = secondTask.map((step, index) => ({ ...step, id: `another-${index}`, at: 100 + index }));

/** A live monitor that keeps so many decided turns, and as many that a gap withholds rules from. */
function live(tombstones: number) {
  const log = createTestLog({ partitions: PARTITIONS });
  const monitor = createMonitorWith({}, barrierLaw, { window: 100, tombstones, records: 100 });
  monitor.observe({ kind: "start", partitions: PARTITIONS, start: log.start });
  let barriers = 0;
  let late = 0;
  const read = (observations: readonly RecordObservation[]): void => {
    for (const observation of observations) monitor.observe(observation);
  };
  const turn = (schema: ChatSchema, name: string, steps: readonly Step[] = salesChart, final?: number) =>
    records(schema, steps, { conversation: name, message: name, ...(final !== undefined && { final }) }, PARTITIONS);
  const barrier = (): void => {
    const id = ++barriers;
    monitor.observe({ kind: "asked", id });
    monitor.observe({ kind: "barrier", id, ends: log.ends() });
  };
  const decide = (written: readonly OutgoingRecord[]): void => {
    read(written.map(log.append));
    barrier();
  };
  return {
    read,
    /** Each turn whole, with a barrier of its own. */
    decide: (names: readonly string[], schema: ChatSchema = chatV2): void => {
      for (const name of names) decide(turn(schema, name));
    },
    /** The first event of a turn of chat.v2. */
    begin: (name: string): void => read(turn(chatV2, name).slice(0, 1).map(log.append)),
    /** All but the first, and a barrier. */
    finish: (name: string): void => decide(turn(chatV2, name).slice(1)),
    /** A turn of chat.v1 whose first record can't be read. @returns that record. */
    decideWithGap: (name: string): RecordObservation[] => {
      const [first, ...rest] = turn(chatV1, name);
      if (first === undefined) throw new Error("expected records");
      const missed = log.append(first);
      const { topic, partition, offset } = missed;
      monitor.observe({ kind: "gap", topic, partition, from: offset, to: offset });
      decide(rest);
      return [missed];
    },
    /** The first event of another task of a turn of chat.v1. */
    goOn: (name: string): void => read(turn(chatV1, name, another).slice(0, 1).map(log.append)),
    /** An event of a task of a turn of chat.v1 that is complete. */
    spoilTask: (name: string): void =>
      read(turn(chatV1, name, [{ status: "late", task: "task_1", id: `late-${++late}`, at: 200 }]).map(log.append)),
    /** The others of that task, and a barrier. */
    rest: (name: string): void => decide(turn(chatV1, name, another).slice(1)),
    plan: (messageId: string): void =>
      monitor.observe({
        kind: "plan",
        topic: chatV2.topics.status,
        eventId: `${messageId}-event-1`,
        conversationId: messageId,
        messageId,
      }),
    /** One event too many of an ended turn of chat.v2: whoever still has the turn finds it. */
    spoilLate: (...names: readonly string[]): void => {
      for (const name of names)
        read(turn(chatV2, name, [{ status: "late", id: `late-${++late}` }], -1).map(log.append));
    },
    judge: (): Judgement => {
      monitor.observe({ kind: "end", ends: log.ends(), producersDone: true });
      return monitor.finish();
    },
  };
}
const verdicts = ({ turns }: Judgement): string =>
  turns.map(({ messageId, verdict }) => `${messageId} ${verdict}`).join(", ");

/** The nth name of a conversation that is kept in a partition. */
function nameIn(partition: number, nth: number): string {
  const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
  const inside = names.filter((conversation) => {
    const [record] = records(chatV1, salesChart, { conversation }, PARTITIONS);
    return record?.partition === partition;
  });
  return inside[nth] ?? "";
}

describe("a live monitor that lets go of a turn", () => {
  it("judges it then, and once, with what is wrong with it", () => {
    const { begin, finish, spoilLate, decide, judge } = live(1);
    begin("bad");
    spoilLate("bad");
    finish("bad");
    decide(["b"]);
    spoilLate("bad");
    const judgement = judge();
    expect(verdicts(judgement)).toBe("bad failed, b passed");
    expect(judgement.violations.map(({ messageId }) => messageId)).toEqual(["bad"]);
  });

  it("takes the one that was decided last the longest ago", () => {
    const { decide, goOn, rest, spoilTask, spoilLate, judge } = live(2);
    decide(["a"], chatV1);
    decide(["b"]);
    goOn("a");
    rest("a");
    decide(["c"]);
    spoilTask("a");
    spoilLate("b");
    expect(verdicts(judge())).toBe("a failed, b inconclusive, c passed");
  });

  it("lists turns in the order in which they were first read, not planned or judged", () => {
    const { decide, begin, finish, plan, judge } = live(1);
    plan("c");
    begin("a");
    decide(["b", "c"]);
    finish("a");
    expect(verdicts(judge())).toBe("a passed, b passed, c passed");
  });
});

describe("a live monitor and both versions of a turn", () => {
  it("lets go of both together, which leaves their places to others", () => {
    const { decide, spoilLate, judge } = live(2);
    decide(["a"], chatV1);
    decide(["b", "a", "c"]);
    spoilLate("b");
    expect(verdicts(judge())).toBe("a passed, b failed, c passed");
    for (const schema of [chatV1, chatV2]) {
      const other = live(2);
      other.decide(["a"], chatV1);
      other.decide(["b", "a", "c"]);
      if (schema === chatV1) other.spoilTask("a");
      else other.spoilLate("a");
      expect(verdicts(other.judge())).toBe("a inconclusive, b passed, c passed");
    }
  });

  it("keeps one for the other's sake as long as that one is undecided", () => {
    const { decide, begin, finish, judge } = live(2);
    begin("a");
    decide(["a"], chatV1);
    decide(["b", "c", "d"]);
    finish("a");
    const judgement = judge();
    expect(verdicts(judgement)).toBe("a passed, b passed, c passed, d passed");
    expect(judgement.rules["ORD-09"]).toEqual({ status: "held", count: 1 });
  });

  it("lets go of both when the time of the one that was decided last has come", () => {
    for (const [others, verdict] of [
      [["d"], "failed"],
      [["d", "e"], "inconclusive"],
    ] as const) {
      const { decide, begin, finish, spoilLate, judge } = live(2);
      begin("a");
      decide(["a"], chatV1);
      decide(["b", "c"]);
      finish("a");
      decide(others);
      spoilLate("a");
      expect(verdicts(judge())).toBe(
        `a ${verdict}, ${["b", "c", ...others].map((name) => `${name} passed`).join(", ")}`,
      );
    }
  });

  it("keeps no more of the others for the sake of one whose other version never ends", () => {
    const { decide, begin, finish, spoilLate, judge } = live(1);
    begin("a");
    decide(["a"], chatV1);
    decide(["b", "c", "d", "e", "f", "g"]);
    spoilLate("f", "g");
    finish("a");
    expect(verdicts(judge())).toBe("a passed, b passed, c passed, d passed, e passed, f inconclusive, g failed");
  });
});

describe("a live monitor that a gap withholds rules from", () => {
  // Turns of chat.v1 in one partition share the gap; those of chat.v2 lie in other topics.
  const [a, b, c] = [nameIn(0, 0), nameIn(0, 1), nameIn(0, 2)];
  const elsewhere = nameIn(1, 0);

  it("keeps the turns of the partition for it to be filled, and no others", () => {
    const { decideWithGap, decide, read, spoilLate, judge } = live(2);
    const missed = decideWithGap(a);
    decide([b], chatV1);
    decide(["x", "y", "z"]);
    read(missed);
    spoilLate("x");
    expect(verdicts(judge())).toBe(`${a} passed, ${b} passed, x inconclusive, y passed, z passed`);
  });

  it("keeps as many as it is told, and judges the others by what there is", () => {
    const { decideWithGap, decide, read, judge } = live(2);
    const missed = decideWithGap(a);
    decide([b, c], chatV1);
    decide(["x", "y"]);
    read(missed);
    expect(verdicts(judge())).toBe(`${a} inconclusive, ${b} passed, ${c} passed, x passed, y passed`);
  });

  it("holds no gap against a turn that was decided before it", () => {
    const { decideWithGap, decide, read, judge } = live(1);
    decide([a], chatV1);
    // Whenever one of the turns before it is looked at, the partition has a gap; it is another one each time.
    let missed = decideWithGap(b);
    for (const name of [c, nameIn(0, 3)]) {
      const next = decideWithGap(name);
      read(missed);
      missed = next;
    }
    expect(verdicts(judge())).toMatch(new RegExp(`^${a} passed, `));
  });

  it("keeps both versions of a turn for the gap in one", () => {
    const { decideWithGap, decide, read, judge } = live(2);
    const missed = decideWithGap(a);
    decide([a, "x", "y", "z"]);
    read(missed);
    const judgement = judge();
    expect(verdicts(judgement)).toBe(`${a} passed, x passed, y passed, z passed`);
    expect(judgement.rules["ORD-09"]).toEqual({ status: "held", count: 1 });
  });

  it("leaves the place of a turn whose gap was filled to others", () => {
    const { decideWithGap, decide, read, judge } = live(2);
    const missed = decideWithGap(elsewhere);
    const filled = decideWithGap(a);
    decide(["x", a]);
    read(filled);
    decide(["y", "z"]);
    // Of the two that are withheld by now, only the first still is: the second was judged with its other version.
    decide([nameIn(1, 1)], chatV1);
    decide(["u", "v"]);
    read(missed);
    expect(verdicts(judge())).toBe(
      [elsewhere, a, "x", "y", "z", nameIn(1, 1), "u", "v"].map((name) => `${name} passed`).join(", "),
    );
  });

  it("counts a turn that was decided anew among the decided", () => {
    const { decideWithGap, decide, read, goOn, rest, judge } = live(2);
    const missed = decideWithGap(a);
    decide([b, c], chatV1);
    goOn(a);
    rest(a);
    decide(["x"]);
    read(missed);
    expect(verdicts(judge())).toBe(`${a} passed, ${b} passed, ${c} passed, x passed`);
  });

  it("judges none that goes on", () => {
    const { decideWithGap, decide, read, goOn, rest, judge } = live(1);
    const missed = decideWithGap(a);
    decide(["x"]);
    goOn(a);
    decide([b], chatV1);
    decide(["y"]);
    rest(a);
    read(missed);
    expect(verdicts(judge())).toBe(`${a} passed, x passed, ${b} passed, y passed`);
  });
});
