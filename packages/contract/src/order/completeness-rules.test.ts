import { type ChatSchema, chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { at, doubts, OPEN, turnOf } from "../../test/support/turn-facts.ts";
import type { Barrier } from "../barrier.ts";
import type { PlacedEvent, SoundEvent } from "../event.ts";
import { held, idle, unprovable } from "../finding.ts";
import type { TurnFacts, TurnLedger } from "../turn/facts.ts";
import { nothingIsLate, openTasks, turnEnds } from "./completeness-rules.ts";

const TASK = 1;
const CONVERSATION = 2;
const NOT_READ = "what is missing was acknowledged at offsets that were not read";
const ledger = (rest: Partial<TurnLedger> = {}): { ledger: TurnLedger } => ({
  ledger: { planned: 9, missing: [], absent: [], unseen: [], indefinite: [], ...rest },
});
const ids = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
/** The run goes on, or ended without its producers being done. */
const notDone = [
  { ended: false, producersDone: false },
  { ended: false, producersDone: true },
  { ended: true, producersDone: false },
];

describe("ORD-05", () => {
  /** A barrier with these ends in partition 2 of the topic of status events. */
  const barrier = (end: number | undefined, schema: ChatSchema, id: number | undefined = 4): Barrier => ({
    id,
    index: 0,
    ends: end === undefined ? {} : { [schema.topics.status]: [0, 0, end] },
  });
  const judge = (
    schema: ChatSchema,
    events: readonly SoundEvent[],
    barrierOf: (event: PlacedEvent) => Barrier | undefined,
    rest: Partial<TurnFacts> = {},
  ): unknown => told(nothingIsLate(turnFacts(schema, events, { ...rest, barrierOf })));

  const v2 = turnOf(status(), status(), ["t", completion(TASK, 3)]);

  it("names an event at the very end offset that its end's barrier was granted with, and none below it", () => {
    const asked: string[] = [];
    const barrierOf = (event: PlacedEvent): Barrier => {
      asked.push(event.event.eventId);
      return barrier(2, chatV2);
    };
    expect(judge(chatV2, v2, barrierOf)).toEqual({
      expected: `an offset below 2, which was the end of ${chatV2.topics.status}, partition 2, once the completion was observed`,
      actual: "sequence 2 at offset 2",
      records: [at(v2[1]), at(v2[2])],
      notes: [`the end: ${chatV2.topics.completion}/2@3`, "barrier 4 was asked for after it was observed"],
      eventIds: ["e2", "e3"],
    });
    expect(new Set(asked)).toEqual(new Set(["e3"]));
    expect(judge(chatV2, v2, () => barrier(3, chatV2))).toEqual(held);
  });

  it("says what was said before it came, and which barrier tells", () => {
    const v1 = turnOf(["t", status()], ["t", completion(TASK)]);
    const message = (schema: ChatSchema, events: readonly SoundEvent[]): unknown =>
      nothingIsLate(turnFacts(schema, events, { barrierOf: () => barrier(1, schema) }));
    expect(message(chatV2, v2)).toMatchObject({
      finding: { message: "A status event came after the end of its turn had been said." },
    });
    expect(message(chatV1, v1)).toMatchObject({
      finding: { message: "A status event came after the end of its task had been said." },
    });
    expect(judge(chatV2, v2, () => ({ ...barrier(2, chatV2), id: undefined }))).toMatchObject({
      notes: [
        `the end: ${chatV2.topics.completion}/2@3`,
        "barrier at the end of the run was asked for after it was observed",
      ],
    });
  });

  it("takes a task's own completion for the end of its events in chat.v1, else CONVERSATION", () => {
    const events = turnOf(
      status(),
      ["t", status()],
      ["t", completion(TASK)],
      ["u", status()],
      completion(CONVERSATION),
    );
    const of = (offsetsAreEnds: string): unknown =>
      judge(chatV1, events, ({ event }) => barrier(event.eventId === offsetsAreEnds ? 0 : 99, chatV1));
    // e2 stands for what t's completion vouches for; e1 and e4 for what only CONVERSATION does.
    expect(of("e3")).toMatchObject({ eventIds: ["e2", "e3"], actual: "timestamp 1761733800.000000002 at offset 2" });
    expect(of("e5")).toMatchObject({ eventIds: ["e1", "e5"] });
    expect(of("none")).toEqual(held);
  });

  it("says nothing of what stands behind the end, or of events that no end vouches for", () => {
    const behind = turnOf(["t", completion(TASK, 1)], status(), status());
    expect(judge(chatV2, behind, () => barrier(0, chatV2))).toEqual(held);
    expect(judge(chatV2, turnOf(status(), status()), () => barrier(0, chatV2), OPEN)).toEqual(idle);
  });

  it("says nothing where no barrier was granted, or none that names the partition", () => {
    expect(judge(chatV2, v2, () => undefined)).toEqual(held);
    expect(judge(chatV2, v2, () => barrier(undefined, chatV2))).toEqual(held);
    expect(judge(chatV2, v2, () => ({ ...barrier(2, chatV2), ends: { [chatV2.topics.status]: [0, 0] } }))).toEqual(
      held,
    );
  });

  it("takes the end of the turn for every event's in chat.v2, also where its task was completed before", () => {
    const events = turnOf(["t", status()], ["t", completion(TASK)], ["u", completion(TASK, 3)]);
    const of = (offsetsAreEnds: string): unknown =>
      judge(chatV2, events, ({ event }) => barrier(event.eventId === offsetsAreEnds ? 0 : 99, chatV2));
    expect(of("e2")).toEqual(held);
    expect(of("e3")).toMatchObject({ eventIds: ["e1", "e3"] });
  });

  it("does not call the end late by its own barrier", () => {
    const ends = { [chatV2.topics.completion]: [0, 0, 3] };
    expect(judge(chatV2, v2, () => ({ id: 4, index: 0, ends }))).toEqual(held);
  });

  it("looks at every event, not only at the first", () => {
    const many = turnOf(status(), text(4), status(), ["t", completion(TASK, 4)]);
    expect(judge(chatV2, many, () => barrier(3, chatV2))).toMatchObject({ eventIds: ["e3", "e4"] });
  });

  it("is unprovable across a gap, and for a turn that was not seen whole", () => {
    expect(judge(chatV2, v2, () => barrier(2, chatV2), { gap: "a gap" })).toEqual(unprovable("a gap"));
    for (const [why, rest] of doubts) expect(judge(chatV2, v2, () => undefined, rest)).toEqual(unprovable(why));
  });

  it("names what is late in a turn that goes on, too", () => {
    expect(judge(chatV2, v2, () => barrier(2, chatV2), OPEN)).toMatchObject({ eventIds: ["e2", "e3"] });
  });
});

describe.each(chatSchemas)("ORD-07 in $name", (schema) => {
  const events = turnOf(["t", status()], ["u", status()], ["t", completion(TASK, 3)]);
  const closed = turnOf(["t", status()], ["t", completion(TASK, 2)]);
  const judge = (own: readonly SoundEvent[], rest: Partial<TurnFacts> = {}): unknown =>
    told(turnEnds(turnFacts(schema, own, rest)));

  it("holds for a turn that ended and left no task open", () => {
    expect(judge(closed)).toEqual(held);
    const [why, rest] = doubts[0] ?? [""];
    expect(judge(closed, rest)).toEqual(unprovable(why));
    for (const run of notDone) expect(judge(closed, { run })).toEqual(held);
  });

  it("is idle while the turn goes on and the producer may, too", () => {
    for (const run of notDone) expect(judge(events, { ended: false, run })).toEqual(idle);
  });

  it("leaves open tasks of an ended turn open until the producer is done", () => {
    for (const run of notDone) {
      expect(judge(events, { run })).toEqual(unprovable("the producer is not known to be done"));
    }
  });

  it("names the open tasks, and the last event as the witness", () => {
    expect(judge(events)).toEqual({
      expected: schema.sequenced
        ? "a completion with last_sequence, and every named task completed"
        : "every task completed, or CONVERSATION",
      actual: "open: u",
      records: [at(events[2], schema)],
      notes: ["the run ended with its producers done, and every partition was read to its end offset"],
      eventIds: ["e3"],
    });
    expect(judge(turnOf(["a", status()], ["b", status()]), { ended: false })).toMatchObject({ actual: "open: a, b" });
  });

  it("says what there is instead of an end", () => {
    expect(judge(turnOf(status()), { ended: false })).toMatchObject({ actual: "no completion", eventIds: ["e1"] });
    expect(judge([], { ended: false, ...ledger({ missing: ids("m", 10) }) })).toMatchObject({
      actual: "no event at all",
      records: [],
      eventIds: ids("m", 8),
    });
    expect(judge([], { ended: false })).toMatchObject({ records: [], eventIds: [] });
  });

  it("is unprovable where what ends the turn may not have been read", () => {
    expect(judge(events, { gap: "a gap" })).toEqual(unprovable("a gap"));
    expect(judge(closed, { gap: "a gap" })).toEqual(unprovable("a gap"));
    const absent = unprovable("events of the turn were acknowledged and are not in the log (KAF-04)");
    expect(judge(events, ledger({ absent: ["x"] }))).toEqual(absent);
    expect(judge(closed, ledger({ absent: ["x"] }))).toEqual(absent);
    expect(judge(events, ledger({ unseen: ["x"] }))).toEqual(unprovable(NOT_READ));
    expect(judge(closed, ledger({ unseen: ["x"] }))).toEqual(held);
    expect(judge(events, ledger({ missing: ["x"] }))).toMatchObject({ actual: "open: u" });
  });

  it("has no open task after CONVERSATION", () => {
    const ended = turnOf(["t", status()], completion(CONVERSATION, 2));
    expect(openTasks(turnFacts(schema, ended))).toEqual([]);
    expect(judge(ended)).toEqual(held);
    expect(openTasks(turnFacts(schema, events))).toEqual(["u"]);
  });
});
