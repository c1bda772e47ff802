import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { legalByCore, legalByRules, type Said, type SaidTwice, said } from "../../test/support/screened-turn.ts";
import { createOrderCore } from "./order-core.ts";
import { Kind } from "./screened-event.ts";

const kinds = Object.keys(Kind) as readonly (keyof typeof Kind)[];
const inTask: readonly Said[] = kinds.filter((kind) => kind !== "conversation").map((kind) => ({ kind, task: 1 }));
const outside: readonly Said[] = kinds
  .filter((kind) => kind !== "conversation" && kind !== "task")
  .map((kind) => ({ kind }));
const content = inTask.filter(({ kind }) => ["before", "after", "standalone", "chart", "error"].includes(kind));
const begins: Said = { kind: "status" };
const completes: Said = { kind: "task", task: 1, last: true };
const concludes: Said = { kind: "conversation", last: true };

/** All turns with one of each list at each place. */
function product(...places: readonly (readonly Said[])[]): Said[][] {
  return places.reduce<Said[][]>((turns, place) => turns.flatMap((turn) => place.map((one) => [...turn, one])), [[]]);
}

/** The same events, topic after topic. */
function byTopic(turn: readonly SaidTwice[], direction: 1 | -1): SaidTwice[] {
  return turn.toSorted(
    ({ screened: a }, { screened: b }) => (a.topic - b.topic) * direction || a.sequence - b.sequence,
  );
}

/** Those of which the core, whatever the order of arrival, does not say what the rules say. */
function differing(turns: readonly (readonly Said[])[]): unknown[] {
  const core = createOrderCore();
  const wrong: unknown[] = [];
  for (const turn of turns) {
    const both = said(turn);
    const expected = JSON.stringify(legalByRules(both));
    for (const arrival of [both, byTopic(both, 1), byTopic(both, -1)]) {
      const found = JSON.stringify(legalByCore(core, arrival));
      if (found !== expected) wrong.push({ turn, expected, found });
    }
  }
  expect(core.live).toBe(0);
  return wrong.slice(0, 3);
}

describe("an order core says of turns what the rules say, in any order of arrival:", () => {
  it.each<[what: string, turns: readonly (readonly Said[])[]]>([
    ["how they begin", product([...inTask, ...outside, { kind: "conversation" }], [completes, concludes])],
    ["how a fatal one ends", product([{ kind: "fatal" }, { kind: "fatal", task: 1 }], inTask, [completes, concludes])],
    [
      "two events of a task and of none",
      product([begins], [...inTask, ...outside], [...inTask, ...outside], [completes, concludes]),
    ],
    ["content of a task", product([begins], content, content, content, [completes])],
    ["content of a task, in part", product([begins], content, content, content, [concludes])],
    [
      "content of two tasks",
      product(
        [begins],
        content,
        content.map((one) => ({ ...one, task: 2 })),
        [{ kind: "task", task: 2 }],
        [completes],
      ),
    ],
    [
      "which tasks are completed",
      product(
        [begins],
        content,
        [
          { kind: "status", task: 2 },
          { kind: "task", task: 2 },
          { kind: "error", task: 2 },
        ],
        [completes, concludes],
      ),
    ],
    [
      "which of them is the end",
      product(
        [begins, concludes],
        content,
        [completes, { ...completes, last: false }, concludes],
        [begins, completes, concludes],
      ),
    ],
    [
      "steps",
      product(
        [begins],
        [1, 0].map((task): Said => ({ kind: "status", task, step: 2 })),
        [0, 1, 2, 3].flatMap((step): Said[] => [0, 1, 2].map((task) => ({ kind: "status", task, step }))),
        [1, 2, 3].flatMap((step): Said[] => [0, 1].map((task) => ({ kind: "status", task, step }))),
        [concludes],
      ),
    ],
  ])("%s", (_, turns) => {
    expect(differing(turns)).toEqual([]);
  });

  it("whatever is told of them", () => {
    const event = fc
      .record({ kind: fc.constantFrom(...kinds), task: fc.nat(4), step: fc.constantFrom(0, 0, 1, 2, 0xffff) })
      .filter(({ kind, task }) => kind !== "conversation" && (kind !== "task" || task > 0));
    const turn = fc.tuple(
      fc.array(event, { maxLength: 8 }),
      fc.constantFrom(completes, concludes),
      fc.infiniteStream(fc.nat()),
    );
    fc.assert(
      fc.property(turn, ([events, end, choices]) => {
        const both = said([begins, ...events, end]);
        // Topics in any order; each in its own.
        const left = byTopic(both, 1);
        const arrival: SaidTwice[] = [];
        while (left.length > 0) {
          const heads = left.filter(({ screened: { topic } }, at) => left[at - 1]?.screened.topic !== topic);
          const [head = left[0] as SaidTwice] = heads.slice((choices.next().value ?? 0) % heads.length);
          left.splice(left.indexOf(head), 1);
          arrival.push(head);
        }
        expect(legalByCore(createOrderCore(), arrival)).toEqual(legalByRules(both));
      }),
    );
  });
});

const turn: readonly Said[] = [
  begins,
  { kind: "before", task: 1 },
  { kind: "chart", task: 1 },
  { kind: "after", task: 1 },
  { kind: "status", task: 1 },
  completes,
];

/** The turn with its events from `at` on put in others' place. */
function changed(at: number, ...events: readonly Partial<Said>[]): Said[] {
  return turn.map((one, index) => ({ sequence: index + 1, ...one, ...events[index - at] }));
}

describe("an order core", () => {
  it.each<[what: string, turn: readonly Said[]]>([
    ["nothing", turn],
    [
      "a lost event",
      turn.toSpliced(2, 1).map((one, index) => ({ ...one, sequence: index < 2 ? index + 1 : index + 2 })),
    ],
    ["a lost first event", turn.slice(1).map((one, index) => ({ ...one, sequence: index + 2 }))],
    ["a lost last event", turn.slice(0, -1)],
    ["a sequence twice", changed(3, { sequence: 3 })],
    ["a sequence twice in one topic", changed(3, { kind: "before", sequence: 2 })],
    ["an event twice", changed(4, { id: "same" }, { id: "same" })],
    [
      "a sequence twice and none missing",
      turn
        .toSpliced(3, 0, { kind: "status", task: 1, sequence: 3 })
        .map((one, index) => ({ sequence: index < 3 ? index + 1 : index, offset: index, ...one })),
    ],
    ["an event behind the end and a hole before it", [...turn, { kind: "status", sequence: 8 }]],
    ["neither beginning nor end", [{ kind: "status", sequence: 2 }]],
    ["a hole, after which nothing matters", [begins, { kind: "status", sequence: 3 }, { ...concludes, sequence: 4 }]],
    ["two ends", changed(4, { kind: "task", task: 0, last: true })],
    ["an event behind the end", changed(4, { sequence: 7 }, { sequence: 6 })],
    ["a topic out of order", changed(0, { offset: 9 })],
    ["sequences out of order", changed(0, { sequence: 5, offset: 1 }, {}, {}, {}, { sequence: 1, offset: 5, task: 0 })],
    ["gaps between offsets", turn.map((one, index) => ({ ...one, offset: index * 2 ** 33 }))],
    ["clocks set back by 1.8 s", changed(3, { at: 3 - 1_800 }, { at: 0 }, { at: 0 })],
    ["clocks set back by little, often", turn.map((one, index) => ({ ...one, at: -1_700 * index }))],
    ["clocks set back by 2.1 s", changed(3, { at: 3 - 2_100 }, { at: 0 }, { at: 0 })],
    ["clocks set back at the end", changed(5, { at: -2_200 })],
    ["clocks set back at the beginning", changed(0, { at: 2_300 })],
    ["54 minutes", changed(5, { at: 3_276_799 + 1 })],
    ["a first event 54 minutes late, then back", changed(1, { at: -3_276_700 })],
    ["two hours and back", changed(1, { at: 6_553_600 }, { at: 0 })],
    ["a step of more than 16 bits, and back", changed(0, {}, {}, {}, {}, { step: 65_535 })],
  ])("says what the rules say of a turn with %s", (_, events) => {
    const both = said(events);
    expect(legalByCore(createOrderCore(), both)).toEqual(legalByRules(both));
  });

  it("leaves to the rules what it has no room for", () => {
    const small = (events: readonly Said[]) =>
      legalByCore(createOrderCore(), said([begins, ...events, concludes]))?.events;
    const tasks = [1, 2, 3, 4, 5].map((task): Said => ({ kind: "status", task }));
    expect(small(tasks.slice(0, 4))).toBe(6);
    expect(small([...tasks.slice(0, 4), ...tasks.slice(0, 4)])).toBe(10);
    expect(small(tasks)).toBeUndefined();
    expect(small([{ kind: "status", step: 65_535 }])).toBe(3);
    expect(small([{ kind: "status", step: 65_536 }])).toBeUndefined();
    // Times up to 32,767 steps of 0.1 s after the first event.
    const late = (at: number) =>
      legalByCore(
        createOrderCore(),
        said([
          { ...begins, at: 0 },
          { ...concludes, at },
        ]),
      )?.events;
    expect([3_276_700, 3_276_799, 3_276_800, 6_553_600].map(late)).toEqual([2, 2, undefined, undefined]);
  });

  it("tells at once what no later event can make legal", () => {
    const at = changed(3, { at: -2_200 });
    for (const [events, which] of [
      [at, 3],
      [[begins, { kind: "fatal" }, begins], 2],
      [[begins, { kind: "task", task: 1 }, { kind: "status", task: 1 }], 2],
      [[begins, { kind: "before" }, { kind: "standalone" }, { kind: "chart" }], 3],
      [[{ kind: "chart" }], 0],
      [[begins, concludes, begins], 2],
    ] as const satisfies readonly (readonly [events: readonly Said[], which: number])[]) {
      const core = createOrderCore();
      const intakes = said(events.slice(0, which + 1)).map(({ screened }) => core.take(screened));
      expect(intakes.at(-1)).toBe("suspect");
      expect(intakes.slice(0, -1)).not.toContain("suspect");
    }
  });

  it("tells tasks apart that share one half of their hash", () => {
    for (const half of ["taskHigh", "taskLow"] as const) {
      // The second task is completed, the first one not.
      const both = said([begins, { kind: "status", task: 1 }, { kind: "standalone", task: 2 }, completes]);
      const [, first, second, last] = both as [SaidTwice, SaidTwice, SaidTwice, SaidTwice];
      second.screened[half] = first.screened[half];
      last.screened.taskHigh = second.screened.taskHigh;
      last.screened.taskLow = second.screened.taskLow;
      expect(legalByCore(createOrderCore(), both)).toBeUndefined();
    }
  });

  it("has a place for another turn where one was forgotten", () => {
    const core = createOrderCore();
    for (let count = 0; count < 300; count++) legalByCore(core, said(turn, `message ${count}`));
    expect(core.bytes).toBe(128 * 584);
  });

  it("never calls legal what can't be: two records at one place, a turn in two partitions", () => {
    for (const event of [{ offset: 1 }, { offset: 0 }, { partition: 3 }]) {
      expect(legalByCore(createOrderCore(), said(changed(4, event)))).toBeUndefined();
    }
  });

  it.each([64, 65, 256, 257, 1_023, 1_024, 1_025])("reads turns of %d events in any order of topics", (count) => {
    const events = Array.from(
      { length: count - 1 },
      (_, index): Said =>
        index % 3 === 0 ? { kind: "status", task: 1 + (index % 4) } : { kind: "standalone", task: 1 + (index % 4) },
    );
    const both = said([...events, concludes]);
    const core = createOrderCore();
    const found = [both, byTopic(both, 1), byTopic(both, -1)].map((arrival) => legalByCore(core, arrival));
    const expected = count > 1_024 ? undefined : legalByRules(both);
    expect(found).toEqual([expected, expected, expected]);
    expect(core.live).toBe(0);
  });

  it("settles no turn of which something lies at or above the end of its partition", () => {
    const both = said(turn.map((one) => ({ ...one, partition: 5 })));
    const core = createOrderCore();
    for (const topic of [0, 1, 2, 4]) {
      const highest = Math.max(
        ...both.filter(({ screened }) => screened.topic === topic).map(({ screened }) => screened.offset),
      );
      const limit = (end: number) => (of: number, partition: number) =>
        partition !== 5 ? 0 : of === topic ? end : 1_000;
      expect(legalByCore(core, both, limit(highest))).toBeUndefined();
      expect(legalByCore(core, both, limit(highest + 1))).toEqual(legalByRules(both));
    }
    // Nothing of it is in a topic where nothing was written.
    expect(legalByCore(core, both, (topic) => (topic === 3 ? 0 : 1_000))).toEqual(legalByRules(both));
  });

  it("keeps turns apart, tells which of them ended, and forgets", () => {
    const core = createOrderCore();
    const [one, other] = [said(turn, "one"), said(turn, "other")];
    const [{ screened: first }, { screened: second }] = [one[0] as SaidTwice, other[0] as SaidTwice];
    expect(core.find(first.turnHigh, first.turnLow)).toBe(-1);
    const intakes = one.map(({ screened }, index) => [
      core.take(screened),
      core.take((other[index] as SaidTwice).screened),
    ]);
    expect(intakes).toEqual([...Array.from({ length: 5 }, () => ["legal", "legal"]), ["ends", "ends"]]);
    expect(core.live).toBe(2);
    expect(core.bytes).toBe(128 * 584);
    const limit = () => 1_000;
    const slot = core.find(first.turnHigh, first.turnLow);
    expect(core.settle(slot, limit)).toEqual(legalByRules(one));
    core.forget(slot);
    expect([core.live, core.find(first.turnHigh, first.turnLow)]).toEqual([1, -1]);
    expect(core.settle(core.find(second.turnHigh, second.turnLow), limit)).toEqual(legalByRules(other));
    // What comes later under the same name is another turn, in a slot that is as good as new.
    for (const { screened } of one.slice(0, 2)) expect(core.take(screened)).toBe("legal");
    expect(core.settle(core.find(first.turnHigh, first.turnLow), limit)).toBeUndefined();
  });
});
