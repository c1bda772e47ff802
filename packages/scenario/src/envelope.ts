import { create } from "@bufbuild/protobuf";
import {
  type AnyEnvelope,
  chartEvent,
  completionEvent,
  type EventHead,
  errorEvent,
  type SchemaName,
  statusEvent,
  textEvent,
} from "@ondash/schemas";
import {
  ChartEvent_ChartType,
  CompletionType,
  ErrorSeverity,
  EventEnvelopeSchema,
  TextPosition,
} from "@ondash/schemas/chat/v2";
import type { EventBody } from "./event-step.ts";

/** What chat.v2 says beside the event itself. */
export interface Sequencing {
  /** 1, 2, 3 … over the whole turn. */
  readonly sequence: number;
  /** On the final completion its own sequence, else 0. */
  readonly lastSequence: number;
}

/** The envelope of an event in a schema version. */
export function envelopeOf(schema: SchemaName, head: EventHead, body: EventBody, sequencing: Sequencing): AnyEnvelope {
  return schema === "chat.v1" ? envelopeV1(head, body) : envelopeV2(head, body, sequencing);
}

function envelopeV1(head: EventHead, body: EventBody): AnyEnvelope {
  switch (body.kind) {
    case "status":
      return statusEvent(head, body);
    case "text":
      return textEvent(head, { text: body.body, position: body.position });
    case "chart":
      return chartEvent(head, { chartType: body.type, configJson: body.configJson });
    case "error":
      return errorEvent(head, body);
    case "completion":
      return completionEvent(head, body);
    default:
      throw new TypeError(`no event kind ${String(body satisfies never)}`);
  }
}

/** chat.v1 names of the chart types that chat.v2 has as enum values. */
const CHART_TYPES: ReadonlyMap<string, ChartEvent_ChartType> = new Map([
  ["bar", ChartEvent_ChartType.BAR],
  ["line", ChartEvent_ChartType.LINE],
  ["pie", ChartEvent_ChartType.PIE],
  ["scatter", ChartEvent_ChartType.SCATTER],
  ["radar", ChartEvent_ChartType.RADAR],
  ["heatmap", ChartEvent_ChartType.HEATMAP],
]);

function envelopeV2(head: EventHead, body: EventBody, { sequence, lastSequence }: Sequencing): AnyEnvelope {
  return create(EventEnvelopeSchema, {
    eventId: head.eventId,
    conversationId: head.conversationId,
    messageId: head.messageId,
    taskId: head.taskId ?? "",
    timestamp: { seconds: head.timestamp.seconds, nanos: head.timestamp.nanos },
    sequence,
    event: eventV2(body, lastSequence),
  });
}

function eventV2(body: EventBody, lastSequence: number) {
  switch (body.kind) {
    case "status":
      return { case: "status", value: { message: body.message } } as const;
    case "text":
      return { case: "text", value: { text: body.body, position: TextPosition[body.position] } } as const;
    case "chart": {
      const chartType = CHART_TYPES.get(body.type) ?? ChartEvent_ChartType.CUSTOM;
      const customChartType = chartType === ChartEvent_ChartType.CUSTOM ? body.type : "";
      return { case: "chart", value: { chartType, customChartType, configJson: body.configJson } } as const;
    }
    case "error":
      return {
        case: "error",
        value: { severity: ErrorSeverity[body.severity], code: body.code, message: body.message },
      } as const;
    case "completion":
      return {
        case: "completion",
        value: { type: CompletionType[body.type], message: body.message, lastSequence },
      } as const;
    default:
      throw new TypeError(`no event kind ${String(body satisfies never)}`);
  }
}
