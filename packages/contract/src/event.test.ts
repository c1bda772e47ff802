import { create } from "@bufbuild/protobuf";
import { type AnyEnvelope, chatV1, chatV2 } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import { completion, failure, soundEvent, status } from "../test/support/facts.ts";
import {
  compareEmission,
  compareInstants,
  comparePlaces,
  completesConversation,
  completesTask,
  inEmissionOrder,
  isFailure,
  nameOfChartType,
  nameOfEnum,
  toContractEvent,
} from "./event.ts";

const { TASK, CONVERSATION } = v1.CompletionType;

describe("an event", () => {
  it("completes its task only as a TASK completion with a task_id", () => {
    const of = (taskId: string, body = completion(TASK)) => completesTask(soundEvent(body, 1, { taskId }));
    expect([of("t"), of(""), of("t", completion(CONVERSATION)), of("t", status())]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(of("t", { ...status(), type: TASK } as never)).toBe(false);
  });

  it("completes its conversation only as a CONVERSATION completion", () => {
    const of = (body = completion(CONVERSATION)) => completesConversation(soundEvent(body));
    expect([of(), of(completion(TASK)), of(status())]).toEqual([true, false, false]);
    expect(of({ ...status(), type: CONVERSATION } as never)).toBe(false);
  });

  it("is a failure as an ERROR or FATAL error", () => {
    const severities = [0, v1.ErrorSeverity.WARNING, v1.ErrorSeverity.ERROR, v1.ErrorSeverity.FATAL];
    expect(severities.map((severity) => isFailure(failure(severity)))).toEqual([false, false, true, true]);
    expect(isFailure({ ...status(), severity: v1.ErrorSeverity.FATAL } as never)).toBe(false);
  });
});

describe("the order of events", () => {
  it("is that of instants in chat.v1, of sequences in chat.v2", () => {
    const instants = [
      { seconds: 1n, nanos: 9 },
      { seconds: 2n, nanos: 3 },
      { seconds: 2n, nanos: 5 },
    ];
    const signs = instants.map((a) => instants.map((b) => Math.sign(compareInstants(a, b))));
    expect(signs).toEqual([
      [0, -1, -1],
      [1, 0, -1],
      [1, 1, 0],
    ]);
    const [a, b] = [
      soundEvent(status(), 1, { timestamp: { seconds: 2n, nanos: 0 } }),
      soundEvent(status(), 2, { timestamp: { seconds: 1n, nanos: 0 } }),
    ];
    expect([compareEmission(chatV1, a, b), compareEmission(chatV2, a, b)].map(Math.sign)).toEqual([1, -1]);
  });

  it("is that of places where they tie: topic, partition, offset", () => {
    const [first = "", second = ""] = chatV2.topicList;
    const places = [
      { topic: first, partition: 1, offset: 9 },
      { topic: first, partition: 2, offset: 1 },
      { topic: first, partition: 2, offset: 2 },
      { topic: second, partition: 0, offset: 0 },
    ];
    for (const [i, a] of places.entries()) {
      for (const [j, b] of places.entries()) expect(Math.sign(comparePlaces(chatV2, a, b))).toBe(Math.sign(i - j));
    }
    const placed = places.map((place) => ({ event: soundEvent(status()), place, asked: 0 }));
    expect(inEmissionOrder(chatV2, placed.toReversed())).toEqual(placed);
    const early = { event: soundEvent(status(), 0), place: places[3] as (typeof places)[0], asked: 0 };
    expect(inEmissionOrder(chatV2, [...placed, early])).toEqual([early, ...placed]);
  });
});

describe("an envelope as an event", () => {
  const base = { eventId: "e", conversationId: "c", messageId: "m", taskId: "t" };
  const one = (event: v1.EventEnvelope["event"]) => toContractEvent(create(v1.EventEnvelopeSchema, { ...base, event }));
  const two = (event: v2.EventEnvelope["event"]) =>
    toContractEvent(
      create(v2.EventEnvelopeSchema, { ...base, sequence: 3, timestamp: { seconds: 5n, nanos: 6 }, event }),
    );

  it("has the ids, the timestamp and the sequence", () => {
    expect(toContractEvent(create(v1.EventEnvelopeSchema, base) as AnyEnvelope)).toEqual({
      ...base,
      timestamp: undefined,
      sequence: 0,
      body: undefined,
    });
    expect(two({ case: undefined })).toEqual({
      ...base,
      timestamp: { seconds: 5n, nanos: 6 },
      sequence: 3,
      body: undefined,
    });
  });

  it("has a body of the same shape in both versions", () => {
    expect(one({ case: "status", value: create(v1.StatusEventSchema, { message: "x" }) }).body).toEqual(status("x"));
    const step = { message: "x", step: 2, totalSteps: 4 };
    expect(two({ case: "status", value: create(v2.StatusEventSchema, step) }).body).toEqual(status("x", 2, 4));
    const said = { text: "x", position: v1.TextPosition.AFTER };
    expect(one({ case: "text", value: create(v1.TextEventSchema, said) }).body).toEqual({ kind: "text", ...said });
    expect(two({ case: "text", value: create(v2.TextEventSchema, said) }).body).toEqual({ kind: "text", ...said });
    const failed = { severity: v1.ErrorSeverity.ERROR, code: "E", message: "x" };
    expect(one({ case: "error", value: create(v1.ErrorEventSchema, failed) }).body).toEqual({
      kind: "error",
      ...failed,
    });
    const done = { type: TASK, message: "x" };
    expect(one({ case: "completion", value: create(v1.CompletionEventSchema, done) }).body).toEqual(
      completion(TASK, 0, "x"),
    );
    expect(
      two({ case: "completion", value: create(v2.CompletionEventSchema, { ...done, lastSequence: 9 }) }).body,
    ).toEqual(completion(TASK, 9, "x"));
  });

  it("names its chart's type in chat.v1's words", () => {
    const old = create(v1.ChartEventSchema, { chartType: "Bar", configJson: "{}" });
    expect(one({ case: "chart", value: old }).body).toEqual({
      kind: "chart",
      chartType: "Bar",
      configJson: "{}",
      typeNumber: undefined,
      customType: "",
    });
    const { BAR, CUSTOM } = v2.ChartEvent_ChartType;
    const custom = create(v2.ChartEventSchema, { chartType: CUSTOM, customChartType: "radar", configJson: "{}" });
    expect(two({ case: "chart", value: custom }).body).toEqual({
      kind: "chart",
      chartType: "radar",
      configJson: "{}",
      typeNumber: CUSTOM,
      customType: "radar",
    });
    expect([nameOfChartType(BAR, "radar"), nameOfChartType(99, ""), nameOfChartType(CUSTOM, "radar")]).toEqual([
      "bar",
      "99",
      "radar",
    ]);
    expect([nameOfEnum(v1.CompletionTypeSchema, TASK), nameOfEnum(v1.CompletionTypeSchema, 77)]).toEqual([
      "TASK",
      "77",
    ]);
  });
});
