import { type ChatSchema, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { chart, placeOf, soundEvent, status, text } from "../../test/support/facts.ts";
import type { EventBody } from "../event.ts";
import { createTurnResults } from "./results.ts";
import { createTurn, type Turn } from "./turn.ts";

const turn = (schema: ChatSchema, bodies: readonly EventBody[], order = bodies.map((_, index) => index + 1)): Turn => {
  const made = createTurn(schema, "conv", "msg", 99);
  for (const [index, body] of bodies.entries()) {
    const event = soundEvent(body, order[index] ?? 0);
    made.add({ event, place: placeOf(schema, event), asked: 0 });
  }
  return made;
};

describe("the results of turns", () => {
  it("come in the order in which turns became known, each once", () => {
    const results = createTurnResults();
    results.open("conv", "b");
    results.open("conv", "a");
    results.open("conv", "b");
    results.fail("other", "c");
    expect(results.size).toBe(3);
    expect(results.list()).toEqual([
      { conversationId: "conv", messageId: "b", verdict: "passed", blocks: [] },
      { conversationId: "conv", messageId: "a", verdict: "passed", blocks: [] },
      { conversationId: "other", messageId: "c", verdict: "failed", blocks: [] },
    ]);
  });

  it("are failed by anything, else inconclusive by either version", () => {
    const results = createTurnResults();
    const verdict = (): unknown => results.list()[0]?.verdict;
    results.judged(turn(chatV1, [status()]), false);
    expect(verdict()).toBe("passed");
    results.judged(turn(chatV1, [status()]), true);
    results.judged(turn(chatV2, [status()]), false);
    expect(verdict()).toBe("inconclusive");
    results.fail("conv", "msg");
    results.judged(turn(chatV2, [status()]), false);
    expect(verdict()).toBe("failed");
  });

  it("have the content blocks in emission order, each event once", () => {
    const results = createTurnResults();
    results.judged(turn(chatV2, [text(2), status(), chart(), text(3), text(3)], [3, 1, 2, 4, 4]), false);
    expect(results.list()[0]?.blocks).toEqual(["chart", "text", "text"]);
  });

  it("have the blocks of the newest version of which something was observed", () => {
    const results = createTurnResults();
    const blocks = (): unknown => results.list()[0]?.blocks;
    results.judged(turn(chatV1, [text(4)]), false);
    expect(blocks()).toEqual(["text"]);
    results.judged(turn(chatV2, []), false);
    expect(blocks()).toEqual(["text"]);
    results.judged(turn(chatV2, [chart()]), false);
    expect(blocks()).toEqual(["chart"]);
    results.judged(turn(chatV1, [text(4)]), false);
    expect(blocks()).toEqual(["chart"]);
    results.judged(turn(chatV2, [chart(), text(3)]), false);
    expect(blocks()).toEqual(["chart", "text"]);
  });
});
