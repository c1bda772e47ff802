import { create, type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import * as v1 from "../../src/chat/v1.ts";
import {
  chartEvent,
  completionEvent,
  type EventHead,
  statusEvent,
  textEvent,
  upcast,
  upcastMessage,
} from "../../src/index.ts";
import * as v2 from "../../src/chat/v2.ts";
import type { GoldenCase } from "./golden-case.ts";

const configJson = JSON.stringify({
  xAxis: { type: "category", data: ["Q1", "Q2", "Q3", "Q4"] },
  yAxis: { type: "value" },
  series: [{ type: "bar", name: "Sales", data: [12, 19, 7, 24] }],
});

/** The turn of the schema documents, event by event, and its stored message, in both versions. */
export function salesChartCases(): GoldenCase[] {
  const turn = salesChart();
  return [
    ...turn.map((event, index) => canonical(v1.EventEnvelopeSchema, nameOf(event, index), event)),
    ...upcast(turn).map((event, index) => canonical(v2.EventEnvelopeSchema, nameOf(event, index), event)),
    canonical(v1.MessageSchema, "sales-chart", storedMessage()),
    canonical(v2.MessageSchema, "sales-chart", upcastMessage(storedMessage())),
  ];
}

function nameOf({ event }: v1.EventEnvelope | v2.EventEnvelope, index: number): string {
  return `sales-chart-${index + 1}-${event.case}`;
}

function canonical(desc: DescMessage, name: string, message: Message): GoldenCase {
  const what = name === "sales-chart" ? "the stored message" : `event ${name.replace(/^sales-chart-/, "").replace("-", ", ")}`;
  return {
    desc,
    name,
    what: `the sales chart of the schema documents: ${what}`,
    bytes: toBinary(desc, message),
    expect: "canonical",
  };
}

function head(number: number, taskId = "task_1"): EventHead {
  return {
    eventId: `019c13a4-7c00-7000-8000-00000000000${number}`,
    conversationId: "conv_123",
    messageId: "msg_789",
    taskId,
    // From 2026-01-31T12:00:00.12Z on.
    timestamp: { seconds: 1_769_860_800n, nanos: 120_000_000 * number },
  };
}

function salesChart(): v1.EventEnvelope[] {
  return [
    statusEvent(head(1, ""), { message: "Decomposing query..." }),
    statusEvent(head(2), { message: "Executing chart_generation..." }),
    statusEvent(head(3), { message: "Querying database..." }),
    textEvent(head(4), { text: "Here is your sales chart", position: "BEFORE" }),
    chartEvent(head(5), { chartType: "bar", configJson }),
    textEvent(head(6), { text: "Sales increased in Q4", position: "AFTER" }),
    completionEvent(head(7), { type: "TASK", message: "Task completed" }),
  ];
}

function storedMessage(): v1.Message {
  return create(v1.MessageSchema, {
    id: "msg_789",
    conversationId: "conv_123",
    role: "assistant",
    timestamp: { seconds: 1_769_860_800n, nanos: 840_000_000 },
    content: [
      { block: { case: "text", value: { text: "Here is your sales chart" } } },
      { block: { case: "chart", value: { chartType: "bar", configJson } } },
      { block: { case: "text", value: { text: "Sales increased in Q4" } } },
    ],
    metadata: {
      tasks: [{ taskId: "task_1", scenario: "chart_generation", state: "completed" }],
      executionTimeMs: 2500,
      tokensUsed: 1200,
    },
  });
}
