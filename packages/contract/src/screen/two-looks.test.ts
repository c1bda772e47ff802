import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import type { Step } from "../../test/support/chat.ts";
import { expectSame, ObservedRun, SHORT, TASK } from "../../test/support/observed-run.ts";
import type { EndObservation, Observation, TopicOffsets } from "../observation.ts";

const conversation = (name: string) => ({ conversation: name, message: `turn of ${name}` });

describe("two looks say what the monitor says of a run", () => {
  const status: Step = { status: "more" };
  it.each<[what: string, how: "legal" | "suspect", make: (run: ObservedRun) => boolean | undefined | void]>([
    [
      "whose turns have not all ended",
      "suspect",
      (run) => {
        run.read(...run.turn(SHORT, conversation("a")));
        run.read(...run.turn(TASK, conversation("b")).slice(0, 2));
      },
    ],
    [
      "whose producers may go on, without a barrier",
      "legal",
      (run) => {
        run.read(...run.turn(SHORT));
        return false;
      },
    ],
    [
      "whose producers may go on, with a barrier",
      "suspect",
      (run) => {
        run.barrier();
        run.read(...run.turn(SHORT));
        return false;
      },
    ],
    [
      "whose producers are done, with a barrier",
      "legal",
      (run) => {
        run.barrier();
        run.read(...run.turn(SHORT));
      },
    ],
    [
      "with an event that comes behind its turn's barrier",
      "suspect",
      (run) => {
        const [begin, late, end] = run.turn([status, status, { completion: "CONVERSATION" }]) as [
          OutgoingRecord,
          OutgoingRecord,
          OutgoingRecord,
        ];
        run.read(begin, end);
        run.barrier();
        run.read(late);
      },
    ],
    [
      "with an event that is read before its turn's barrier is reached, and lies behind it",
      "suspect",
      (run) => {
        const [begin, late, end] = run.turn([status, status, { completion: "CONVERSATION" }]) as [
          OutgoingRecord,
          OutgoingRecord,
          OutgoingRecord,
        ];
        const slow = run.turn([status, { chart: "bar" }, { completion: "CONVERSATION" }], conversation("b"));
        const [, chart] = slow.map((record, index) => (index === 1 ? run.write(record) : run.read(record)[0]));
        run.read(begin, end);
        const id = run.ask();
        run.read(late);
        run.grant(id).also(chart as Observation);
      },
    ],
    [
      "with a lost event",
      "suspect",
      (run) => {
        run.read(...run.turn(TASK, conversation("a")).toSpliced(2, 1), ...run.turn(SHORT, conversation("b")));
        run.barrier();
      },
    ],
    [
      "with a text whose chart never comes",
      "suspect",
      (run) => {
        run.read(...run.turn([status, { text: "x", position: "BEFORE" }, { completion: "CONVERSATION" }]));
        run.barrier();
      },
    ],
    [
      "whose completions are read first",
      "legal",
      (run) => {
        const turns = [
          run.turn(TASK, { conversation: "a", message: "1" }),
          run.turn(SHORT, { conversation: "a", message: "2" }),
        ];
        for (const turn of turns) run.read(...turn.slice(-1));
        for (const turn of turns) run.read(...turn.slice(0, -1));
      },
    ],
    [
      "with a record without a key, of a turn that is legal without it",
      "suspect",
      (run) => {
        const [stray] = run.turn([status], { conversation: "a", message: "2" }) as [OutgoingRecord];
        run.read(...run.turn(TASK, conversation("a")), ...run.turn(SHORT, conversation("b")));
        run.read({ ...stray, key: null });
      },
    ],
    [
      "with a record without a key that does not decode at a glance, of a conversation that begins with a byte order mark",
      "suspect",
      (run) => {
        for (const name of ["\u{feff}a", "b"]) {
          const [stray] = run.turn([status], { conversation: name, message: "2" }) as [OutgoingRecord];
          // An id that a later one replaces.
          const value = Uint8Array.of(0x0a, 1, 0x78, ...(stray.value ?? []));
          run.read({ ...stray, key: null }, { ...stray, key: null, value });
        }
        run.read(...run.turn(SHORT, conversation("c")));
      },
    ],
    [
      "with leader epochs that go back to the first",
      "legal",
      (run) => {
        const turn = run.turn([status, status, { completion: "CONVERSATION" }]).map((record) => run.write(record));
        run.also(...turn.map((record, index): Observation => ({ ...record, leaderEpoch: index === 0 ? 1 : 0 })));
      },
    ],
    [
      "with an event that comes after its turn was found legal",
      "suspect",
      (run) => {
        run.read(...run.turn(TASK, conversation("a")));
        run.read(...run.turn(SHORT, conversation("b")));
        run.barrier();
        run.read(run.turn([...TASK, status], { ...conversation("a"), final: 4 }).at(-1) as OutgoingRecord);
      },
    ],
    [
      "with an event that comes after its turn's end",
      "suspect",
      (run) => {
        run.read(...run.turn([...TASK, status], { final: 4 }));
      },
    ],
    [
      "with two turns of a conversation, the first of which completed it",
      "suspect",
      (run) => {
        run.read(...run.turn(SHORT, { conversation: "a", message: "1" }));
        run.read(...run.turn(SHORT, { conversation: "a", message: "2" }));
        run.read(...run.turn(SHORT, conversation("b")));
      },
    ],
    [
      "with a task of another turn completed after the conversation",
      "suspect",
      (run) => {
        run.read(...run.turn(SHORT, { conversation: "a", message: "1" }));
        run.read(...run.turn(TASK, { conversation: "a", message: "2" }));
      },
    ],
    [
      "with a task of the turn completed after its conversation",
      "suspect",
      (run) => {
        run.read(...run.turn([...SHORT, { completion: "TASK", task: "t" }], { final: 1 }));
      },
    ],
    [
      "with many turns of a conversation, the last of which completes it",
      "legal",
      (run) => {
        for (const message of ["1", "2", "3"]) run.read(...run.turn(TASK, { conversation: "a", message }));
        run.read(...run.turn(SHORT, { conversation: "a", message: "4" }));
        run.barrier();
        run.read(...run.turn(SHORT, conversation("b")));
      },
    ],
    [
      "with a turn whose tasks end before its conversation",
      "legal",
      (run) => {
        run.read(...run.turn([...TASK, { completion: "CONVERSATION" }]));
      },
    ],
    [
      "with other events of a turn after another one completed the conversation",
      "suspect",
      (run) => {
        run.read(...run.turn(SHORT, { conversation: "a", message: "1" }));
        run.read(...run.turn([status], { conversation: "a", message: "2" }));
      },
    ],
    [
      "with turns of a conversation found legal before it became suspect",
      "suspect",
      (run) => {
        run.read(...run.turn(TASK, { conversation: "a", message: "1" }), ...run.turn(SHORT, conversation("b")));
        run.barrier();
        run.read(...run.turn(TASK.slice(1), { conversation: "a", message: "2" }));
        run.read(...run.turn(TASK, { conversation: "a", message: "3" }));
        run.read(...run.turn(TASK, conversation("c")));
        run.barrier();
      },
    ],
    [
      "with turns that were open when their conversation became suspect",
      "suspect",
      (run) => {
        const open = run.turn(TASK, { conversation: "a", message: "1" });
        run.read(...open.slice(0, 2), ...run.turn(SHORT, conversation("b")));
        run.read(...run.turn([{ chart: "bar" }], { conversation: "a", message: "2" }));
        run.read(...open.slice(2));
      },
    ],
    [
      "with a turn that awaits its barrier when its conversation becomes suspect",
      "suspect",
      (run) => {
        run.read(...run.turn(TASK, { conversation: "a", message: "1" }));
        const id = run.ask();
        run.read(...run.turn([{ chart: "bar" }], { conversation: "a", message: "2" }));
        run.grant(id);
      },
    ],
    [
      "with turns that grow beyond 64 and 256 events",
      "legal",
      (run) => {
        for (const [name, count] of [
          ["a", 64],
          ["b", 65],
          ["c", 300],
        ] as const) {
          run.read(
            ...run.turn(
              [...Array.from({ length: count - 1 }, () => status), { completion: "CONVERSATION" }],
              conversation(name),
            ),
          );
        }
      },
    ],
    [
      "with a record of one conversation under the key of another",
      "suspect",
      (run) => {
        for (const name of ["a", "b", "c"]) run.read(...run.turn(TASK, { conversation: name, message: "1" }));
        const [record] = run.turn([status], { conversation: "a", message: "2" }) as [OutgoingRecord];
        run.read({ ...record, key: new TextEncoder().encode("b") });
      },
    ],
    [
      "with records that are broken",
      "suspect",
      (run) => {
        const [a, b] = [run.turn(TASK, conversation("a")), run.turn(TASK, conversation("b"))];
        run.read(...a.map((record, index) => (index === 1 ? { ...record, headers: [] } : record)));
        run.read(...b.map((record, index) => (index === 1 ? { ...record, value: Uint8Array.of(0xff) } : record)));
        run.read(...run.turn(TASK, conversation("c")));
      },
    ],
    [
      "with a record that decodes only, not at a glance",
      "legal",
      (run) => {
        run.read(...run.turn(TASK, { conversation: "\u{e9}", message: "1" }), ...run.turn(SHORT, conversation("b")));
      },
    ],
    [
      "with redeliveries, one of them changed",
      "suspect",
      (run) => {
        const [first, ...others] = run.read(...run.turn(SHORT), ...run.turn(TASK.slice(0, 1), conversation("b")));
        run.also(...others, { ...first, headers: [] } as Observation);
      },
    ],
    [
      "with a changed redelivery",
      "legal",
      (run) => {
        const [first] = run.read(...run.turn(SHORT));
        run.also(first as Observation, { ...first, headers: [] } as Observation);
      },
    ],
    [
      "with leader epochs that go back, and with some that are not known",
      "legal",
      (run) => {
        const turn = run
          .turn([status, status, status, { completion: "CONVERSATION" }])
          .map((record) => run.write(record));
        run.also(...turn.map((record, index): Observation => ({ ...record, leaderEpoch: [5, -1, 4, 0][index] ?? 0 })));
      },
    ],
    [
      "with leader epochs that are all unknown",
      "legal",
      (run) => {
        run.also(...run.turn(SHORT).map((record): Observation => ({ ...run.write(record), leaderEpoch: -1 })));
      },
    ],
    [
      "with barriers that don't name all topics",
      "legal",
      (run) => {
        run.read(...run.turn(SHORT));
        const id = run.ask();
        run.also({ kind: "barrier", id, ends: { [chatV2.topicList[0] ?? ""]: [9, 9, 9, 9] } });
      },
    ],
    [
      "with topics of another shape",
      "legal",
      (run) => {
        run.read(...run.turn(SHORT));
        run.also({ kind: "barrier", id: run.ask(), ends: { [chatV2.topicList[0] ?? ""]: [3] } });
      },
    ],
  ])("%s", (_, how, make) => {
    for (const started of [true, false]) {
      const run = new ObservedRun({ started });
      const done = make(run);
      const observations = run.end(done !== false);
      expect(expectSame(observations)).toBe(how);
      // And without an end.
      expectSame(observations.slice(0, -1));
    }
  });

  it("whose end does not name all topics, or was not reached", () => {
    const run = new ObservedRun();
    run.read(...run.turn(SHORT));
    const whole = (run.end().at(-1) as EndObservation).ends;
    const but = (without: string): TopicOffsets =>
      Object.fromEntries(Object.entries(whole).filter(([topic]) => topic !== without));
    run.observations.pop();
    for (const ends of [{}, ...chatV2.topicList.map(but), { ...whole, [chatV2.topics.text]: [4, 3, 3, 3] }]) {
      expectSame([...run.observations, { kind: "end", ends, producersDone: true }]);
    }
  });
});
