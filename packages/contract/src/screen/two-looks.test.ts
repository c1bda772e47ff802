import { type AnyEnvelope, chatV2, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import { describe, it } from "vitest";
import { envelopes, type Step } from "../../test/support/chat.ts";
import { expectHow, expectSame, ObservedRun, type RunMaker, SHORT, TASK } from "../../test/support/observed-run.ts";
import type { EndObservation, Observation, TopicOffsets } from "../observation.ts";

const conversation = (name: string) => ({ conversation: name, message: `turn of ${name}` });
const status: Step = { status: "more" };

describe("two looks say what the monitor says of a run", () => {
  it.each<[what: string, how: "legal" | "suspect", make: RunMaker]>([
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
      "with a turn whose sequences lie further apart than a live monitor's window",
      "suspect",
      (run) => {
        const [begin, end] = envelopes(chatV2, SHORT) as [AnyEnvelope, AnyEnvelope];
        const far = structuredClone(end) as typeof end & { sequence: number };
        far.sequence = 1_500;
        if (far.event.case === "completion" && "lastSequence" in far.event.value) far.event.value.lastSequence = 1_500;
        run.read(encodeRecord(chatV2, far, 4), encodeRecord(chatV2, begin, 4));
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
  ])("%s", (_, how, make) => {
    expectHow(make, how);
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
