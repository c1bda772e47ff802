import type { Violation } from "@ondash/contract";
import type { Expectation } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { unmetExpectations } from "./expectation.ts";

const location = { file: "scenarios/a.yaml", line: 9, column: 1 };
const nothing: Expectation = {
  verdict: "passed",
  violations: [],
  warnings: undefined,
  blocks: undefined,
  message: undefined,
  location,
};

function found(...rules: readonly string[]): readonly Violation[] {
  return rules.map((rule) => ({ rule }) as Violation);
}

function unmet(
  expected: Partial<Expectation>,
  judged: Partial<Parameters<typeof unmetExpectations>[1]> = {},
  message?: unknown,
): readonly string[] {
  return unmetExpectations(
    { conversationId: "c", messageId: "m", expect: { ...nothing, ...expected } },
    { verdict: "passed", violations: [], warnings: [], turns: [], ...judged },
    message,
  );
}

describe("unmetExpectations", () => {
  it("is empty when everything is as expected", () => {
    expect(unmet({})).toEqual([]);
    expect(
      unmet(
        {
          verdict: "failed",
          violations: ["GRM-02", "ORD-04"],
          warnings: ["GRM-01"],
          blocks: ["text"],
          message: { a: { b: 1 } },
        },
        {
          verdict: "failed",
          violations: found("ORD-04", "GRM-02", "GRM-02"),
          warnings: found("GRM-01"),
          turns: [
            { conversationId: "x", messageId: "m", verdict: "passed", blocks: ["chart"] },
            { conversationId: "c", messageId: "m", verdict: "passed", blocks: ["text"] },
          ],
        },
        { a: { b: 1, c: 2 }, d: [] },
      ),
    ).toEqual([]);
  });

  it("names file and line, what was expected and what came", () => {
    expect(unmet({ verdict: "failed", violations: ["ORD-04"] })).toEqual([
      "scenarios/a.yaml:9: expected verdict failed, but it is passed",
      "scenarios/a.yaml:9: expected violations [ORD-04], but it is none",
    ]);
  });

  it("wants exactly the violations that are expected, and does not compare warnings that are not", () => {
    expect(unmet({ violations: ["ORD-04"] }, { violations: found("ORD-04", "REC-01") })).toHaveLength(1);
    expect(unmet({}, { warnings: found("GRM-01") })).toEqual([]);
    expect(unmet({ warnings: [] }, { warnings: found("GRM-01") })).toEqual([
      "scenarios/a.yaml:9: expected warnings none, but it is [GRM-01]",
    ]);
  });

  it("compares the blocks of the scenario's own turn", () => {
    const turns = [{ conversationId: "c", messageId: "m", verdict: "passed", blocks: ["text", "chart"] }] as const;
    expect(unmet({ blocks: ["chart", "text"] }, { turns })).toEqual([
      "scenarios/a.yaml:9: expected blocks [chart, text], but it is [text, chart]",
    ]);
    expect(unmet({ blocks: ["text"] })).toEqual(["scenarios/a.yaml:9: expected blocks [text], but it is none"]);
    expect(unmet({ blocks: [] })).toEqual([]);
  });

  it("compares the named members of the message, deeply, lists item by item", () => {
    const message = {
      role: "assistant",
      content: [{ text: { text: "a" } }, { chart: {} }],
      metadata: { tokensUsed: 3 },
    };
    expect(unmet({ message: { role: "user", metadata: { tokensUsed: 3, tasks: [] } } }, {}, message)).toEqual([
      'scenarios/a.yaml:9: expected message.role to be "user", but it is "assistant"',
      "scenarios/a.yaml:9: expected message.metadata.tasks to have 0 items, but it is absent",
    ]);
    expect(unmet({ message: { metadata: { tokens_used: 3 } } }, {}, message)).toEqual([]);
    expect(unmet({ message: { content: [{ text: { text: "b" } }, {}] } }, {}, message)).toEqual([
      'scenarios/a.yaml:9: expected message.content[0].text.text to be "b", but it is "a"',
    ]);
    expect(unmet({ message: { content: [{}] } }, {}, message)).toEqual([
      "scenarios/a.yaml:9: expected message.content to have 1 item, but it has 2",
    ]);
    expect(unmet({ message: { content: { text: 1 } } }, {}, undefined)).toEqual([
      "scenarios/a.yaml:9: expected message.content.text to be 1, but it is absent",
    ]);
  });
});
