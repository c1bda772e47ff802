import type { DescEnum } from "@bufbuild/protobuf";
import type { AnyEnvelope, ChatSchema, Instant } from "@ondash/schemas";
import { CompletionType, ErrorSeverity } from "@ondash/schemas/chat/v1";
import { ChartEvent_ChartType, ChartEvent_ChartTypeSchema } from "@ondash/schemas/chat/v2";
import type { RecordRef } from "./run-result.ts";

/**
 * What an event says. Enum values are the numbers on the wire, which the two versions share; `chartType` is chat.v1's
 * string, or the enum's name in lower case (`custom_chart_type` for CUSTOM), so that one rule reads both.
 */
export type EventBody =
  | { readonly kind: "status"; readonly message: string; readonly step: number; readonly totalSteps: number }
  | { readonly kind: "text"; readonly text: string; readonly position: number }
  | {
      readonly kind: "chart";
      readonly chartType: string;
      readonly configJson: string;
      /** chat.v2: the enum as it came; undefined in chat.v1. */
      readonly typeNumber: number | undefined;
      /** chat.v2: custom_chart_type as it came; "" in chat.v1. */
      readonly customType: string;
    }
  | { readonly kind: "error"; readonly severity: number; readonly code: string; readonly message: string }
  | {
      readonly kind: "completion";
      readonly type: number;
      readonly message: string;
      /** 0 but on chat.v2's final completion of a turn. */
      readonly lastSequence: number;
    };

/**
 * An envelope of either version. Differences are data: `sequence` is 0 where the version has none. Everything the
 * rules on order and grammar read stands here, so that they are written once.
 */
export interface ContractEvent {
  readonly eventId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly taskId: string;
  /** undefined: not set. */
  readonly timestamp: Instant | undefined;
  readonly sequence: number;
  /** undefined: no known arm. */
  readonly body: EventBody | undefined;
}

/** An event whose record is sound: it has a body and a timestamp. */
export interface SoundEvent extends ContractEvent {
  readonly timestamp: Instant;
  readonly body: EventBody;
}

/** A sound event at its place in the log. */
export interface PlacedEvent {
  readonly event: SoundEvent;
  readonly place: RecordRef;
  /** How many barriers had been asked for before it was observed: only later ones cover it. */
  readonly asked: number;
}

/** Whether it is an error that excuses a task from having a result. */
export function isFailure(body: EventBody): boolean {
  return body.kind === "error" && (body.severity === ErrorSeverity.ERROR || body.severity === ErrorSeverity.FATAL);
}

/** Whether it completes its task. */
export function completesTask(event: SoundEvent): boolean {
  return event.taskId !== "" && event.body.kind === "completion" && event.body.type === CompletionType.TASK;
}

/** Whether it completes its conversation. */
export function completesConversation(event: SoundEvent): boolean {
  return event.body.kind === "completion" && event.body.type === CompletionType.CONVERSATION;
}

/** Compares two instants. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds < b.seconds ? -1 : a.seconds > b.seconds ? 1 : a.nanos - b.nanos;
}

/** Emission order in a turn: `sequence` where the version has one, else the envelope's timestamp. 0: they tie. */
export function compareEmission(schema: ChatSchema, a: SoundEvent, b: SoundEvent): number {
  return schema.sequenced ? a.sequence - b.sequence : compareInstants(a.timestamp, b.timestamp);
}

/** An order of places in the log that depends on nothing but the places. */
export function comparePlaces(schema: ChatSchema, a: RecordRef, b: RecordRef): number {
  return (
    schema.topicList.indexOf(a.topic) - schema.topicList.indexOf(b.topic) ||
    a.partition - b.partition ||
    a.offset - b.offset
  );
}

/** The events in emission order; ties by place, so that the result does not depend on the order of arrival. */
export function inEmissionOrder(schema: ChatSchema, events: readonly PlacedEvent[]): PlacedEvent[] {
  return events.toSorted(
    (a, b) => compareEmission(schema, a.event, b.event) || comparePlaces(schema, a.place, b.place),
  );
}

/**
 * An envelope as an event.
 * @param envelope decoded strictly; of several arms it has the last.
 */
export function toContractEvent(envelope: AnyEnvelope): ContractEvent {
  return {
    eventId: envelope.eventId,
    conversationId: envelope.conversationId,
    messageId: envelope.messageId,
    taskId: envelope.taskId,
    timestamp: envelope.timestamp && { seconds: envelope.timestamp.seconds, nanos: envelope.timestamp.nanos },
    sequence: "sequence" in envelope ? envelope.sequence : 0,
    body: bodyOf(envelope),
  };
}

/** A chat.v2 chart type as chat.v1 writes it: the enum's name in lower case, `custom` for CUSTOM. */
export function nameOfChartType(value: number, custom: string): string {
  return value === ChartEvent_ChartType.CUSTOM ? custom : nameOfEnum(ChartEvent_ChartTypeSchema, value).toLowerCase();
}

/** The name of an enum's value without the enum's prefix; the number of one that is not known. */
export function nameOfEnum(type: DescEnum, value: number): string {
  return type.values.find(({ number }) => number === value)?.localName ?? `${value}`;
}

function bodyOf({ event }: AnyEnvelope): EventBody | undefined {
  switch (event.case) {
    case "status": {
      const { value } = event;
      const [step, totalSteps] = "step" in value ? [value.step, value.totalSteps] : [0, 0];
      return { kind: "status", message: value.message, step, totalSteps };
    }
    case "text":
      return { kind: "text", text: event.value.text, position: event.value.position };
    case "chart": {
      const { value } = event;
      const { configJson } = value;
      if (!("customChartType" in value)) {
        return { kind: "chart", chartType: value.chartType, configJson, typeNumber: undefined, customType: "" };
      }
      const { chartType: typeNumber, customChartType: customType } = value;
      const chartType = nameOfChartType(typeNumber, customType);
      return { kind: "chart", chartType, configJson, typeNumber, customType };
    }
    case "error":
      return { kind: "error", severity: event.value.severity, code: event.value.code, message: event.value.message };
    case "completion": {
      const { value } = event;
      const lastSequence = "lastSequence" in value ? value.lastSequence : 0;
      return { kind: "completion", type: value.type, message: value.message, lastSequence };
    }
    default:
      return undefined;
  }
}
