import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, soundEvent, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { at, doubts, OPEN, turnOf } from "../../test/support/turn-facts.ts";
import type { PlacedEvent } from "../event.ts";
import { held, idle, unprovable } from "../finding.ts";
import { nothingFollows } from "./end-rules.ts";

const TASK = 1;
const CONVERSATION = 2;

describe("ORD-06", () => {
  it("holds for a turn that ended and has nothing behind its end", () => {
    const events = turnOf(status(), ["t", text(4)], ["t", completion(TASK, 3)]);
    expect(nothingFollows(turnFacts(chatV2, events))).toEqual(held);
    expect(nothingFollows(turnFacts(chatV2, events, OPEN))).toEqual(idle);
    expect(nothingFollows(turnFacts(chatV2, turnOf(status(), text(4)), OPEN))).toEqual(idle);
    const [why, rest] = doubts[0] ?? [""];
    expect(nothingFollows(turnFacts(chatV2, events, rest))).toEqual(unprovable(why));
  });

  it("lets no event follow the final completion", () => {
    const events = turnOf(status(), ["t", completion(TASK, 2)], status(), status());
    expect(nothingFollows(turnFacts(chatV2, events))).toEqual({
      status: "violated",
      finding: {
        message: "A status event follows the final completion of the turn.",
        expected: "nothing after sequence 2",
        actual: "sequence 3",
        records: [at(events[1]), at(events[2])],
        notes: [`the end: ${chatV2.topics.completion}/2@2`],
        eventIds: ["e3", "e2"],
      },
    });
  });

  it("lets no second final completion follow the first", () => {
    const events = turnOf(status(), ["t", completion(TASK, 2)], ["u", completion(TASK, 3)]);
    expect(nothingFollows(turnFacts(chatV2, events))).toMatchObject({
      finding: { message: "A completion event follows the final completion, and is one itself." },
    });
    const plain = turnOf(status(), ["t", completion(TASK, 2)], ["u", completion(TASK)]);
    expect(nothingFollows(turnFacts(chatV2, plain))).toMatchObject({
      finding: { message: "A completion event follows the final completion of the turn." },
    });
  });

  it("tells chat.v1's order by timestamps", () => {
    const events = turnOf(status(), completion(CONVERSATION), status());
    expect(told(nothingFollows(turnFacts(chatV1, events)))).toMatchObject({
      expected: "nothing after timestamp 1761733800.000000002",
      actual: "timestamp 1761733800.000000003",
      records: [at(events[1], chatV1), at(events[2], chatV1)],
    });
  });

  it("lets no event of a task follow the task's completion", () => {
    const events = turnOf(
      status(),
      ["t", completion(TASK)],
      ["u", text(4)],
      ["t", text(4)],
      completion(CONVERSATION, 5),
    );
    expect(nothingFollows(turnFacts(chatV2, events))).toMatchObject({
      finding: {
        message: "A text event follows the completion of t.",
        expected: "nothing after sequence 2",
        actual: "sequence 4",
        records: [at(events[1]), at(events[3])],
        eventIds: ["e4", "e2"],
      },
    });
    const twice = turnOf(status(), ["t", completion(TASK)], ["t", completion(TASK)], completion(CONVERSATION, 4));
    expect(nothingFollows(turnFacts(chatV2, twice))).toMatchObject({
      finding: { message: "A completion event follows the completion of t, and is one itself." },
    });
  });

  describe("with another turn's CONVERSATION in the partition", () => {
    const events = turnOf(status(), ["t", completion(TASK, 2)]);
    const place = { topic: chatV2.topics.completion, partition: 5, offset: 40 };
    const conversationEnd: PlacedEvent = {
      event: soundEvent(completion(CONVERSATION), 9, { eventId: "end", messageId: "other" }),
      place,
      asked: 0,
    };
    const judge = (offset: number, partition = 5): unknown => {
      const facts = turnFacts(chatV2, events);
      const newest = facts.events.at(-1);
      const completions = new Map(
        newest === undefined ? [] : [[partition, { ...newest, place: { ...place, partition, offset } }] as const],
      );
      const conversationEndIn = (asked: number): PlacedEvent | undefined => (asked === 5 ? conversationEnd : undefined);
      return nothingFollows({ ...facts, completions, conversationEndIn });
    };

    it("lets no completion lie above it", () => {
      expect(judge(41)).toEqual({
        status: "violated",
        finding: {
          message: "The turn completes after its conversation was completed.",
          expected: `no completion of the conversation after offset 40 of ${place.topic}, partition 5`,
          actual: "a completion at offset 41",
          records: [place, { ...place, offset: 41 }],
          notes: [`CONVERSATION of turn other: ${place.topic}/5@40`],
          eventIds: ["e2", "end"],
        },
      });
    });

    it("has nothing against completions below it, or in other partitions", () => {
      expect(judge(39)).toEqual(held);
      expect(judge(40)).toEqual(held);
      expect(judge(41, 6)).toEqual(held);
    });
  });
});
