import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type BarrierLaw, type Barriers, barrierLaw, createBarriers } from "./barrier.ts";
import type { TopicOffsets } from "./observation.ts";

const ends = (topics: readonly string[], end: number): TopicOffsets =>
  Object.fromEntries(topics.map((topic) => [topic, [end]]));
const all = (end: number): TopicOffsets => ends([...chatV1.topicList, ...chatV2.topicList], end);

function asked(ids: readonly number[], keep = 10, law: BarrierLaw = barrierLaw): Barriers {
  const barriers = createBarriers(law, keep);
  for (const id of ids) barriers.ask(id);
  return barriers;
}

describe("barriers", () => {
  it("are asked for under growing numbers", () => {
    const barriers = asked([3]);
    expect(barriers.asked).toBe(1);
    expect(() => barriers.ask(3)).toThrow("[observation] barrier 3 is asked for after barrier 3");
    expect(() => barriers.ask(2)).toThrow("[observation] barrier 2 is asked for after barrier 3");
    barriers.ask(7);
    expect(barriers.asked).toBe(2);
  });

  it("are granted once, if they were asked for, in the order of asking", () => {
    const barriers = asked([1, 4, 6]);
    const what = (id: number): string =>
      `[observation] barrier ${id} is granted, and was not asked for or came out of order`;
    expect(() => barriers.grant(2, all(1))).toThrow(what(2));
    expect(barriers.grant(4, all(9))).toEqual({ id: 4, index: 1, ends: all(9) });
    expect(() => barriers.grant(4, all(9))).toThrow(what(4));
    // One asked for before a granted one never will be.
    expect(() => barriers.grant(1, all(9))).toThrow(what(1));
    expect(barriers.grant(6, all(9)).index).toBe(2);
    expect(barriers.granted).toBe(2);
  });

  it("cover what was observed before they were asked for: the first of them", () => {
    const barriers = asked([1, 2, 3]);
    expect(barriers.covering(0, chatV2)).toBeUndefined();
    for (const id of [1, 2, 3]) barriers.grant(id, all(id));
    expect([0, 1, 2, 3].map((since) => barriers.covering(since, chatV2)?.id)).toEqual([1, 2, 3, undefined]);
  });

  it("count for nothing where they were not granted, or do not name all topics of the version", () => {
    const barriers = asked([1, 2, 3, 4]);
    barriers.grant(2, ends(chatV1.topicList, 1));
    barriers.grant(3, ends([...chatV1.topicList, ...chatV2.topicList.slice(1)], 1));
    barriers.grant(4, all(1));
    expect(barriers.covering(0, chatV1)?.id).toBe(2);
    expect(barriers.covering(0, chatV2)?.id).toBe(4);
  });

  it("are forgotten but for the last", () => {
    const barriers = asked([1, 2, 3], 2);
    for (const id of [1, 2, 3]) barriers.grant(id, all(id));
    expect(barriers.covering(0, chatV2)?.id).toBe(2);
    expect(barriers.granted).toBe(3);
  });

  it("have three comparisons that are right at the edge", () => {
    expect([0, 1, 2].map((index) => barrierLaw.covers(index, 1))).toEqual([false, true, true]);
    expect([0, 1, 2].map((position) => barrierLaw.reached(position, 1))).toEqual([false, true, true]);
    expect([0, 1, 2].map((offset) => barrierLaw.late(offset, 1))).toEqual([false, true, true]);
  });
});
