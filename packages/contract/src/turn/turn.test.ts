import { type ChatSchema, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status } from "../../test/support/facts.ts";
import type { EventBody, PlacedEvent, SoundEvent } from "../event.ts";
import { createTurn, isFinal, turnKey } from "./turn.ts";

const TASK = 1;
const CONVERSATION = 2;
const make = (schema: ChatSchema, window = 10) => createTurn(schema, "conv", "msg", window);
const placed = (
  schema: ChatSchema,
  body: EventBody,
  sequence: number,
  {
    asked = 0,
    offset = sequence,
    partition = 2,
    ...rest
  }: Partial<SoundEvent> & {
    asked?: number;
    offset?: number;
    partition?: number;
  } = {},
): PlacedEvent => {
  const event = soundEvent(body, sequence, rest);
  return { event, place: { ...placeOf(schema, event), offset, partition }, asked };
};

describe("a turn", () => {
  it("keeps its events in the order of observation, and the partitions they lie in", () => {
    const turn = make(chatV2);
    turn.add(placed(chatV2, status(), 2, { partition: 4 }));
    turn.add(placed(chatV2, status(), 1, { taskId: "t" }));
    expect(turn.events.map(({ event }) => [event.sequence, event.taskId])).toEqual([
      [2, ""],
      [1, "t"],
    ]);
    expect(turn.partitions).toEqual(new Set([4, 2]));
    expect([turn.spoiled, turn.overflowed, turn.endAsked, turn.decidedBy]).toEqual([
      undefined,
      false,
      undefined,
      undefined,
    ]);
  });

  it("is given up when sequences lie as far apart as the window", () => {
    const turn = make(chatV2, 3);
    turn.add(placed(chatV2, status(), 3));
    turn.add(placed(chatV2, status(), 1));
    turn.add(placed(chatV2, status(), 4));
    expect(turn.overflowed).toBe(false);
    turn.add(placed(chatV2, status(), 5));
    expect([turn.overflowed, turn.events, turn.spoiled]).toEqual([
      true,
      [],
      "sequence 5 came while 2 was missing: further apart than the window of 3",
    ]);
    turn.add(placed(chatV2, status(), 2));
    expect(turn.events).toEqual([]);
    turn.add(placed(chatV2, completion(TASK, 6), 6, { asked: 2, partition: 7 }));
    expect([turn.endAsked, turn.partitions.has(7)]).toEqual([2, true]);
    const other = make(chatV1, 1);
    for (const sequence of [1, 9]) other.add(placed(chatV1, status(), sequence));
    expect([other.overflowed, other.events.length]).toEqual([false, 2]);
  });

  it("is spoiled for the first reason", () => {
    const turn = make(chatV2);
    turn.spoil("first", 6);
    turn.spoil("second");
    expect([turn.spoiled, turn.partitions, turn.endAsked]).toEqual(["first", new Set([6]), undefined]);
    turn.spoil("third", 6, 3);
    turn.spoil("fourth", 6, 5);
    expect(turn.endAsked).toBe(3);
  });

  it("ends in chat.v2 with the final completion that is first in emission order", () => {
    const turn = make(chatV2);
    turn.add(placed(chatV2, completion(TASK), 1, { taskId: "t", asked: 1 }));
    turn.add(placed(chatV2, completion(CONVERSATION), 2, { asked: 1 }));
    expect(turn.endAsked).toBeUndefined();
    turn.add(placed(chatV2, completion(TASK, 5), 5, { asked: 4 }));
    expect(turn.endAsked).toBe(4);
    turn.add(placed(chatV2, completion(TASK, 4), 4, { asked: 7 }));
    expect(turn.endAsked).toBe(7);
    turn.add(placed(chatV2, completion(TASK, 4), 4, { asked: 8 }));
    turn.add(placed(chatV2, completion(TASK, 6), 6, { asked: 9 }));
    expect(turn.endAsked).toBe(7);
  });

  it("ends in chat.v1 with CONVERSATION, or rests while every task is closed", () => {
    const turn = make(chatV1);
    turn.add(placed(chatV1, status(), 1));
    expect(turn.endAsked).toBeUndefined();
    turn.add(placed(chatV1, status(), 2, { taskId: "t" }));
    expect(turn.endAsked).toBeUndefined();
    turn.add(placed(chatV1, completion(TASK), 3, { taskId: "t", asked: 1 }));
    expect(turn.endAsked).toBe(1);
    // The same once more closes nothing.
    turn.add(placed(chatV1, completion(TASK), 4, { taskId: "t", asked: 2 }));
    expect(turn.endAsked).toBe(1);
    turn.add(placed(chatV1, status(), 5, { taskId: "u", asked: 3 }));
    expect(turn.endAsked).toBeUndefined();
    turn.add(placed(chatV1, completion(TASK), 6, { taskId: "u", asked: 4 }));
    expect(turn.endAsked).toBe(4);
    turn.add(placed(chatV1, completion(CONVERSATION), 7, { asked: 6 }));
    expect(turn.endAsked).toBe(6);
    turn.add(placed(chatV1, status(), 8, { taskId: "v", asked: 7 }));
    expect(turn.endAsked).toBe(6);
  });

  it("knows the completion at the highest offset of each partition", () => {
    const turn = make(chatV1);
    const offsets = (): unknown => [...turn.completions].map(([partition, { place }]) => [partition, place.offset]);
    turn.add(placed(chatV1, status(), 1));
    expect(offsets()).toEqual([]);
    turn.add(placed(chatV1, completion(TASK), 2, { taskId: "t", offset: 8 }));
    turn.add(placed(chatV1, completion(TASK), 3, { taskId: "t", offset: 6 }));
    turn.add(placed(chatV1, completion(TASK), 4, { taskId: "t", offset: 1, partition: 3 }));
    expect(offsets()).toEqual([
      [2, 8],
      [3, 1],
    ]);
    turn.add(placed(chatV1, completion(CONVERSATION), 5, { offset: 9 }));
    expect(offsets()).toEqual([
      [2, 9],
      [3, 1],
    ]);
  });

  it("keeps the barrier that decided it last", () => {
    const turn = make(chatV2);
    for (const id of [1, 2]) turn.decide({ id, index: id, ends: {} });
    expect(turn.decidedBy?.id).toBe(2);
  });

  it("is final in its version's own way", () => {
    expect(isFinal(chatV1, placed(chatV1, completion(CONVERSATION), 1))).toBe(true);
    expect(isFinal(chatV1, placed(chatV1, completion(TASK, 1), 1))).toBe(false);
    expect(isFinal(chatV2, placed(chatV2, completion(CONVERSATION), 1))).toBe(false);
    expect(isFinal(chatV2, placed(chatV2, completion(TASK, 1), 1))).toBe(true);
    expect(isFinal(chatV2, placed(chatV2, status(), 1))).toBe(false);
  });

  it("has a key that no other pair of ids has", () => {
    expect(turnKey("ab", "c")).not.toBe(turnKey("a", "bc"));
    expect(turnKey("ab", "c")).toBe(turnKey("ab", "c"));
  });
});
