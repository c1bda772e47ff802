import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import * as v1 from "../chat/v1.ts";
import * as v2 from "../chat/v2.ts";
import {
  type CastErrorCode,
  chartEvent,
  completionEvent,
  downcast,
  downcastMessage,
  type EventHead,
  errorEvent,
  isCastError,
  statusEvent,
  textEvent,
  upcast,
  upcastMessage,
} from "../index.ts";

const head = (number: number, taskId = "task_1"): EventHead => ({
  eventId: `event-${number}`,
  conversationId: "conv_123",
  messageId: "msg_789",
  taskId,
  timestamp: { seconds: 1_767_225_600n, nanos: number },
});

/** The sales chart of the schema documents. */
const salesChart = [
  statusEvent(head(1, ""), { message: "Decomposing query..." }),
  statusEvent(head(2), { message: "Executing chart_generation..." }),
  statusEvent(head(3), { message: "Querying database..." }),
  textEvent(head(4), { text: "Here is your sales chart", position: "BEFORE" }),
  chartEvent(head(5), { chartType: "bar", configJson: "{}" }),
  textEvent(head(6), { text: "Sales increased in Q4", position: "AFTER" }),
  completionEvent(head(7), { type: "TASK", message: "Task completed" }),
];

const conversationEnd = completionEvent(head(8, ""), { type: "CONVERSATION" });

/** What a cast was refused for. */
function refusal(cast: () => unknown): { code: CastErrorCode; id: string; field: string; message: string } {
  try {
    cast();
  } catch (error) {
    if (!isCastError(error)) throw error;
    return { code: error.code, id: error.subject.id, field: error.field, message: error.message };
  }
  throw new Error("was not refused");
}

function messageV1(init: MessageInitShape<typeof v1.MessageSchema>): v1.Message {
  return create(v1.MessageSchema, { id: "msg_789", conversationId: "conv_123", role: "assistant", ...init });
}

function messageV2(init: MessageInitShape<typeof v2.MessageSchema>): v2.Message {
  return create(v2.MessageSchema, { id: "msg_789", conversationId: "conv_123", role: v2.Role.ASSISTANT, ...init });
}

describe("upcast", () => {
  it("numbers the events and marks the last one as final", () => {
    const events = upcast(salesChart);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events.map(({ event }) => event.case === "completion" && event.value.lastSequence)).toEqual([
      ...Array.from({ length: 6 }, () => false),
      7,
    ]);
    expect(events[4]?.event.value).toEqual(
      create(v2.ChartEventSchema, { chartType: v2.ChartEvent_ChartType.BAR, configJson: "{}" }),
    );
    expect(events[2]?.event.value).toMatchObject({ message: "Querying database...", step: 0, totalSteps: 0 });
    expect(events.map(({ eventId }) => eventId)).toEqual(salesChart.map(({ eventId }) => eventId));
  });

  it("leaves last_sequence out of the completions before the final one", () => {
    const tasks = [
      statusEvent(head(1, "a"), { message: "a" }),
      completionEvent(head(2, "a"), { type: "TASK" }),
      statusEvent(head(3, "b"), { message: "b" }),
      completionEvent(head(4, "b"), { type: "TASK" }),
      completionEvent(head(5, ""), { type: "CONVERSATION" }),
    ];
    const finals = upcast(tasks).map(({ event }) =>
      event.case === "completion" ? event.value.lastSequence : undefined,
    );
    expect(finals).toEqual([undefined, 0, undefined, 0, 5]);
  });

  it.each([
    ["bar", v2.ChartEvent_ChartType.BAR, ""],
    ["heatmap", v2.ChartEvent_ChartType.HEATMAP, ""],
    ["Bar", v2.ChartEvent_ChartType.CUSTOM, "Bar"],
    ["sankey", v2.ChartEvent_ChartType.CUSTOM, "sankey"],
    ["custom", v2.ChartEvent_ChartType.CUSTOM, "custom"],
    ["unspecified", v2.ChartEvent_ChartType.CUSTOM, "unspecified"],
    ["", v2.ChartEvent_ChartType.UNSPECIFIED, ""],
  ])("makes of the chart type %j number %d and %j", (name, chartType, customChartType) => {
    const chart = chartEvent(head(1), { chartType: name, configJson: "{}" });
    const [event] = upcast([chart, completionEvent(head(2), { type: "TASK" })]);
    expect(event?.event.value).toMatchObject({ chartType, customChartType, configJson: "{}" });
    expect(event && downcast(event)).toEqual(chart);
  });

  it("names the event that follows the final completion", () => {
    const late = textEvent(head(9, ""), { text: "one more thing", position: "STANDALONE" });
    expect(refusal(() => upcast([...salesChart, late]))).toEqual({
      code: "after-end",
      id: "event-9",
      field: "",
      message: "[after-end] event event-9: a text after the turn's final completion, event event-7",
    });
    const after = completionEvent(head(9), { type: "TASK" });
    expect(refusal(() => upcast([conversationEnd, after]))).toMatchObject({ code: "after-end", id: "event-9" });
  });

  it("refuses a turn without a completion, and one without events", () => {
    expect(refusal(() => upcast(salesChart.slice(0, 6)))).toMatchObject({ code: "no-end", id: "event-6" });
    expect(refusal(() => upcast([]))).toMatchObject({ code: "no-end", id: "" });
  });

  it("refuses events of two turns", () => {
    const other = statusEvent({ ...head(1), messageId: "msg_790" }, { message: "Working..." });
    expect(refusal(() => upcast([other, ...salesChart.slice(1)]))).toEqual({
      code: "turn",
      id: "event-2",
      field: "message_id",
      message: `[turn] event event-2: message_id: "msg_789", but "msg_790" in the event before it: want one turn`,
    });
    const stranger = statusEvent({ ...head(1), conversationId: "conv_124" }, { message: "Working..." });
    expect(refusal(() => upcast([stranger, ...salesChart.slice(1)]))).toMatchObject({ field: "conversation_id" });
  });

  it("refuses events that are not in the order of their timestamps, or have none", () => {
    const same = statusEvent({ ...head(2), timestamp: head(1).timestamp }, { message: "Working..." });
    const [first, , ...rest] = salesChart;
    expect(refusal(() => upcast([first as v1.EventEnvelope, same, ...rest]))).toMatchObject({
      code: "order",
      id: "event-2",
      field: "timestamp",
    });
    expect(refusal(() => upcast(salesChart.toReversed()))).toMatchObject({ code: "order", id: "event-6" });
    const { timestamp: _, ...timeless } = same;
    expect(refusal(() => upcast([first as v1.EventEnvelope, timeless, ...rest]))).toMatchObject({ code: "order" });
  });

  it("keeps unknown fields, but for those that chat.v2 would read as something", () => {
    const [first, ...rest] = salesChart as [v1.EventEnvelope, ...v1.EventEnvelope[]];
    const data = Uint8Array.of(1);
    const kept = upcast([{ ...first, $unknown: [{ no: 50, wireType: WireType.Varint, data }] }, ...rest]);
    expect(kept[0]?.$unknown).toEqual([{ no: 50, wireType: WireType.Varint, data: Uint8Array.of(1) }]);
    data.fill(0);
    expect(kept[0]?.$unknown?.[0]?.data).toEqual(Uint8Array.of(1));
    expect(
      refusal(() => upcast([{ ...first, $unknown: [{ no: 6, wireType: WireType.Varint, data }] }, ...rest])),
    ).toEqual({
      code: "unknown-field",
      id: "event-1",
      field: "[6]",
      message:
        "[unknown-field] event event-1: [6]: a field that chat.v1 does not know, and chat.v2 would read as sequence",
    });
  });

  it("shares no memory with what it was given", () => {
    const [event] = upcast(salesChart);
    expect(event?.timestamp).toEqual(salesChart[0]?.timestamp);
    expect(event?.timestamp).not.toBe(salesChart[0]?.timestamp);
  });
});

describe("downcast", () => {
  it("loses the sequence and the steps, and nothing else", () => {
    const event = create(v2.EventEnvelopeSchema, {
      ...head(3),
      sequence: 3,
      event: { case: "status", value: { message: "Querying database...", step: 2, totalSteps: 3 } },
    });
    expect(downcast(event)).toEqual(salesChart[2]);
  });

  it("keeps errors and enum numbers that neither version knows", () => {
    const failed = errorEvent(head(1), { severity: "FATAL", code: "NO_DATA", message: "No data" });
    const [event] = upcast([failed, completionEvent(head(2), { type: "TASK" })]);
    expect(event && downcast(event)).toEqual(failed);
    const text = create(v2.EventEnvelopeSchema, {
      event: { case: "text", value: { text: "x", position: 9 as v2.TextPosition } },
    });
    expect(downcast(text).event.value).toMatchObject({ position: 9 });
  });

  it("leaves unset what is unset", () => {
    expect(downcast(create(v2.EventEnvelopeSchema))).toEqual(create(v1.EventEnvelopeSchema));
    const chart = create(v2.EventEnvelopeSchema, { event: { case: "chart", value: {} } });
    expect(downcast(chart)).toEqual(create(v1.EventEnvelopeSchema, { event: { case: "chart", value: {} } }));
  });

  it.each([
    [{ chartType: 8 as v2.ChartEvent_ChartType }, "chart.chart_type"],
    [{ chartType: v2.ChartEvent_ChartType.CUSTOM }, "chart.custom_chart_type"],
    [{ chartType: v2.ChartEvent_ChartType.BAR, customChartType: "line" }, "chart.custom_chart_type"],
    [{ customChartType: "line" }, "chart.custom_chart_type"],
  ])("refuses the chart type %j", (value, field) => {
    const event = create(v2.EventEnvelopeSchema, { eventId: "event-5", event: { case: "chart", value } });
    expect(refusal(() => downcast(event))).toMatchObject({ code: "value", id: "event-5", field });
  });

  it("refuses an unknown field with a number of chat.v1", () => {
    const chart = create(v2.ChartEventSchema, { chartType: v2.ChartEvent_ChartType.BAR });
    chart.$unknown = [{ no: 1, wireType: WireType.LengthDelimited, data: Uint8Array.of(1, 0x78) }];
    const event = create(v2.EventEnvelopeSchema, { event: { case: "chart", value: chart } });
    expect(refusal(() => downcast(event))).toMatchObject({ code: "unknown-field", field: "chart.[1]" });
  });
});

describe("upcastMessage and downcastMessage", () => {
  const stored = messageV1({
    timestamp: { seconds: 1_767_225_602n, nanos: 5 },
    content: [
      { block: { case: "text", value: { text: "Here is your sales chart" } } },
      { block: { case: "chart", value: { chartType: "sankey", configJson: "{}" } } },
      {},
    ],
    metadata: {
      tasks: [{ taskId: "task_1", scenario: "chart_generation", state: "completed" }],
      executionTimeMs: 2500,
      tokensUsed: 1200,
      errors: [{ code: "SLOW", message: "The database is slow" }],
    },
  });

  it("carry the whole message", () => {
    const young = upcastMessage(stored);
    expect(young).toMatchObject({
      role: v2.Role.ASSISTANT,
      status: v2.MessageStatus.COMPLETE,
      content: [
        {},
        { block: { value: { chartType: v2.ChartBlock_ChartType.CUSTOM, customChartType: "sankey" } } },
        { block: { case: undefined } },
      ],
      metadata: { tasks: [{ state: v2.TaskState.COMPLETED }], executionTimeMs: 2500, tokensUsed: 1200 },
    });
    expect(downcastMessage(young)).toEqual(stored);
  });

  it("refuse a role or state outside the fixed set, and name the field", () => {
    expect(refusal(() => upcastMessage(messageV1({ role: "tool" })))).toEqual({
      code: "value",
      id: "msg_789",
      field: "role",
      message: `[value] message msg_789: role: "tool" is not of chat.v2, want "user", "assistant", "system"`,
    });
    expect(refusal(() => upcastMessage(messageV1({ role: "Assistant" })))).toMatchObject({ field: "role" });
    const state = messageV1({ metadata: { tasks: [{ state: "running" }, { state: "paused" }] } });
    expect(refusal(() => upcastMessage(state))).toMatchObject({ code: "value", field: "metadata.tasks[1].state" });
    expect(refusal(() => downcastMessage(messageV2({ role: 4 as v2.Role })))).toEqual({
      code: "value",
      id: "msg_789",
      field: "role",
      message: "[value] message msg_789: role: Role has no value 4, so chat.v1 has no string for it",
    });
    const young = messageV2({ metadata: { tasks: [{ state: -1 as v2.TaskState }] } });
    expect(refusal(() => downcastMessage(young))).toMatchObject({ field: "metadata.tasks[0].state" });
    const chart = messageV2({ content: [{}, { block: { case: "chart", value: { chartType: 99 as never } } }] });
    expect(refusal(() => downcastMessage(chart))).toMatchObject({ field: "content[1].chart.chart_type" });
  });

  it("make of chat.v2's third role the string system", () => {
    expect(downcastMessage(messageV2({ role: v2.Role.SYSTEM })).role).toBe("system");
    expect(upcastMessage(messageV1({ role: "system" })).role).toBe(v2.Role.SYSTEM);
    expect(upcastMessage(messageV1({ role: "" })).role).toBe(v2.Role.UNSPECIFIED);
  });

  it.each([
    ["COMPLETE", {}],
    ["COMPLETE", { metadata: { tasks: [{ state: "failed" }, { state: "completed" }] } }],
    ["INCOMPLETE", { metadata: { tasks: [{ state: "failed" }, { state: "running" }] } }],
    ["INCOMPLETE", { metadata: { tasks: [{ state: "pending" }] } }],
    ["FAILED", { metadata: { tasks: [{ state: "failed" }] } }],
    ["FAILED", { metadata: { errors: [{ code: "MODEL_OVERLOADED" }] } }],
  ] as const)("derive the status %s of %j", (status, init) => {
    const message = messageV1(init as MessageInitShape<typeof v1.MessageSchema>);
    expect(upcastMessage(message).status).toBe(v2.MessageStatus[status]);
  });

  it("take the status of a caller that knows it", () => {
    expect(upcastMessage(stored, { status: v2.MessageStatus.FAILED }).status).toBe(v2.MessageStatus.FAILED);
  });
});
