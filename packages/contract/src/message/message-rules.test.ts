import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { contrastOf, placeOf, soundEvent, text, told } from "../../test/support/facts.ts";
import { held, idle } from "../finding.ts";
import type { Block, MessageContent } from "./content.ts";
import { messageRules } from "./message-rules.ts";

const say = (content: string): Block => ({ kind: "text", text: content });
const draw = (chartType = "bar", configJson = "{}"): Block => ({ kind: "chart", chartType, typeNumber: 2, configJson });
const content = (blocks: readonly Block[], rest: Partial<MessageContent> = {}): MessageContent => ({
  blocks,
  tasks: [],
  errors: [],
  status: "complete",
  ...rest,
});

/** What a rule says of a stored message and of what the events add up to; each folded block has the event of its number. */
function judge(id: string, folded: MessageContent, stored: MessageContent, hasStatus = true) {
  const rule = messageRules.find(([name]) => name === id)?.[1];
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const blockEvents = folded.blocks.map((_, index) => {
    const event = soundEvent(text(1), index + 1);
    return { event, place: placeOf(chatV2, event), asked: 0 };
  });
  return rule({ stored, folded, blockEvents, hasStatus });
}
const blocks = (id: string, folded: readonly Block[], stored: readonly Block[]) =>
  judge(id, content(folded), content(stored));
const witness = (sequence: number) => ({
  records: [{ topic: chatV2.topics.text, partition: 2, offset: sequence }],
  eventIds: [`e${sequence}`],
});
const nobody = { records: [], eventIds: [] };

it("the MSG rules are in the order of the catalogue", () => {
  expect(messageRules.map(([id]) => id)).toEqual(["MSG-01", "MSG-02", "MSG-03", "MSG-04"]);
});

describe("MSG-01", () => {
  const [a, b, c] = [say("a"), draw(), say("c")];

  it("wants the turn's texts and charts one to one", () => {
    expect(blocks("MSG-01", [a, b], [a, b])).toEqual(held);
    expect(blocks("MSG-01", [], [])).toEqual(held);
    expect(told(blocks("MSG-01", [a, b, c], [a, b]))).toEqual({
      expected: "text, chart, text",
      actual: "text, chart",
      ...witness(3),
    });
    expect(told(blocks("MSG-01", [a, b], [a, a]))).toEqual({
      expected: "text, chart",
      actual: "text, text",
      ...witness(2),
    });
    expect(told(blocks("MSG-01", [a], [a, b]))).toEqual({ expected: "text", actual: "text, chart", ...nobody });
    expect(told(blocks("MSG-01", [], [a]))).toEqual({ expected: "no blocks", actual: "text", ...nobody });
    expect(told(blocks("MSG-01", [a], []))).toEqual({ expected: "text", actual: "no blocks", ...witness(1) });
    expect(told(blocks("MSG-01", [b, c], [{ kind: "nothing" }, c]))).toMatchObject({
      actual: "nothing, text",
      ...witness(1),
    });
  });

  it("names twenty blocks", () => {
    const many = (count: number) => Array.from({ length: count }, () => a);
    const twenty = Array.from({ length: 20 }, () => "text").join(", ");
    expect(contrastOf(blocks("MSG-01", many(21), many(20)))).toEqual([`${twenty} and 1 more`, twenty]);
    expect(contrastOf(blocks("MSG-01", many(20), many(25)))).toEqual([twenty, `${twenty} and 5 more`]);
  });

  it("wants them in emission order", () => {
    const [x, y] = [say("x"), say("y")];
    const moved = blocks("MSG-01", [a, x, y], [a, y, x]);
    expect(told(moved)).toEqual({ expected: '"x"', actual: '"y"', ...witness(2) });
    expect(moved).toMatchObject({ finding: { message: "The content is not in emission order, from block 2 on." } });
    expect(contrastOf(blocks("MSG-01", [draw("bar"), draw("pie")], [draw("pie"), draw("bar")]))).toEqual([
      '"bar"',
      '"pie"',
    ]);
    const [left, right] = [draw("bar", "[1]"), draw("bar", "[2]")];
    expect(contrastOf(blocks("MSG-01", [left, right], [right, left]))).toEqual(['"[1]"', '"[2]"']);
    // Another text is for MSG-02 to say.
    expect(blocks("MSG-01", [a, x], [a, y])).toEqual(held);
  });
});

describe("MSG-02", () => {
  it("wants each block to be what its event said", () => {
    const [a, b] = [say("a"), say("b")];
    const check = blocks("MSG-02", [a, b], [a, say("B")]);
    expect(told(check)).toEqual({ expected: '"b"', actual: '"B"', ...witness(2) });
    expect(check).toMatchObject({ finding: { message: "Block 2 is not what the event said." } });
    expect(told(blocks("MSG-02", [a, draw("bar")], [a, draw("pie")]))).toEqual({
      expected: '"bar"',
      actual: '"pie"',
      ...witness(2),
    });
    expect(contrastOf(blocks("MSG-02", [draw("bar", "[1]")], [draw("bar", "[2]")]))).toEqual(['"[1]"', '"[2]"']);
    expect(blocks("MSG-02", [a, b], [a, b])).toEqual(held);
    const custom: Block = { kind: "chart", chartType: "bar", typeNumber: 7, configJson: "{}" };
    expect(contrastOf(blocks("MSG-02", [draw("bar")], [custom]))).toEqual(['"chart_type 2"', '"chart_type 7"']);
    const nothing: Block = { kind: "nothing" };
    expect(blocks("MSG-02", [a, b], [a, nothing])).toEqual(held);
  });

  it("leaves to MSG-01 what is missing, of another kind or in another order", () => {
    const [a, b] = [say("a"), say("b")];
    expect(blocks("MSG-02", [a, b], [b, a])).toEqual(held);
    expect(blocks("MSG-02", [a, b], [a])).toEqual(held);
    expect(blocks("MSG-02", [a, b], [a, draw()])).toEqual(held);
    expect(told(blocks("MSG-02", [a, b, say("c")], [a, draw(), say("C")]))).toMatchObject(witness(3));
    expect(told(blocks("MSG-02", [a, b], [b, a, a]))).toMatchObject(witness(1));
  });
});

describe("MSG-03", () => {
  const task = (id: string, state = "completed") => ({ id, state });
  const tasks = (folded: ReturnType<typeof task>[], stored: ReturnType<typeof task>[]) =>
    judge("MSG-03", content([say("a"), say("b")], { tasks: folded }), content([], { tasks: stored }));
  const error = (code: string, message = "m") => ({ code, message });
  const errors = (folded: ReturnType<typeof error>[], stored: ReturnType<typeof error>[]) =>
    judge("MSG-03", content([say("a"), say("b")], { errors: folded }), content([], { errors: stored }));

  it("wants the turn's tasks with their states, in order", () => {
    expect(tasks([task("a"), task("b")], [task("a"), task("b")])).toEqual(held);
    expect(told(tasks([task("a"), task("b")], [task("a"), task("b", "failed")]))).toEqual({
      expected: '"a" completed, "b" completed',
      actual: '"a" completed, "b" failed',
      ...nobody,
    });
    expect(contrastOf(tasks([task("a")], [task("c")]))).toEqual(['"a" completed', '"c" completed']);
    expect(contrastOf(tasks([], [task("c")]))).toEqual(["no tasks", '"c" completed']);
    expect(contrastOf(tasks([task("a")], []))).toEqual(['"a" completed', "no tasks"]);
    expect(tasks([task("a"), task("b")], [task("b"), task("a")]).status).toBe("violated");
    expect(tasks([task("a"), task("b")], [task("c"), task("b")]).status).toBe("violated");
  });

  it("wants the turn's errors, in order", () => {
    expect(errors([error("a"), error("b")], [error("a"), error("b")])).toEqual(held);
    expect(told(errors([error("a"), error("b")], [error("a"), error("b", "n")]))).toEqual({
      expected: 'a "m", b "m"',
      actual: 'a "m", b "n"',
      ...nobody,
    });
    expect(contrastOf(errors([error("a")], [error("c")]))).toEqual(['a "m"', 'c "m"']);
    expect(contrastOf(errors([], [error("c")]))).toEqual(["no errors", 'c "m"']);
    expect(contrastOf(errors([error("a")], []))).toEqual(['a "m"', "no errors"]);
    expect(errors([error("a"), error("b")], [error("c"), error("b")]).status).toBe("violated");
  });
});

describe("MSG-04", () => {
  const status = (folded: string | undefined, stored: string | undefined, hasStatus = true) =>
    judge("MSG-04", content([say("a"), say("b")], { status: folded }), content([], { status: stored }), hasStatus);

  it("wants the status to say how the turn ended, where there is one", () => {
    expect(status("complete", "complete")).toEqual(held);
    expect(told(status("complete", "failed"))).toEqual({ expected: "COMPLETE", actual: "FAILED", ...nobody });
    expect(contrastOf(status("complete", undefined))).toEqual(["COMPLETE", ""]);
    expect(status("complete", undefined, false)).toEqual(idle);
  });
});
