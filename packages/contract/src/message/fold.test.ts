import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { chatV1, chatV2 } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import { chart, completion, failure, soundEvent, status, text } from "../../test/support/facts.ts";
import { type TurnStep, turnOf } from "../../test/support/turn-facts.ts";
import { foldMessage } from "./fold-message.ts";
import { foldTurn } from "./fold-turn.ts";

const { TASK, CONVERSATION } = v1.CompletionType;
const { WARNING, ERROR, FATAL } = v1.ErrorSeverity;

describe("what a turn's events add up to", () => {
  it("are its blocks, its tasks and its errors", () => {
    const events = turnOf(
      ["a", status()],
      ["a", text(1, "x")],
      ["b", chart("radar", 7, "radar")],
      ["b", failure(ERROR, "E2", "m")],
      ["b", failure(WARNING, "W")],
      ["c", completion(TASK)],
      ["a", completion(TASK, 7)],
    );
    expect(foldTurn(events, true)).toEqual({
      blocks: [
        { kind: "text", text: "x" },
        { kind: "chart", chartType: "radar", typeNumber: 7, configJson: "{}" },
      ],
      errors: [{ code: "E2", message: "m" }],
      tasks: [
        { id: "a", state: "completed" },
        { id: "b", state: "failed" },
        { id: "c", state: "completed" },
      ],
      status: "incomplete",
    });
  });

  it.each<[status: string, what: string, steps: readonly TurnStep[], sequenced?: boolean]>([
    ["complete", "ended by CONVERSATION", [status(), completion(CONVERSATION, 2)]],
    [
      "complete",
      "with its task completed",
      [
        ["a", status()],
        ["a", completion(TASK, 2)],
      ],
    ],
    ["complete", "with an open task that CONVERSATION closes", [["a", status()], completion(CONVERSATION, 2)]],
    [
      "incomplete",
      "with an open task",
      [
        ["b", status()],
        ["a", completion(TASK, 2)],
      ],
    ],
    [
      "incomplete",
      "without last_sequence",
      [
        ["a", status()],
        ["a", completion(TASK)],
      ],
    ],
    ["incomplete", "without an end", [status()]],
    ["incomplete", "with an event missing", [status(), completion(CONVERSATION, 3)]],
    ["failed", "with a FATAL error", [failure(FATAL)]],
    [
      "failed",
      "with a FATAL error before another",
      [
        ["a", failure(FATAL)],
        ["b", failure(ERROR)],
        ["c", status()],
      ],
    ],
    [
      "failed",
      "whose tasks all failed",
      [
        ["a", failure(ERROR)],
        ["b", failure(ERROR)],
      ],
    ],
    [
      "incomplete",
      "one of whose tasks failed",
      [
        ["a", failure(ERROR)],
        ["b", status()],
      ],
    ],
    ["incomplete", "with an error outside its tasks", [failure(ERROR)]],
    ["complete", "with an error outside its tasks", [failure(ERROR), completion(CONVERSATION, 2)]],
    ["complete", "ended by CONVERSATION", [status(), completion(CONVERSATION)], false],
    [
      "complete",
      "with its task completed",
      [
        ["a", status()],
        ["a", completion(TASK)],
      ],
      false,
    ],
    ["incomplete", "with an open task", [["a", status()]], false],
    ["incomplete", "without tasks", [status()], false],
    ["incomplete", "whose completion names no task", [completion(TASK)], false],
  ])("is %s: a turn %s %j", (expected, _, steps, sequenced = true) => {
    expect(foldTurn(turnOf(...steps), sequenced).status).toBe(expected);
  });

  it("has a task open that a completion of no known type names", () => {
    expect(foldTurn(turnOf(["a", completion(0)]), true).tasks).toEqual([{ id: "a", state: "running" }]);
  });

  it("counts sequences once, and takes the highest last_sequence", () => {
    const twice = [soundEvent(status()), soundEvent(status()), soundEvent(completion(CONVERSATION, 3), 3)];
    expect(foldTurn(twice, true).status).toBe("incomplete");
    const two = turnOf(completion(CONVERSATION, 4), ["a", completion(TASK, 2)], status());
    expect(foldTurn(two, true).status).toBe("incomplete");
    expect(foldTurn([...two, soundEvent(status(), 4)], true).status).toBe("complete");
  });
});

const base = { conversationId: "c", messageId: "m" };
const at = (seconds: number) => create(TimestampSchema, { seconds: BigInt(seconds), nanos: 7 });
const two = (eventId: string, sequence: number, rest: Omit<Partial<v2.EventEnvelope>, "$typeName" | "$unknown"> = {}) =>
  create(v2.EventEnvelopeSchema, {
    ...base,
    eventId,
    sequence,
    timestamp: at(sequence),
    event: { case: "text", value: { text: eventId, position: 3 } },
    ...rest,
  });
const one = (eventId: string, seconds: number, rest: Omit<Partial<v1.EventEnvelope>, "$typeName" | "$unknown"> = {}) =>
  create(v1.EventEnvelopeSchema, {
    ...base,
    eventId,
    timestamp: at(seconds),
    event: { case: "text", value: { text: eventId, position: 3 } },
    ...rest,
  });
const texts = (message: v1.Message | v2.Message) =>
  message.content.map(({ block }) => (block.case === "text" ? block.value.text : block.case));

describe("folding envelopes into a message", () => {
  it("orders them, takes each event once, at its earliest, and leaves out what is no event", () => {
    const [a, b, c] = [two("a", 1), two("b", 2), two("c", 3)];
    expect(texts(foldMessage(chatV2, [c, a, b, a]))).toEqual(["a", "b", "c"]);
    expect(texts(foldMessage(chatV2, [c, two("a", 5), b, a]))).toEqual(["a", "b", "c"]);
    expect(texts(foldMessage(chatV2, [a, c, two("a", 5), b]))).toEqual(["a", "b", "c"]);
    // Of equal emission, the id decides.
    expect(texts(foldMessage(chatV1, [one("y", 1), one("x", 1), one("w", 2)]))).toEqual(["x", "y", "w"]);
    expect(texts(foldMessage(chatV1, [one("x", 1), one("y", 1)]))).toEqual(["x", "y"]);
    const nothing = [
      two("d", 4, { event: { case: undefined } }),
      create(v2.EventEnvelopeSchema, { ...b, timestamp: undefined }),
    ];
    expect(texts(foldMessage(chatV2, [...nothing, a]))).toEqual(["a"]);
  });

  it.each<[why: string, fold: () => unknown]>([
    ["there is no event to fold into a message", () => foldMessage(chatV2, [])],
    [
      "there is no event to fold into a message",
      () => foldMessage(chatV2, [two("a", 1, { event: { case: undefined } })]),
    ],
    ["events of two turns: m and n", () => foldMessage(chatV2, [two("a", 1), two("b", 2, { messageId: "n" })])],
    ["events of two turns: m and m", () => foldMessage(chatV2, [two("a", 1), two("b", 2, { conversationId: "d" })])],
    ["a chat.v1.EventEnvelope among the events of a chat.v2 message", () => foldMessage(chatV2, [one("a", 1)])],
  ])("fails when %s", (why, fold) => {
    expect(fold).toThrow(`[message] ${why}`);
  });

  it("gives a message of chat.v2", () => {
    const task = (eventId: string, sequence: number, event: v2.EventEnvelope["event"], taskId = "t") =>
      two(eventId, sequence, { taskId, event });
    const { BAR, CUSTOM } = v2.ChartEvent_ChartType;
    const events = [
      task("a", 1, {
        case: "chart",
        value: create(v2.ChartEventSchema, { chartType: BAR, customChartType: "odd", configJson: "[1]" }),
      }),
      task("b", 2, {
        case: "chart",
        value: create(v2.ChartEventSchema, { chartType: CUSTOM, customChartType: "radar", configJson: "[2]" }),
      }),
      task(
        "c",
        3,
        { case: "error", value: create(v2.ErrorEventSchema, { severity: ERROR, code: "E", message: "m" }) },
        "u",
      ),
      task("d", 4, { case: "completion", value: create(v2.CompletionEventSchema, { type: TASK }) }),
      task("e", 5, { case: "status", value: create(v2.StatusEventSchema, { message: "x" }) }, "v"),
    ];
    const metadata = { executionTimeMs: 5, tokensUsed: 6, scenarios: { t: "sales" } };
    expect(foldMessage(chatV2, events, metadata)).toEqual(
      create(v2.MessageSchema, {
        id: "m",
        conversationId: "c",
        role: v2.Role.ASSISTANT,
        status: v2.MessageStatus.INCOMPLETE,
        timestamp: at(1),
        content: [
          { block: { case: "chart", value: { chartType: v2.ChartBlock_ChartType.BAR, configJson: "[1]" } } },
          {
            block: {
              case: "chart",
              value: { chartType: v2.ChartBlock_ChartType.CUSTOM, customChartType: "radar", configJson: "[2]" },
            },
          },
        ],
        metadata: {
          executionTimeMs: 5,
          tokensUsed: 6,
          errors: [{ code: "E", message: "m" }],
          tasks: [
            { taskId: "t", scenario: "sales", state: v2.TaskState.COMPLETED },
            { taskId: "u", scenario: "", state: v2.TaskState.FAILED },
            { taskId: "v", scenario: "", state: v2.TaskState.RUNNING },
          ],
        },
      }),
    );
  });

  it("gives a message of chat.v1, with nothing known of its metadata", () => {
    const chartEvent = create(v1.ChartEventSchema, { chartType: "bar", configJson: "[1]" });
    const events = [one("a", 1, { taskId: "toString" }), one("b", 2, { event: { case: "chart", value: chartEvent } })];
    expect(foldMessage(chatV1, events)).toEqual(
      create(v1.MessageSchema, {
        id: "m",
        conversationId: "c",
        role: "assistant",
        timestamp: at(1),
        content: [
          { block: { case: "text", value: { text: "a" } } },
          { block: { case: "chart", value: { chartType: "bar", configJson: "[1]" } } },
        ],
        metadata: { tasks: [{ taskId: "toString", scenario: "", state: "running" }], errors: [] },
      }),
    );
  });
});
