import type { ChatSchema } from "@ondash/schemas";
import { isValidInstant } from "@ondash/schemas";
import { CompletionType } from "@ondash/schemas/chat/v1";
import { ChartEvent_ChartType } from "@ondash/schemas/chat/v2";
import type { ContractEvent, EventBody } from "../event.ts";
import { held, idle, quote } from "../finding.ts";
import { about } from "./envelope-rules.ts";
import type { RecordFacts, RecordRule } from "./facts.ts";

/** Lets a rule see the event only, and say what is wrong with it: the fields concerned, expected and actual. */
function onEvent(
  message: string,
  judge: (event: ContractEvent, facts: RecordFacts) => { expected: string; actual: string } | "idle" | undefined,
): RecordRule {
  return (facts) => {
    if (!facts.decoded.ok) return idle;
    const wrong = judge(facts.decoded.event, facts);
    if (wrong === "idle") return idle;
    return wrong === undefined ? held : about(facts, { message, ...wrong });
  };
}

/** REC-06: the ids are there. */
export const idsAreThere: RecordRule = onEvent("An id is missing, or is where none belongs.", (event) => {
  const ids: readonly [string, string][] = [
    ["event_id", event.eventId],
    ["conversation_id", event.conversationId],
    ["message_id", event.messageId],
  ];
  const empty = ids.filter(([, value]) => value === "").map(([name]) => name);
  if (empty.length > 0)
    return { expected: "event_id, conversation_id and message_id", actual: `no ${empty.join(", no ")}` };
  if (event.body?.kind !== "completion") return undefined;
  if (event.body.type === CompletionType.TASK && event.taskId === "") {
    return { expected: "a task_id on a TASK completion", actual: "none" };
  }
  if (event.body.type === CompletionType.CONVERSATION && event.taskId !== "") {
    return { expected: "no task_id on a CONVERSATION completion", actual: quote(event.taskId) };
  }
  return undefined;
});

/** Whether a version's enum field of an event knows a value. */
function knows(schema: ChatSchema, kind: EventBody["kind"], field: string, value: number): boolean {
  const arm = schema.event.fields.find(({ name }) => name === kind);
  const type = arm?.message?.fields.find(({ name }) => name === field)?.enum;
  return type?.value[value] !== undefined;
}

function enumsOf(body: EventBody): readonly (readonly [name: string, value: number])[] {
  switch (body.kind) {
    case "text":
      return [["position", body.position]];
    case "error":
      return [["severity", body.severity]];
    case "completion":
      return [["type", body.type]];
    case "chart":
      return body.typeNumber === undefined ? [] : [["chart_type", body.typeNumber]];
    default:
      return [];
  }
}

/** REC-07: enums are set to known values. */
export const enumsAreKnown: RecordRule = onEvent("An enum is not set to a known value.", ({ body }, { schema }) => {
  if (body === undefined) return undefined;
  for (const [name, value] of enumsOf(body)) {
    if (value === 0) return { expected: `${body.kind}.${name} set`, actual: "UNSPECIFIED (0)" };
    if (!knows(schema, body.kind, name, value)) {
      return { expected: `${body.kind}.${name} of the schema`, actual: `${value}, which it does not know` };
    }
  }
  // In chat.v1 there is neither an enum nor a custom type.
  if (body.kind !== "chart") return undefined;
  if (body.typeNumber === ChartEvent_ChartType.CUSTOM && body.customType === "") {
    return { expected: "custom_chart_type with chart_type CUSTOM", actual: "none" };
  }
  if (body.typeNumber !== ChartEvent_ChartType.CUSTOM && body.customType !== "") {
    return { expected: "custom_chart_type only with chart_type CUSTOM", actual: quote(body.customType) };
  }
  return undefined;
});

/** REC-08: the timestamp is set and valid. */
export const timestampIsValid: RecordRule = onEvent("The timestamp is not valid.", ({ timestamp }) => {
  if (timestamp === undefined) return { expected: "timestamp set", actual: "not set" };
  if (isValidInstant(timestamp)) return undefined;
  return {
    expected: "a year from 1 to 9999, and nanos from 0 to 999,999,999",
    actual: `${timestamp.seconds} seconds since 1970, nanos ${timestamp.nanos}`,
  };
});

/** The largest text, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 65_536;
/** Unicode White_Space, which is neither what `trim` strips (it takes U+FEFF, and leaves U+0085) nor Python's `strip`. */
const BLANK = /^\p{White_Space}*$/u;

function textsOf(body: EventBody): readonly (readonly [name: string, text: string])[] {
  switch (body.kind) {
    case "status":
      return [["message", body.message]];
    case "text":
      return [["text", body.text]];
    case "error":
      return [
        ["code", body.code],
        ["message", body.message],
      ];
    case "chart":
      return body.typeNumber === undefined ? [["chart_type", body.chartType]] : [];
    default:
      return [];
  }
}

/** REC-09: texts are not blank and not too long. */
export const textsAreUsable: RecordRule = onEvent("A text is blank or too long.", ({ body }) => {
  if (body === undefined) return "idle";
  for (const [name, text] of textsOf(body)) {
    if (BLANK.test(text)) {
      return {
        expected: `${body.kind}.${name} not blank`,
        actual: text === "" ? "empty" : `only white space: ${quote(text)}`,
      };
    }
  }
  if (body.kind === "text") {
    const bytes = new TextEncoder().encode(body.text).length;
    if (bytes > MAX_TEXT_BYTES)
      return { expected: `a text of at most ${MAX_TEXT_BYTES} bytes`, actual: `${bytes} bytes` };
  }
  return undefined;
});

/** REC-12: sequence numbers are well-formed. */
export const sequenceIsWellFormed: RecordRule = onEvent(
  "The sequence numbers are not well-formed.",
  (event, { schema }) => {
    if (!schema.sequenced) return "idle";
    const { sequence, body } = event;
    if (sequence < 1) return { expected: "sequence at least 1", actual: `${sequence}` };
    if (body?.kind !== "completion") return undefined;
    const { lastSequence } = body;
    if (lastSequence !== 0 && lastSequence !== sequence) {
      return { expected: `last_sequence 0 or ${sequence} (its own sequence)`, actual: `${lastSequence}` };
    }
    if (body.type === CompletionType.CONVERSATION && lastSequence === 0) {
      return { expected: `last_sequence ${sequence} on a CONVERSATION completion`, actual: "none" };
    }
    return undefined;
  },
);
