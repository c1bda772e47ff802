import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { describe, it } from "vitest";
import type { Step } from "../../test/support/chat.ts";
import { expectHow, type RunMaker, SHORT, TASK } from "../../test/support/observed-run.ts";
import type { Observation, StartObservation } from "../observation.ts";

const conversation = (name: string) => ({ conversation: name, message: `turn of ${name}` });
const status: Step = { status: "more" };

describe("two looks say what the monitor says of a run", () => {
  it.each<[what: string, how: "legal" | "suspect", make: RunMaker]>([
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
      "with a record that does not decode at a glance beside a conversation that needs a second look",
      "suspect",
      (run) => {
        run.read(...run.turn([{ chart: "bar" }], conversation("a")));
        const other = run.turn([status, ...TASK], conversation("b"));
        // An id that a later one replaces.
        const twice = other.map((record, index) =>
          index === 1 ? { ...record, value: Uint8Array.of(0x0a, 1, 0x78, ...(record.value ?? [])) } : record,
        );
        run.read(...twice);
      },
    ],
    [
      "that began with another shape of a topic",
      "legal",
      (run) => {
        run.read(...run.turn(SHORT));
        const [start] = run.observations.splice(0, 1) as [StartObservation];
        if (start.start === undefined) run.observations.unshift(start);
        else run.observations.unshift({ ...start, start: { ...start.start, [chatV2.topics.text]: [3, 3] } });
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
      "with more offsets without a record than there is memory for",
      "legal",
      (run) => {
        const turn = run.turn(TASK);
        const [first] = run.read(...turn.slice(0, 1));
        for (const record of turn) run.mark(record, 2 ** 45);
        const others = run.read(...turn.slice(1));
        run.also(first as Observation, ...others);
      },
    ],
    [
      "with a changed redelivery",
      "legal",
      (run) => {
        const [first] = run.read(...run.turn(SHORT));
        run.barrier();
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
    expectHow(make, how);
  });
});
