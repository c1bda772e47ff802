import { chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { describe, expect, it } from "vitest";
import { chart, completion, contrastOf, failure, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { at, BARRIER, expectDoubt, OPEN, turnOf } from "../../test/support/turn-facts.ts";
import type { EventBody } from "../event.ts";
import { held, idle } from "../finding.ts";
import { afterHasChart, beforeHasChart, nothingBetween, taskHasResult } from "./chart-rules.ts";

const { BEFORE, AFTER, STANDALONE } = TextPosition;
const [taskDone, allDone] = [CompletionType.TASK, CompletionType.CONVERSATION];

describe("GRM-02", () => {
  const announced = (...more: readonly (readonly [string, EventBody])[]) =>
    turnOf(["t", text(BEFORE, "Here it comes")], ...more);

  it("wants a chart of the task after each BEFORE text and before the completion", () => {
    const good = announced(["t", chart()], ["t", completion(taskDone, 3)]);
    expect(beforeHasChart(turnFacts(chatV2, good))).toEqual(held);
    expect(beforeHasChart(turnFacts(chatV2, announced(["t", chart()])))).toEqual(held);
    const silent = announced(["t", completion(taskDone, 2)]);
    expect(told(beforeHasChart(turnFacts(chatV2, silent)))).toEqual({
      expected: "a chart of t after it and before the task's completion",
      actual: "no chart follows",
      records: [at(silent[0]), at(silent[1])],
      notes: [BARRIER],
      eventIds: ["e1"],
    });
    const late = announced(["t", completion(taskDone)], ["t", chart()]);
    expect(told(beforeHasChart(turnFacts(chatV2, late)))).toEqual({
      expected: "a chart of t after it and before the task's completion",
      actual: "the chart comes after the task's completion",
      records: [at(late[0]), at(late[2]), at(late[1])],
      notes: [`nearest: a chart of t, after it, at ${chatV2.topics.chart}/2@3`, BARRIER],
      eventIds: ["e1"],
    });
  });

  it("names the two nearest charts", () => {
    const events = turnOf(chart(), ["a", chart()], ["b", chart()], text(BEFORE), ["c", text(AFTER)], ["c", chart()]);
    expect(told(beforeHasChart(turnFacts(chatV2, events)))).toEqual({
      expected: "a chart outside any task after it",
      actual: "no chart follows",
      records: [at(events[3])],
      notes: [
        `nearest: a chart of b, before it, at ${chatV2.topics.chart}/2@3`,
        `nearest: a chart of a, before it, at ${chatV2.topics.chart}/2@2`,
        BARRIER,
      ],
      eventIds: ["e4"],
    });
  });

  it("looks at each text of each task, but not at failed ones", () => {
    const second = turnOf(["a", text(BEFORE)], ["a", chart()], ["a", text(BEFORE)], ["b", text(BEFORE)]);
    expect(told(beforeHasChart(turnFacts(chatV2, second)))).toMatchObject({ eventIds: ["e3"] });
    const failed = turnOf(["a", failure(ErrorSeverity.ERROR)], ["a", text(BEFORE)], ["b", text(BEFORE)]);
    expect(told(beforeHasChart(turnFacts(chatV2, failed)))).toMatchObject({ eventIds: ["e3"] });
    expect(beforeHasChart(turnFacts(chatV2, failed.slice(0, 2)))).toEqual(held);
  });

  it("is idle without a BEFORE text or before the end, and unprovable where the turn was seen in part", () => {
    const good = announced(["t", chart()]);
    expect(beforeHasChart(turnFacts(chatV2, turnOf(text(AFTER))))).toEqual(idle);
    expect(beforeHasChart(turnFacts(chatV2, announced(), OPEN))).toEqual(idle);
    expect(beforeHasChart(turnFacts(chatV2, turnOf(["a", status()], ["b", text(BEFORE)], ["b", chart()])))).toEqual(
      held,
    );
    expectDoubt(beforeHasChart, announced());
    expectDoubt(beforeHasChart, good);
  });
});

describe("GRM-03", () => {
  it("wants a chart of the task before its first AFTER text", () => {
    const good = turnOf(["t", chart()], ["t", text(AFTER)], ["t", text(AFTER)]);
    expect(afterHasChart(turnFacts(chatV2, good))).toEqual(held);
    const late = turnOf(status(), ["t", text(AFTER)], ["t", chart()]);
    expect(told(afterHasChart(turnFacts(chatV2, late)))).toEqual({
      expected: "a chart of t before it",
      actual: "the first chart comes after it",
      records: [at(late[1]), at(late[2])],
      notes: [`nearest: a chart of t, after it, at ${chatV2.topics.chart}/2@3`, BARRIER],
      eventIds: ["e2"],
    });
    const none = turnOf(chart(), ["t", text(AFTER)]);
    expect(told(afterHasChart(turnFacts(chatV2, none)))).toEqual({
      expected: "a chart of t before it",
      actual: "no chart at all",
      records: [at(none[1])],
      notes: [`nearest: a chart outside any task, before it, at ${chatV2.topics.chart}/2@1`, BARRIER],
      eventIds: ["e2"],
    });
  });

  it("excuses failed tasks, and none beside them", () => {
    const failed = turnOf(["a", text(AFTER)], ["a", failure(ErrorSeverity.FATAL)], ["b", text(AFTER)]);
    expect(told(afterHasChart(turnFacts(chatV2, failed)))).toMatchObject({ eventIds: ["e3"] });
    expect(afterHasChart(turnFacts(chatV2, failed.slice(0, 2)))).toEqual(held);
  });

  it("is idle without an AFTER text or before the end, and unprovable where the turn was seen in part", () => {
    expect(afterHasChart(turnFacts(chatV2, turnOf(text(BEFORE), chart())))).toEqual(idle);
    expect(afterHasChart(turnFacts(chatV2, turnOf(text(AFTER)), OPEN))).toEqual(idle);
    expect(afterHasChart(turnFacts(chatV2, turnOf(["a", status()], ["b", chart()], ["b", text(AFTER)])))).toEqual(held);
    expectDoubt(afterHasChart, turnOf(text(AFTER)));
    expectDoubt(afterHasChart, turnOf(chart(), text(AFTER)));
  });
});

describe("GRM-04", () => {
  const between = turnOf(["t", text(BEFORE, "b")], ["t", text(STANDALONE, "s")], ["t", chart()]);

  it("wants nothing STANDALONE of the task between a BEFORE text and its chart", () => {
    expect(told(nothingBetween(turnFacts(chatV2, between)))).toEqual({
      expected: 'the chart next after "b"',
      actual: '"s" comes first',
      records: between.map((event) => at(event)),
      eventIds: ["e2", "e1"],
    });
    const behind = turnOf(["t", text(BEFORE)], ["t", chart()], ["t", text(STANDALONE)]);
    expect(nothingBetween(turnFacts(chatV2, behind))).toEqual(held);
    const ahead = turnOf(["t", text(STANDALONE)], ["t", text(BEFORE)], ["t", chart()]);
    expect(nothingBetween(turnFacts(chatV2, ahead))).toEqual(held);
    const elsewhere = turnOf(["t", text(BEFORE)], ["u", text(STANDALONE)], ["t", chart()]);
    expect(nothingBetween(turnFacts(chatV2, elsewhere))).toEqual(held);
    const noChart = turnOf(["t", text(BEFORE)], ["t", text(STANDALONE)]);
    expect(nothingBetween(turnFacts(chatV2, noChart))).toEqual(held);
    // A chart that comes when its task is complete is not the one announced (GRM-02).
    const late = turnOf(["t", text(BEFORE)], ["t", text(STANDALONE)], ["t", completion(taskDone)], ["t", chart()]);
    expect(nothingBetween(turnFacts(chatV2, late))).toEqual(held);
    const inTime = turnOf(...between.map(({ body }) => ["t", body] as const), ["t", completion(taskDone)]);
    expect(told(nothingBetween(turnFacts(chatV2, inTime)))).toMatchObject({ eventIds: ["e2", "e1"] });
    const second = turnOf(["t", text(BEFORE)], ["t", chart()], ...between.map(({ body }) => ["t", body] as const));
    expect(told(nothingBetween(turnFacts(chatV2, second)))).toMatchObject({ eventIds: ["e4", "e3"] });
  });

  it("is idle without a STANDALONE text, and unprovable where the turn was seen in part", () => {
    expect(nothingBetween(turnFacts(chatV2, turnOf(text(BEFORE), chart())))).toEqual(idle);
    expectDoubt(nothingBetween, between);
    expectDoubt(nothingBetween, turnOf(["a", status()], ["b", text(STANDALONE)]));
  });
});

describe("GRM-05", () => {
  const empty = turnOf(["t", status()], ["t", status()], ["t", completion(taskDone, 3)]);

  it("wants a text or a chart of a completed task", () => {
    expect(told(taskHasResult(turnFacts(chatV2, empty)))).toEqual({
      expected: "at least one text or chart of the task, or an ERROR or FATAL error",
      actual: "2 status events and the completion",
      records: [at(empty[2])],
      notes: [BARRIER],
      eventIds: ["e3"],
    });
    for (const result of [text(BEFORE), text(AFTER), text(STANDALONE), chart()]) {
      expect(taskHasResult(turnFacts(chatV2, turnOf(["t", result], ["t", completion(taskDone)])))).toEqual(held);
    }
    const failed = turnOf(["t", failure(ErrorSeverity.ERROR)], ["t", completion(taskDone)]);
    expect(taskHasResult(turnFacts(chatV2, failed))).toEqual(held);
    const warned = turnOf(["t", failure(ErrorSeverity.WARNING)], ["t", completion(taskDone)]);
    expect(taskHasResult(turnFacts(chatV2, warned)).status).toBe("violated");
    expect(told(taskHasResult(turnFacts(chatV2, [...turnOf(["u", text(STANDALONE)]), ...empty])))).toMatchObject({
      eventIds: ["e3"],
    });
  });

  it("is idle without a completed task or before the end, and unprovable where the turn was seen in part", () => {
    expect(taskHasResult(turnFacts(chatV2, turnOf(["t", status()], completion(allDone, 2))))).toEqual(idle);
    expect(taskHasResult(turnFacts(chatV2, empty, OPEN))).toEqual(idle);
    const good = turnOf(["u", status()], ["t", chart()], ["t", completion(taskDone)]);
    expect(taskHasResult(turnFacts(chatV2, good))).toEqual(held);
    expectDoubt(taskHasResult, empty);
    expectDoubt(taskHasResult, good);
  });
});

it("a BEFORE text is told as it was written", () => {
  const check = beforeHasChart(turnFacts(chatV2, turnOf(["t", text(BEFORE, "Look:")])));
  expect(check).toMatchObject({ finding: { message: 'The BEFORE text "Look:" of t is not followed by a chart.' } });
  expect(contrastOf(check)).toEqual(["a chart of t after it", "no chart follows"]);
});
