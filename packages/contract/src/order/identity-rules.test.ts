import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, soundEvent, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { at, doubts, OPEN } from "../../test/support/turn-facts.ts";
import type { SoundEvent } from "../event.ts";
import { held, idle, unprovable } from "../finding.ts";
import type { TurnRule } from "../turn/facts.ts";
import { noRecordTwice, noSequenceTwice, orderIsKept, timestampsFollow } from "./identity-rules.ts";

const topic = chatV2.topics.status;
const older = chatV1.topics.status;
/** The turn's events with one of them at other places, too. */
const moved = (
  facts: ReturnType<typeof turnFacts>,
  offsets: readonly number[],
  partitions: readonly number[] = [],
) => ({
  ...facts,
  events: facts.events.map((placed, index) => ({
    ...placed,
    place: { ...placed.place, offset: offsets[index] ?? 0, partition: partitions[index] ?? placed.place.partition },
  })),
});

describe("a turn with nothing wrong", () => {
  const events = [soundEvent(status(), 1), soundEvent(text(4), 2), soundEvent(completion(1, 3), 3)];

  it.each([
    ["ORD-01", noRecordTwice],
    ["ORD-02", noSequenceTwice],
    ["ORD-03", orderIsKept],
    ["ORD-08", timestampsFollow],
  ] as const)("holds %s if it ended and was seen whole", (_, rule: TurnRule) => {
    expect(rule(turnFacts(chatV2, events))).toEqual(held);
    expect(rule(turnFacts(chatV2, events, OPEN))).toEqual(idle);
    const [why, rest] = doubts[0] ?? [""];
    expect(rule(turnFacts(chatV2, events, rest))).toEqual(unprovable(why));
  });

  it("has no sequence to be judged in chat.v1", () => {
    const twice = [soundEvent(status(), 1), soundEvent(status(), 1, { eventId: "other" })];
    expect(noSequenceTwice(turnFacts(chatV1, twice))).toEqual(idle);
    const back = [
      soundEvent(status(), 1, { timestamp: { seconds: 100n, nanos: 0 } }),
      soundEvent(status(), 2, { timestamp: { seconds: 1n, nanos: 0 } }),
    ];
    expect(timestampsFollow(turnFacts(chatV1, back))).toEqual(idle);
  });
});

describe("ORD-01", () => {
  it("names the two places of the first event that was sent twice", () => {
    const events = [soundEvent(status(), 1), soundEvent(text(4), 2), soundEvent(text(4), 3, { eventId: "e2" })];
    expect(told(noRecordTwice(turnFacts(chatV2, events)))).toEqual({
      expected: "each event_id at one offset",
      actual: `${chatV2.topics.text}/2@2 and ${chatV2.topics.text}/2@3 both hold "e2"`,
      records: [at(events[1]), at(events[2])],
      notes: [],
      eventIds: ["e2"],
    });
  });

  it("counts how many more there are", () => {
    const again = (sequence: number, eventId: string): SoundEvent => soundEvent(status(), sequence, { eventId });
    const events = [again(1, "a"), again(2, "b"), again(3, "a"), again(4, "b"), again(5, "a")];
    expect(told(noRecordTwice(turnFacts(chatV2, events)))).toMatchObject({
      records: [at(events[0]), at(events[2])],
      notes: ["2 more like it in this turn"],
      eventIds: ["a"],
    });
  });
});

describe("ORD-02", () => {
  it("names the two events that share a sequence", () => {
    const events = [soundEvent(status(), 1), soundEvent(status(), 2), soundEvent(text(4), 2, { eventId: "x" })];
    expect(told(noSequenceTwice(turnFacts(chatV2, events)))).toEqual({
      expected: "one event_id for each sequence",
      actual: `${topic}/2@2 is "e2", ${chatV2.topics.text}/2@2 is "x"`,
      records: [at(events[1]), at(events[2])],
      notes: [],
      eventIds: ["e2", "x"],
    });
  });

  it("has nothing against one event that was sent twice: that is ORD-01", () => {
    expect(noSequenceTwice(turnFacts(chatV2, [soundEvent(status(), 1), soundEvent(status(), 1)]))).toEqual(held);
  });

  it("counts how many more there are", () => {
    const events = ["a", "b", "a", "c"].map((eventId) => soundEvent(status(), 1, { eventId }));
    expect(told(noSequenceTwice(turnFacts(chatV2, events)))).toMatchObject({ notes: ["1 more like it in this turn"] });
  });
});

describe("ORD-03", () => {
  it("is about offsets of one partition of one topic", () => {
    const events = [soundEvent(status(), 1), soundEvent(status(), 2), soundEvent(text(4), 3)];
    const facts = turnFacts(chatV2, events);
    expect(told(orderIsKept(moved(facts, [9, 8, 1])))).toEqual({
      expected: "sequence 1 at a lower offset than sequence 2",
      actual: "offset 8 has sequence 2, offset 9 has sequence 1",
      records: [
        { topic, partition: 2, offset: 8 },
        { topic, partition: 2, offset: 9 },
      ],
      eventIds: ["e2", "e1"],
    });
    expect(orderIsKept(moved(facts, [9, 8, 1], [3, 2, 2]))).toEqual(held);
  });

  it("compares each with the one before it, wherever in the turn they stand", () => {
    const events = [1, 2, 3, 4].map((sequence) => soundEvent(status(), sequence));
    expect(told(orderIsKept(moved(turnFacts(chatV2, events), [1, 2, 5, 4])))).toMatchObject({ eventIds: ["e4", "e3"] });
    expect(told(orderIsKept(moved(turnFacts(chatV2, events), [2, 1, 3, 4])))).toMatchObject({ eventIds: ["e2", "e1"] });
  });

  it("lets no two events of a partition have the same place in the order", () => {
    const events = [soundEvent(status(), 1), soundEvent(status(), 1, { eventId: "x" })];
    expect(told(orderIsKept(moved(turnFacts(chatV2, events), [1, 2])))).toMatchObject({ eventIds: ["e1", "x"] });
  });

  it("lets no two events of a chat.v1 turn have the same timestamp, whatever their topics", () => {
    const timestamp = { seconds: 7n, nanos: 5 };
    const events = [
      soundEvent(status(), 1, { timestamp: { seconds: 7n, nanos: 4 } }),
      soundEvent(status(), 2, { timestamp }),
      soundEvent(text(4), 3, { timestamp }),
    ];
    expect(told(orderIsKept(turnFacts(chatV1, events)))).toEqual({
      expected: "each event at least 1 ns later than the one before",
      actual: `${older}/2@2 and ${chatV1.topics.text}/2@3 both have timestamp 7.000000005`,
      records: [at(events[1], chatV1), at(events[2], chatV1)],
      eventIds: ["e2", "e3"],
    });
    const later = [...events.slice(0, 2), soundEvent(text(4), 3, { timestamp: { seconds: 7n, nanos: 6 } })];
    expect(orderIsKept(turnFacts(chatV1, later))).toEqual(held);
  });

  it("has nothing against equal timestamps in chat.v2", () => {
    const timestamp = { seconds: 7n, nanos: 5 };
    const events = [soundEvent(status(), 1, { timestamp }), soundEvent(text(4), 2, { timestamp })];
    expect(orderIsKept(turnFacts(chatV2, events))).toEqual(held);
    // Equal sequences are ORD-02's.
    expect(orderIsKept(turnFacts(chatV2, [soundEvent(status(), 1), soundEvent(text(4), 1)]))).toEqual(held);
  });
});

describe("ORD-08", () => {
  const stamped = (sequence: number, ms: number, eventId = `e${sequence}`): SoundEvent => {
    const nanos = BigInt(ms) * 1_000_000n;
    const timestamp = { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
    return soundEvent(status(), sequence, { timestamp, eventId });
  };
  const judge = (...events: readonly SoundEvent[]): unknown => told(timestampsFollow(turnFacts(chatV2, events)));

  it("lets a timestamp go back by 2 s and no more", () => {
    expect(judge(stamped(1, 9_000), stamped(2, 7_000))).toEqual(held);
    const events = [stamped(1, 9_000), stamped(2, 6_999)];
    expect(judge(...events)).toEqual({
      expected: "a timestamp not more than 2 s before that of the event with the next lower sequence",
      actual: "timestamp 6.999000000 after timestamp 9.000000000",
      records: [at(events[0]), at(events[1])],
      eventIds: ["e1", "e2"],
    });
  });

  it("says by how much, in seconds", () => {
    const check = timestampsFollow(turnFacts(chatV2, [stamped(1, 9_500), stamped(2, 6_250)]));
    expect(check).toMatchObject({ finding: { message: "Sequence 2 is stamped 3.25 s before sequence 1." } });
  });

  it("compares neighbours only: small steps back may add up, across a hole too", () => {
    expect(judge(stamped(1, 9_000), stamped(2, 7_500), stamped(3, 6_000))).toEqual(held);
    expect(judge(stamped(1, 9_000), stamped(3, 6_000))).toEqual(held);
  });

  it("compares each event that bears a sequence with the one numbered one less", () => {
    expect(judge(stamped(1, 9_000), stamped(2, 9_000), stamped(2, 5_000, "x"))).toMatchObject({
      eventIds: ["e1", "x"],
    });
    // Two of one sequence are ORD-02's.
    expect(judge(stamped(2, 9_000), stamped(2, 5_000, "x"))).toEqual(held);
  });
});
