import * as v1 from "../chat/v1.ts";
import * as v2 from "../chat/v2.ts";
import { at, type CastPlace, counterpart, timestampOf } from "./carry.ts";
import { CastError, type CastSubject } from "./cast-error.ts";
import { upcastChartType } from "./charts.ts";

/**
 * The events of one chat.v1 turn, all of them and in the order of their timestamps, as chat.v2 says them: numbered from
 * 1, the last one, which must be a completion, as the final one. Steps are unknown (0). Unknown enum numbers and unknown
 * fields are kept. Whether tasks are still open is not looked at: chat.v2 shows that as well as chat.v1 does.
 * @throws CastError: `no-end` when the turn has no completion, `after-end` when an event follows its last one (or a
 * CONVERSATION completion), which it names; `turn` for an event of another turn; `order` for an event that is not later
 * than the one before it, since chat.v1 then has no order to number; `unknown-field` for an unknown field with a number
 * that chat.v2 uses.
 */
export function upcast(events: readonly v1.EventEnvelope[]): v2.EventEnvelope[] {
  checkTurn(events);
  checkEnd(events);
  return events.map((event, index) => upcastEvent(event, index + 1, index === events.length - 1));
}

function checkTurn(events: readonly v1.EventEnvelope[]): void {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before === undefined) continue;
    for (const [field, key] of [
      ["conversation_id", "conversationId"],
      ["message_id", "messageId"],
    ] as const) {
      if (event[key] === before[key]) continue;
      const detail = `${JSON.stringify(event[key])}, but ${JSON.stringify(before[key])} in the event before it: want one turn`;
      throw new CastError("turn", subjectOf(event), field, detail);
    }
    if (isLater(event.timestamp, before.timestamp)) continue;
    const detail = `not later than that of the event before it, ${before.eventId}: want a turn in emission order`;
    throw new CastError("order", subjectOf(event), "timestamp", detail);
  }
}

function isLater(time: v1.EventEnvelope["timestamp"], than: v1.EventEnvelope["timestamp"]): boolean {
  if (time === undefined || than === undefined) return false;
  return time.seconds === than.seconds ? time.nanos > than.nanos : time.seconds > than.seconds;
}

function checkEnd(events: readonly v1.EventEnvelope[]): void {
  const conversation = events.findIndex(endsConversation);
  const end = conversation < 0 ? events.findLastIndex(({ event }) => event.case === "completion") : conversation;
  const [last, following] = [events[end], events[end + 1]];
  if (last === undefined) {
    const subject = subjectOf(events.at(-1));
    throw new CastError("no-end", subject, "", "the turn has no completion that could be its final one");
  }
  if (following !== undefined) {
    const detail = `a ${following.event.case ?? "nameless event"} after the turn's final completion, event ${last.eventId}`;
    throw new CastError("after-end", subjectOf(following), "", detail);
  }
}

function endsConversation({ event }: v1.EventEnvelope): boolean {
  return event.case === "completion" && event.value.type === v1.CompletionType.CONVERSATION;
}

function subjectOf(event: v1.EventEnvelope | undefined): CastSubject {
  return { kind: "event", id: event?.eventId ?? "", from: "chat.v1", to: "chat.v2" };
}

function upcastEvent(event: v1.EventEnvelope, sequence: number, isFinal: boolean): v2.EventEnvelope {
  const place: CastPlace = { subject: subjectOf(event), path: "" };
  const { eventId, conversationId, messageId, taskId } = event;
  const body = upcastBody(event.event, isFinal ? sequence : 0, place);
  return counterpart(
    v2.EventEnvelopeSchema,
    { eventId, conversationId, messageId, taskId, ...timestampOf(event), sequence, event: body },
    event,
    place,
  );
}

function upcastBody(
  body: v1.EventEnvelope["event"],
  lastSequence: number,
  envelope: CastPlace,
): v2.EventEnvelope["event"] {
  if (body.case === undefined) return { case: undefined };
  const place = at(envelope, body.case);
  switch (body.case) {
    case "status": {
      const { message } = body.value;
      return { case: "status", value: counterpart(v2.StatusEventSchema, { message }, body.value, place) };
    }
    case "text": {
      const { text, position } = body.value;
      return { case: "text", value: counterpart(v2.TextEventSchema, { text, position }, body.value, place) };
    }
    case "chart": {
      const { chartType, configJson } = body.value;
      const init = { ...upcastChartType(chartType), configJson };
      return { case: "chart", value: counterpart(v2.ChartEventSchema, init, body.value, place) };
    }
    case "error": {
      const { severity, code, message } = body.value;
      const value = counterpart(v2.ErrorEventSchema, { severity, code, message }, body.value, place);
      return { case: "error", value };
    }
    default: {
      const { type, message } = body.value;
      const init = { type, message, lastSequence };
      return { case: "completion", value: counterpart(v2.CompletionEventSchema, init, body.value, place) };
    }
  }
}
