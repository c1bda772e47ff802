import type { Involvement } from "@ondash/compat";

const fields = (version: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `${version}.${name}`);
const both = (...names: readonly string[]): readonly string[] => [
  ...fields("chat.v1", ...names),
  ...fields("chat.v2", ...names),
];

/** Which fields the rules of the contract look at, so that a change of a field names the rules it touches. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "REC-02": both(
    "EventEnvelope.status",
    "EventEnvelope.text",
    "EventEnvelope.chart",
    "EventEnvelope.error",
    "EventEnvelope.completion",
  ),
  "REC-04": both("EventEnvelope.conversation_id"),
  "REC-06": both(
    "EventEnvelope.event_id",
    "EventEnvelope.conversation_id",
    "EventEnvelope.message_id",
    "EventEnvelope.task_id",
  ),
  "REC-07": [
    ...both("TextEvent.position", "ErrorEvent.severity", "CompletionEvent.type"),
    ...fields("chat.v2", "ChartEvent.chart_type", "ChartEvent.custom_chart_type"),
  ],
  "REC-08": both("EventEnvelope.timestamp"),
  "REC-09": [
    ...both("StatusEvent.message", "TextEvent.text", "ErrorEvent.code", "ErrorEvent.message"),
    ...fields("chat.v1", "ChartEvent.chart_type"),
  ],
  "REC-12": fields("chat.v2", "EventEnvelope.sequence", "CompletionEvent.last_sequence"),
  "ORD-01": both("EventEnvelope.event_id"),
  "ORD-03": [...fields("chat.v1", "EventEnvelope.timestamp"), ...fields("chat.v2", "EventEnvelope.sequence")],
  "ORD-04": fields("chat.v2", "EventEnvelope.sequence", "CompletionEvent.last_sequence"),
  "GRM-02": both("TextEvent.position"),
  "GRM-03": both("TextEvent.position"),
  "GRM-06": both("ErrorEvent.severity"),
  "GRM-07": fields("chat.v2", "StatusEvent.step", "StatusEvent.total_steps"),
  "MSG-01": both("Message.content"),
  "MSG-02": both("TextBlock.text", "ChartBlock.chart_type", "ChartBlock.config_json"),
  "MSG-03": both("MessageMetadata.tasks", "MessageMetadata.errors", "TaskInfo.task_id", "TaskInfo.state"),
  "MSG-04": fields("chat.v2", "Message.status"),
  "CHT-01": both("ChartEvent.config_json"),
  "CHT-02": both("ChartEvent.chart_type", "ChartEvent.config_json"),
};

/** The same, as the gate takes it. */
export const ruleFields: readonly Involvement[] = Object.entries(FIELDS).map(([name, list]) => ({
  name,
  fields: new Set(list),
}));
