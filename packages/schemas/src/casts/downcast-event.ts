import * as v1 from "../chat/v1.ts";
import type * as v2 from "../chat/v2.ts";
import { at, type CastPlace, counterpart, timestampOf } from "./carry.ts";
import { downcastChartType } from "./charts.ts";

/**
 * An event of chat.v2 as chat.v1 says it: the chart type as a string; sequence, last_sequence and steps are lost. Total
 * on events that keep the contract. Unknown numbers of the enums that both versions have are kept, as are unknown fields.
 * @throws CastError of code `value` for a chart type that is no valid one, `unknown-field` for an unknown field with a
 * number that chat.v1 uses (chat.v2 reserves it).
 */
export function downcast(event: v2.EventEnvelope): v1.EventEnvelope {
  const place: CastPlace = {
    subject: { kind: "event", id: event.eventId, from: "chat.v2", to: "chat.v1" },
    path: "",
  };
  const { eventId, conversationId, messageId, taskId } = event;
  return counterpart(
    v1.EventEnvelopeSchema,
    { eventId, conversationId, messageId, taskId, ...timestampOf(event), event: downcastBody(event.event, place) },
    event,
    place,
  );
}

function downcastBody(body: v2.EventEnvelope["event"], envelope: CastPlace): v1.EventEnvelope["event"] {
  if (body.case === undefined) return { case: undefined };
  const place = at(envelope, body.case);
  switch (body.case) {
    case "status": {
      const { message } = body.value;
      return { case: "status", value: counterpart(v1.StatusEventSchema, { message }, body.value, place) };
    }
    case "text": {
      const { text, position } = body.value;
      return { case: "text", value: counterpart(v1.TextEventSchema, { text, position }, body.value, place) };
    }
    case "chart": {
      const { configJson } = body.value;
      const chartType = downcastChartType(body.value, place);
      return { case: "chart", value: counterpart(v1.ChartEventSchema, { chartType, configJson }, body.value, place) };
    }
    case "error": {
      const { severity, code, message } = body.value;
      const value = counterpart(v1.ErrorEventSchema, { severity, code, message }, body.value, place);
      return { case: "error", value };
    }
    default: {
      const { type, message } = body.value;
      return { case: "completion", value: counterpart(v1.CompletionEventSchema, { type, message }, body.value, place) };
    }
  }
}
