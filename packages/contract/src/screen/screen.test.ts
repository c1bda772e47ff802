import type { OutgoingRecord } from "@ondash/schemas";
import { chatV1 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records } from "../../test/support/chat.ts";
import { expectSame, ObservedRun, SHORT, TASK } from "../../test/support/observed-run.ts";
import { createMonitor } from "../monitor.ts";
import type { Observation } from "../observation.ts";
import { createScreen, type Screen } from "./screen.ts";

const conversation = (name: string) => ({ conversation: name, message: `turn of ${name}` });
/** Eight conversations, in all partitions. */
const CONVERSATIONS = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A screen that was shown some observations. */
function shown(observations: readonly Observation[], keep?: number): Screen {
  const screen = createScreen(keep === undefined ? {} : { keep });
  for (const observation of observations) screen.observe(observation);
  return screen;
}

function thrown(action: () => unknown): unknown {
  try {
    action();
    return "nothing";
  } catch (error) {
    return error;
  }
}

/** A run of legal turns: interleaved, with barriers in between, marks and redeliveries. */
function legalRun(): ObservedRun {
  const run = new ObservedRun();
  const turns = CONVERSATIONS.map((name, index) => run.turn(index % 2 === 0 ? TASK : SHORT, conversation(name)));
  for (let at = 0; at < TASK.length; at++) {
    for (const turn of turns) {
      const record = turn[at];
      if (record === undefined) continue;
      const read = run.read(record);
      if (at === 1) run.mark(record, 2).also(...read);
    }
    if (at % 2 === 1) run.barrier();
  }
  const pending = run.ask();
  run.read(...run.turn(SHORT, conversation("i")));
  return run.grant(pending);
}

describe("a screen", () => {
  it("finds legal turns legal, and wants barriers and has undecided turns when the monitor does", () => {
    const run = legalRun();
    const [monitor, screen] = [createMonitor(), createScreen()];
    const seen: unknown[] = [];
    const expected: unknown[] = [];
    // What anybody wants after the end does not matter.
    for (const observation of run.observations) {
      monitor.observe(observation);
      screen.observe(observation);
      expected.push([monitor.wantsBarrier, monitor.undecided]);
      seen.push([screen.wantsBarrier, screen.undecided]);
    }
    expect(seen).toEqual(expected);
    screen.observe(run.end().at(-1) as Observation);
    expect({ legal: screen.legal, unfit: screen.unfit, kind: screen.finish().kind }).toEqual({
      legal: 9,
      unfit: undefined,
      kind: "legal",
    });
    expect(expectSame(run.observations)).toBe("legal");
  });

  it("does not count turns of suspect conversations as undecided, nor ends of theirs as waiting", () => {
    const run = new ObservedRun();
    const [early, late] = [run.turn(TASK, { conversation: "a", message: "1" }), run.turn(TASK, conversation("b"))];
    run.read(...early.slice(0, 2), ...late.slice(0, 2));
    expect(shown(run.observations).undecided).toBe(2);
    // It begins with a chart.
    run.read(...run.turn([{ chart: "bar" }], { conversation: "a", message: "2" }));
    run.read(early[2] as OutgoingRecord);
    expect(shown(run.observations).undecided).toBe(1);
    run.read(...early.slice(3), ...run.turn(TASK, { conversation: "a", message: "3" }));
    const screen = shown(run.observations);
    expect([screen.undecided, screen.wantsBarrier, screen.legal]).toEqual([1, false, 0]);
    run.read(...late.slice(2));
    expect(shown(run.observations).wantsBarrier).toBe(true);
    run.barrier();
    const settled = shown(run.observations);
    expect([settled.undecided, settled.legal]).toEqual([0, 1]);
    // Nor those of which a barrier has shown that something is missing.
    run.read(...run.turn(TASK, conversation("c")).toSpliced(2, 1));
    expect(shown(run.observations).undecided).toBe(1);
    run.barrier();
    expect(shown(run.observations).undecided).toBe(0);
  });

  it("counts the bytes of undecided turns", () => {
    const run = new ObservedRun();
    expect(shown(run.observations).bytes).toBe(0);
    run.read(...run.turn(TASK).slice(0, 1));
    expect(shown(run.observations).bytes).toBeGreaterThan(0);
  });

  it("refuses what the monitor refuses, with the same words", () => {
    const run = new ObservedRun();
    const [record] = run.read(...run.turn(SHORT));
    const start: Observation = { kind: "start", partitions: 4, start: undefined };
    const strange = { ...record, topic: "other" } as Observation;
    const end: Observation = { kind: "end", ends: {}, producersDone: true };
    const below = { ...record, offset: 2 } as Observation;
    const cases: readonly (readonly Observation[])[] = [
      [record as Observation],
      [{ kind: "asked", id: 0 }],
      [end],
      [start, start],
      [...run.observations, start],
      [...run.observations, strange],
      [...run.observations, below],
      [start, end, end],
      [start, end, record as Observation],
      [start, { kind: "asked", id: 0 }, { kind: "asked", id: 0 }],
      [start, { kind: "barrier", id: 0, ends: {} }],
    ];
    for (const observations of cases) {
      const [monitor, screen] = [createMonitor(), createScreen()];
      for (const observation of observations.slice(0, -1)) {
        monitor.observe(observation);
        screen.observe(observation);
      }
      const last = observations.at(-1) as Observation;
      const found = thrown(() => screen.observe(last));
      expect(found).toBeInstanceOf(Error);
      expect(found).toEqual(thrown(() => monitor.observe(last)));
    }
    const screen = shown(run.end());
    screen.finish();
    expect(thrown(() => screen.finish())).toMatchObject({ code: "observation" });
    expect(thrown(() => createFinished().observe(start))).toMatchObject({ code: "observation" });
    // A record at its start offset is none of those.
    expect(thrown(() => shown([...new ObservedRun().observations, { ...record, offset: 3 } as Observation]))).toBe(
      "nothing",
    );
  });

  const other: OutgoingRecord | undefined = records(chatV1, SHORT, {}, 4)[0];
  it.each<[why: string | RegExp, make: (run: ObservedRun) => unknown]>([
    [
      /^ondash\.llm\.status\/\d@0 is not of chat\.v2$/,
      (run) => run.also({ kind: "record", ...(other as OutgoingRecord), offset: 0, timestamp: 1 }),
    ],
    [
      "gap observations are for the monitor",
      (run) => run.also({ kind: "gap", topic: "ondash.llm.v2.text", partition: 0, from: 3, to: 3 }),
    ],
    [
      "ack observations are for the monitor",
      (run) => run.also({ kind: "ack", eventId: "e", topic: "ondash.llm.v2.text", partition: 0, offset: 3 }),
    ],
    [
      /^ondash\.llm\.v2\.status\/\d@3 is broken, and nobody knows whose it is$/,
      (run) => run.read(...run.turn([{ status: "x" }]).map((record) => ({ ...record, key: null, value: null }))),
    ],
    [
      /^ondash\.llm\.v2\.status\/\d@3 came after the offsets behind it$/,
      (run) => {
        const late = run.write(run.turn([{ status: "y" }])[0] as OutgoingRecord);
        run.read(...run.turn([{ status: "z" }]));
        run.also(late);
      },
    ],
    [
      "offsets were not seen",
      (run) => {
        run.write(run.turn([{ status: "y" }])[0] as OutgoingRecord);
        run.read(...run.turn([{ status: "z" }]));
      },
    ],
    ["offsets were not seen", (run) => run.write(run.turn([{ status: "y" }])[0] as OutgoingRecord)],
  ])("calls a run unfit, and says why first: %s", (why, make) => {
    const run = new ObservedRun();
    run.read(...run.turn(SHORT, conversation("a")));
    make(run);
    run.end();
    const screen = shown(run.observations);
    expect(screen.finish()).toEqual({ kind: "unfit", why: expect.stringMatching(why) });
    expect(screen.unfit).toMatch(why);
    // What comes after the first reason changes nothing.
    const again = shown(run.observations.slice(0, -1));
    const first = again.unfit;
    again.observe({ kind: "plan" } as Observation);
    again.observe({ kind: "record", ...(other as OutgoingRecord), offset: 0, timestamp: 1 });
    expect(again.unfit).toBe(first ?? "plan observations are for the monitor");
  });

  it("calls a run unfit of which it was shown nothing", () => {
    expect(createScreen().finish()).toEqual({ kind: "unfit", why: "nothing was observed" });
    expect(expectSame(new ObservedRun().observations)).toBe("legal");
    expect(expectSame(new ObservedRun().end())).toBe("legal");
  });

  it("remembers as many legal turns and records as it is told", () => {
    const run = new ObservedRun();
    const turns = CONVERSATIONS.map((name) => run.read(...run.turn(TASK, conversation(name))));
    run.barrier();
    const [first, last] = [turns[0], turns.at(-1)];
    const late = (name: string): Observation[] => {
      const record = run
        .turn([...TASK, { status: "late" }], { ...conversation(name), final: 4 })
        .at(-1) as OutgoingRecord;
      return [run.write(record)];
    };
    const again = late("h");
    const undecided = (keep: number | undefined, more: readonly Observation[]): number =>
      shown([...run.observations, ...more], keep).undecided;
    // A late event of a turn that it remembers is of a suspect conversation; else it is as one of another turn.
    expect(undecided(3, again)).toBe(0);
    const old = late("a");
    expect([undecided(undefined, old), undecided(8, old), undecided(7, old)]).toEqual([0, 0, 1]);
    expect([first?.length, last?.length]).toEqual([5, 5]);
  });
});

function createFinished(): Screen {
  const screen = createScreen();
  screen.finish();
  return screen;
}
