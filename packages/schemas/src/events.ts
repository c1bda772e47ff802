import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CompletionType, ErrorSeverity, type EventEnvelope, EventEnvelopeSchema, TextPosition } from "./chat/v1.ts";
import { SchemasError } from "./error.ts";
import { type Instant, isValidInstant } from "./rfc3339.ts";
import { findIllFormedString } from "./well-formed.ts";

/** What every event has: ids and time. */
export interface EventHead {
  /** Not empty. */
  readonly eventId: string;
  /** Not empty. */
  readonly conversationId: string;
  /** Id of the assistant's message that the event builds. Not empty. */
  readonly messageId: string;
  /** Default "": an event of the turn itself. */
  readonly taskId?: string;
  /** Years 1 to 9999, nanos 0 to 999,999,999. */
  readonly timestamp: Instant;
}

/** Names of an enum's values without the one that no event carries. */
type NameOf<Enum> = Exclude<Extract<keyof Enum, string>, "UNSPECIFIED">;

/** `BEFORE`, `AFTER` or `STANDALONE`. */
export type TextPositionName = NameOf<typeof TextPosition>;
/** `WARNING`, `ERROR` or `FATAL`. */
export type ErrorSeverityName = NameOf<typeof ErrorSeverity>;
/** `TASK` or `CONVERSATION`. */
export type CompletionTypeName = NameOf<typeof CompletionType>;

/*
 * The constructors refuse, with a SchemasError, what is no event at all: an empty id, a timestamp out of range, a name
 * that the enum does not have, anything but a string (code `event`), a string with a lone surrogate (code `string`).
 * What only the rules of the contract forbid (a blank text, a TASK completion without a task) they make: a mock must be
 * able to err on purpose.
 */

/** A status of chat.v1. Throws a SchemasError for what is no event: see above. */
export function statusEvent(head: EventHead, fields: { readonly message: string }): EventEnvelope {
  return envelope(head, { case: "status", value: { message: string(head, "status.message", fields.message) } });
}

/** A text of chat.v1. Throws a SchemasError for what is no event: see above. */
export function textEvent(
  head: EventHead,
  fields: { readonly text: string; readonly position: TextPositionName },
): EventEnvelope {
  const text = string(head, "text.text", fields.text);
  return envelope(head, {
    case: "text",
    value: { text, position: numberOf(head, "text.position", TextPosition, fields.position) },
  });
}

/** A chart of chat.v1. `configJson` is taken as it is. Throws a SchemasError for what is no event: see above. */
export function chartEvent(
  head: EventHead,
  fields: { readonly chartType: string; readonly configJson: string },
): EventEnvelope {
  const chartType = string(head, "chart.chart_type", fields.chartType);
  const configJson = string(head, "chart.config_json", fields.configJson);
  return envelope(head, { case: "chart", value: { chartType, configJson } });
}

/** An error of chat.v1. Throws a SchemasError for what is no event: see above. */
export function errorEvent(
  head: EventHead,
  fields: { readonly severity: ErrorSeverityName; readonly code: string; readonly message: string },
): EventEnvelope {
  const severity = numberOf(head, "error.severity", ErrorSeverity, fields.severity);
  const code = string(head, "error.code", fields.code);
  const message = string(head, "error.message", fields.message);
  return envelope(head, { case: "error", value: { severity, code, message } });
}

/** A completion of chat.v1; `message` is "" by default. Throws a SchemasError for what is no event: see above. */
export function completionEvent(
  head: EventHead,
  fields: { readonly type: CompletionTypeName; readonly message?: string },
): EventEnvelope {
  const type = numberOf(head, "completion.type", CompletionType, fields.type);
  const message = string(head, "completion.message", fields.message ?? "");
  return envelope(head, { case: "completion", value: { type, message } });
}

function envelope(
  head: EventHead,
  event: NonNullable<MessageInitShape<typeof EventEnvelopeSchema>["event"]>,
): EventEnvelope {
  const { eventId, conversationId, messageId, taskId = "", timestamp } = head;
  for (const [name, id] of Object.entries({
    event_id: eventId,
    conversation_id: conversationId,
    message_id: messageId,
  })) {
    if (string(head, name, id) === "") throw refuse(head, name, "a non-empty string", id);
  }
  if (!isValidInstant(timestamp)) {
    const got = `${timestamp.seconds} s and ${timestamp.nanos} ns since 1970`;
    throw new SchemasError("event", `${nameOf(head)}: timestamp must lie in the years 1 to 9999, got ${got}`);
  }
  const { seconds, nanos } = timestamp;
  const made = create(EventEnvelopeSchema, {
    eventId,
    conversationId,
    messageId,
    taskId: string(head, "task_id", taskId),
    timestamp: { seconds, nanos },
    event,
  });
  const illFormed = findIllFormedString(EventEnvelopeSchema, made);
  if (illFormed !== undefined) {
    throw new SchemasError(
      "string",
      `${nameOf(head)}: ${illFormed} has a lone surrogate, which UTF-8 can't hold; remove it, or complete the pair`,
    );
  }
  return made;
}

/** Types are checked at run time too: steps come from YAML. */
function string(head: EventHead, field: string, value: unknown): string {
  if (typeof value !== "string") throw refuse(head, field, "a string", value);
  return value;
}

function numberOf<Enum extends Readonly<Record<string, number>>>(
  head: EventHead,
  field: string,
  values: Enum,
  name: NameOf<Enum>,
): Enum[NameOf<Enum>] {
  const names = Object.keys(values).filter((known) => known !== "UNSPECIFIED");
  if (!names.includes(name)) throw refuse(head, field, `one of ${names.join(", ")}`, name);
  return values[name];
}

function refuse(head: EventHead, field: string, want: string, got: unknown): SchemasError {
  return new SchemasError("event", `${nameOf(head)}: ${field} must be ${want}, got ${JSON.stringify(got)}`);
}

function nameOf(head: EventHead): string {
  return head.eventId === "" ? "event without an id" : `event ${head.eventId}`;
}
