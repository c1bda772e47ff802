import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import type * as v1 from "../chat/v1.ts";
import * as v2 from "../chat/v2.ts";
import type { ChatSchema } from "../chat-schema.ts";
import type { AnyEnvelope, EnvelopeOf } from "../chat-versions.ts";
import { chartEvent, completionEvent, type EventHead, errorEvent, statusEvent, textEvent } from "../events.ts";
import { type ChartDraft, validChart } from "./chart.ts";
import { buildTurn, type EventDraft, type Wish } from "./turn-builder.ts";
import { nonBlankString } from "./values.ts";

/** A turn that keeps the contract. */
export interface ValidTurn<Envelope extends AnyEnvelope = AnyEnvelope> {
  readonly conversationId: string;
  readonly messageId: string;
  /** In emission order. */
  readonly events: readonly Envelope[];
}

/** What turns an arbitrary makes. */
export interface ValidTurnOptions {
  /** Default: any non-empty string. */
  readonly conversationId?: string;
  /** Default: any non-empty string. */
  readonly messageId?: string;
  /** Whether the turn ends the conversation. A turn without tasks does so in any case. Default: both occur. */
  readonly conversation?: boolean;
  /** chat.v1: whether events of the turn itself may follow the last completion. Default false. */
  readonly trailing?: boolean;
  /** Tasks at most. Default 3; 0: turns of task-less events only. */
  readonly tasks?: number;
  /** Events at most, but for those that end the turn. Default 12. */
  readonly length?: number;
}

/**
 * Turns that break no rule of the contract, errors or warnings: statuses (with steps in chat.v2), texts before, after
 * and beside charts of every kind, errors of every severity, several tasks side by side and one after the other, task-less
 * events, both kinds of ending. Ids are unique in a turn; between two turns they need not be.
 */
export function validTurn<Schema extends ChatSchema>(
  schema: Schema,
  options: ValidTurnOptions = {},
): fc.Arbitrary<ValidTurn<EnvelopeOf<Schema>>> {
  const { tasks = 3, length = 12, trailing = false } = options;
  return fc
    .record({
      conversationId: given(options.conversationId),
      messageId: given(options.messageId),
      uuid: fc.uuid({ version: 7 }),
      // 2020 … 2030: room for any gaps.
      start: fc.bigInt({ min: 1_577_836_800n, max: 1_893_456_000n }).map((seconds) => seconds * 1_000_000_000n),
      wishes: fc.array(wish(schema, tasks), { maxLength: length }),
      ending: fc.record({
        conversation: given(options.conversation, fc.boolean()),
        leaveOpen: fc.boolean(),
        trailing: fc.constant(trailing && schema.version === 1),
        chart: validChart(),
      }),
    })
    .map(({ conversationId, messageId, uuid, start, wishes, ending }) => {
      const drafts = buildTurn(wishes, ending);
      let at = start;
      const events = drafts.map((draft, index) => {
        at += draft.gap;
        const head: EventHead = {
          eventId: uuid.slice(0, -12) + (index + 1).toString(16).padStart(12, "0"),
          conversationId,
          messageId,
          taskId: draft.taskId,
          timestamp: { seconds: at / 1_000_000_000n, nanos: Number(at % 1_000_000_000n) },
        };
        return schema.version === 1 ? asV1(head, draft) : asV2(head, draft, index + 1, index === drafts.length - 1);
      });
      return { conversationId, messageId, events: events as unknown as EnvelopeOf<Schema>[] };
    });
}

function given<T extends string | boolean>(value: T | undefined, otherwise?: fc.Arbitrary<T>): fc.Arbitrary<T> {
  if (value !== undefined) return fc.constant(value);
  return otherwise ?? (nonBlankString() as fc.Arbitrary<T>);
}

function wish(schema: ChatSchema, tasks: number): fc.Arbitrary<Wish> {
  // chat.v1 is ordered by timestamps, so they increase; chat.v2 tolerates clocks that go back by up to 2 s.
  const least = schema.sequenced ? -1_900_000_000n : 1n;
  return fc.record({
    task: fc.nat({ max: tasks }),
    say: fc.oneof(
      { weight: 3, arbitrary: fc.constant("status" as const) },
      { weight: 5, arbitrary: fc.constant("text" as const) },
      { weight: 4, arbitrary: fc.constant("chart" as const) },
      { weight: 1, arbitrary: fc.constant("error" as const) },
      { weight: 2, arbitrary: fc.constant("completion" as const) },
    ),
    text: nonBlankString(),
    code: fc.constantFrom("QUERY_TIMEOUT", "NO_DATA", "MODEL_OVERLOADED"),
    position: fc.constantFrom("BEFORE" as const, "AFTER" as const, "STANDALONE" as const),
    severity: fc.constantFrom("WARNING" as const, "ERROR" as const, "FATAL" as const),
    chart: validChart(),
    steps: fc.nat({ max: 4 }),
    gap: fc.oneof(fc.constant(1n), fc.bigInt({ min: least, max: 3_000_000_000n }), fc.constant(120_000_000n)),
  });
}

function asV1(head: EventHead, { body }: EventDraft): v1.EventEnvelope {
  switch (body.kind) {
    case "status":
      return statusEvent(head, body);
    case "text":
      return textEvent(head, body);
    case "chart":
      return chartEvent(head, { chartType: body.chart.name, configJson: body.chart.configJson });
    case "error":
      return errorEvent(head, body);
    default:
      return completionEvent(head, body);
  }
}

function asV2(head: EventHead, draft: EventDraft, sequence: number, last: boolean): v2.EventEnvelope {
  return create(v2.EventEnvelopeSchema, { ...head, sequence, event: bodyV2(draft, last ? sequence : 0) });
}

type EventV2 = Parameters<typeof create<typeof v2.EventEnvelopeSchema>>[1];

function bodyV2({ body }: EventDraft, lastSequence: number): NonNullable<NonNullable<EventV2>["event"]> {
  switch (body.kind) {
    case "status": {
      const { message, step, totalSteps } = body;
      return { case: "status", value: { message, step, totalSteps } };
    }
    case "text":
      return { case: "text", value: { text: body.text, position: v2.TextPosition[body.position] } };
    case "chart":
      return { case: "chart", value: chartV2(body.chart) };
    case "error": {
      const { code, message, severity } = body;
      return { case: "error", value: { code, message, severity: v2.ErrorSeverity[severity] } };
    }
    default: {
      const { type, message } = body;
      return { case: "completion", value: { type: v2.CompletionType[type], message, lastSequence } };
    }
  }
}

function chartV2({ type, name, configJson }: ChartDraft): v2.ChartEvent {
  const customChartType = type === v2.ChartEvent_ChartType.CUSTOM ? name : "";
  return create(v2.ChartEventSchema, { chartType: type, customChartType, configJson });
}
