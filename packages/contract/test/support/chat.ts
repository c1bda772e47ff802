import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type AnyEnvelope, type ChatSchema, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";

/** One event of a test turn, the same for both versions. */
export type Step = { readonly task?: string; readonly at?: number; readonly id?: string } & (
  | { readonly status: string; readonly step?: number; readonly total?: number }
  | { readonly text: string; readonly position: keyof typeof v1.TextPosition }
  | { readonly chart: string; readonly config?: string }
  | { readonly error: keyof typeof v1.ErrorSeverity; readonly code?: string }
  | { readonly completion: keyof typeof v1.CompletionType }
);

/** Ids of a test turn. */
export interface TurnIds {
  readonly conversation?: string;
  readonly message?: string;
  /** Which step is the last; default: the last completion. chat.v2 puts last_sequence there; -1: nowhere. */
  readonly final?: number;
}

/** The sales-chart turn of the schema documents. */
export const salesChart: readonly Step[] = [
  { status: "Decomposing query..." },
  { status: "Executing chart_generation...", task: "task_1" },
  { status: "Querying database...", task: "task_1" },
  { text: "Here is your sales chart", position: "BEFORE", task: "task_1" },
  { chart: "bar", task: "task_1" },
  { text: "Sales increased in Q4", position: "AFTER", task: "task_1" },
  { completion: "TASK", task: "task_1" },
];

/** Another task of the same turn. */
export const secondTask: readonly Step[] = [
  { status: "And again...", task: "task_2" },
  { text: "Nothing to show", position: "STANDALONE", task: "task_2" },
  { completion: "TASK", task: "task_2" },
];

/** The envelopes of a turn, in emission order, 1 ms apart. */
export function envelopes(schema: ChatSchema, steps: readonly Step[], ids: TurnIds = {}): AnyEnvelope[] {
  const { conversation = "conv_456", message = "msg_789" } = ids;
  const final = ids.final ?? steps.findLastIndex((step) => "completion" in step);
  return steps.map((step, index) => {
    const base = {
      eventId: step.id ?? `${message}-event-${index + 1}`,
      conversationId: conversation,
      messageId: message,
      taskId: step.task ?? "",
      timestamp: timestampFromMs(1_761_733_800_000 + (step.at ?? index)),
    };
    if (!schema.sequenced) return create(v1.EventEnvelopeSchema, { ...base, event: eventV1(step) });
    const lastSequence = index === final ? index + 1 : 0;
    return create(v2.EventEnvelopeSchema, { ...base, sequence: index + 1, event: eventV2(step, lastSequence) });
  });
}

function eventV1(step: Step): v1.EventEnvelope["event"] {
  if ("status" in step) return { case: "status", value: create(v1.StatusEventSchema, { message: step.status }) };
  if ("text" in step) {
    const position = v1.TextPosition[step.position];
    return { case: "text", value: create(v1.TextEventSchema, { text: step.text, position }) };
  }
  if ("chart" in step) {
    const configJson = step.config ?? `{"series":[{"type":"${step.chart}","data":[1]}]}`;
    return { case: "chart", value: create(v1.ChartEventSchema, { chartType: step.chart, configJson }) };
  }
  if ("error" in step) {
    const severity = v1.ErrorSeverity[step.error];
    const value = create(v1.ErrorEventSchema, { severity, code: step.code ?? "E1", message: "it failed" });
    return { case: "error", value };
  }
  const type = v1.CompletionType[step.completion];
  return { case: "completion", value: create(v1.CompletionEventSchema, { type, message: "done" }) };
}

function eventV2(step: Step, lastSequence: number): v2.EventEnvelope["event"] {
  if ("status" in step) {
    const { status: message, step: number = 0, total: totalSteps = 0 } = step;
    return { case: "status", value: create(v2.StatusEventSchema, { message, step: number, totalSteps }) };
  }
  if ("text" in step) {
    const position = v2.TextPosition[step.position];
    return { case: "text", value: create(v2.TextEventSchema, { text: step.text, position }) };
  }
  if ("chart" in step) {
    const configJson = step.config ?? `{"series":[{"type":"${step.chart}","data":[1]}]}`;
    const known = v2.ChartEventSchema.nestedEnums[0]?.values.find(
      ({ localName }) => localName.toLowerCase() === step.chart,
    );
    const value = create(v2.ChartEventSchema, { configJson, chartType: (known?.number ?? 7) as 1 });
    if (known === undefined) value.customChartType = step.chart;
    return { case: "chart", value };
  }
  if ("error" in step) {
    const severity = v2.ErrorSeverity[step.error];
    const value = create(v2.ErrorEventSchema, { severity, code: step.code ?? "E1", message: "it failed" });
    return { case: "error", value };
  }
  const type = v2.CompletionType[step.completion];
  return { case: "completion", value: create(v2.CompletionEventSchema, { type, message: "done", lastSequence }) };
}

/** The records of a turn, in emission order. */
export function records(
  schema: ChatSchema,
  steps: readonly Step[],
  ids: TurnIds = {},
  partitions = 8,
): OutgoingRecord[] {
  return envelopes(schema, steps, ids).map((envelope) => encodeRecord(schema, envelope, partitions));
}
