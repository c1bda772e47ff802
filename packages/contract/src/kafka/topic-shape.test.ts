import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { told } from "../../test/support/facts.ts";
import { idle } from "../finding.ts";
import { createTopicShapes } from "./topic-shape.ts";

describe("KAF-01 of the topics", () => {
  const alike = (count: number, topics = chatV2.topicList) =>
    Object.fromEntries(topics.map((name) => [name, Array.from({ length: count }, () => 0)]));
  const shapes = (...notes: (readonly [source: string, offsets: Record<string, number[]>])[]) => {
    const all = createTopicShapes();
    for (const [source, offsets] of notes) all.note(source, offsets);
    return all;
  };
  const actual = (all: ReturnType<typeof shapes>, partitions = 8, schema = chatV2 as typeof chatV1 | typeof chatV2) => {
    const check = all.judge(schema, partitions);
    return check?.status === "violated" ? check.finding.actual : check?.status;
  };

  it("wants the same power of two of each topic of the version, throughout", () => {
    expect(actual(shapes(["start", alike(8)], ["end", alike(8)]))).toBeUndefined();
    expect(actual(shapes(), 1)).toBeUndefined();
    expect(actual(shapes(), 6)).toBe("6 partitions");
    const [first, ...rest] = chatV2.topicList;
    expect(actual(shapes(["start", { ...alike(8), [first as string]: [0] }]))).toBe(
      `${first} has 1 partitions (start)`,
    );
    expect(actual(shapes(["start", alike(8)], ["barrier 3", { [first as string]: [] }]))).toBe(
      `${first} has 0 partitions (barrier 3)`,
    );
    expect(actual(shapes(["start", alike(8, rest)]))).toBe(`${first} is not named by start`);
    expect(actual(shapes(["start", alike(8)], ["end", alike(8, rest)]))).toBe(`${first} is not named by end`);
    // A barrier need not name all, and the other version's topics are its own affair.
    expect(actual(shapes(["start", alike(8)], ["barrier 3", alike(8, rest)]))).toBeUndefined();
    expect(actual(shapes(["start", { ...alike(8), ...alike(4, chatV1.topicList) }]))).toBeUndefined();
    expect(actual(shapes(["start", alike(8)]), 8, chatV1)).toContain(`${chatV1.topicList[0]} is not named by start`);
  });

  it("names who said so first, and eight problems", () => {
    const four = shapes(["start", alike(4)], ["barrier 1", alike(4)]);
    expect(told(four.judge(chatV2, 8) ?? idle)).toEqual({
      expected: "five topics with the same, power-of-two partition count, 8 each during the whole run",
      actual: chatV2.topicList.map((name) => `${name} has 4 partitions (start)`).join("; "),
      records: [],
      notes: [],
    });
    const eight = shapes(["start", alike(4)], ["end", alike(2, chatV2.topicList.slice(0, 3))]);
    expect(told(eight.judge(chatV2, 8) ?? idle)).toMatchObject({ notes: ["2 more"] });
    const [a, b, c, d] = chatV2.topicList;
    const few = { ...alike(4), [d as string]: alike(8)[d as string] ?? [] };
    const end = { ...alike(8), [a as string]: [0], [b as string]: [0], [c as string]: [0], [d as string]: [0] };
    const exact = shapes(["start", few], ["end", end]);
    expect(told(exact.judge(chatV2, 8) ?? idle)).toMatchObject({ notes: [] });
    expect(actual(exact)?.split("; ")).toHaveLength(8);
    expect(actual(eight)?.split("; ")).toHaveLength(8);
  });
});
