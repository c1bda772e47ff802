import { describe, expect, it } from "vitest";
import { collide, isInternalTopic, topicNameFault } from "./topic-name.ts";

describe("topicNameFault", () => {
  it.each(["a", "ondash.llm.text", "A-b_c.9", "x".repeat(249), "..."])("takes %s", (name) => {
    expect(topicNameFault(name)).toBeUndefined();
  });

  it.each([
    ["", "the empty string is not allowed"],
    [".", "'.' is not allowed"],
    ["..", "'..' is not allowed"],
    ["x".repeat(250), "longer than the max allowed length 249"],
    ["a/b", "contains one or more characters other than"],
    ["é", "contains one or more characters other than"],
    ["a b", "contains one or more characters other than"],
  ])("refuses %j", (name, why) => {
    expect(topicNameFault(name)).toContain(why);
  });
});

describe("collide", () => {
  it("finds names that differ only in '.' and '_'", () => {
    expect(collide("a.b_c", "a_b.c")).toBe(true);
    expect(collide("a.b", "a.b")).toBe(false);
    expect(collide("a.b", "a-b")).toBe(false);
  });
});

describe("isInternalTopic", () => {
  it("knows the broker's own topics", () => {
    expect(isInternalTopic("__consumer_offsets")).toBe(true);
    expect(isInternalTopic("__my_topic")).toBe(false);
  });
});
