import { type ChatSchema, createSkimmer, decodeEnvelope } from "@ondash/schemas";
import { ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { ContractError } from "../error.ts";
import { type ContractEvent, completesConversation, type SoundEvent } from "../event.ts";
import type { RecordObservation } from "../observation.ts";
import { decodeRecord } from "../record/decode.ts";
import { textOfKey } from "../record/key-rules.ts";
import { recordRules } from "../record/record-rules.ts";
import { hashEvent } from "./hash-ids.ts";
import { Kind, type ScreenedEvent } from "./screened-event.ts";

/** The names of a turn. */
export interface TurnName {
  readonly conversationId: string;
  readonly messageId: string;
  /** Its place in the order in which turns became known. */
  readonly ordinal: number;
}

/** Reads the records that a glance does not settle, with the rules themselves. */
export interface RecordReader {
  /**
   * "sound": no rule objects to what can be seen of the record alone, and the event's facts are filled in. Else the
   * conversations that the record concerns: none if nobody can know.
   */
  read(
    record: RecordObservation,
    topic: number,
    partitions: number,
  ): { readonly kind: "sound" } | { readonly kind: "broken"; readonly conversations: readonly string[] };
  /** The ids of a sound record's turn. */
  namesOf(record: RecordObservation): Omit<TurnName, "ordinal">;
}

const encoder = new TextEncoder();
const SOUND = { kind: "sound" } as const;

/** Creates a reader that fills in `target`. */
export function createRecordReader(schema: ChatSchema, target: ScreenedEvent): RecordReader {
  const skim = createSkimmer(schema);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  return {
    read(record, topic, partitions) {
      const decoded = decodeRecord(schema, record.value);
      const facts = { record, schema, partitions, decoded };
      const sound = recordRules.every(([, rule]) => rule(facts).status !== "violated");
      if (!decoded.ok) return { kind: "broken", conversations: named(textOfKey(record.key)) };
      const { event } = decoded;
      // The rules want a body and a timestamp.
      if (sound && !isBeyondTotal(event)) {
        fill(target, event as SoundEvent);
        target.topic = topic;
        target.partition = record.partition;
        target.offset = record.offset;
        return SOUND;
      }
      const key = named(textOfKey(record.key));
      // Whom the monitor charges: the envelope's turn, else the key's conversation, else the whole run.
      if (event.conversationId === "" || (event.messageId === "" && key.length === 0)) {
        return { kind: "broken", conversations: key };
      }
      return { kind: "broken", conversations: [event.conversationId, ...key] };
    },
    namesOf({ value }) {
      if (value !== null && skim.read(value)) {
        return {
          conversationId: decoder.decode(value.subarray(skim.conversationIdStart, skim.conversationIdEnd)),
          messageId: decoder.decode(value.subarray(skim.messageIdStart, skim.messageIdEnd)),
        };
      }
      const decoding = decodeEnvelope(schema, value);
      if (!decoding.ok)
        throw new ContractError("observation", `a sound record does not decode: ${decoding.failure.detail}`);
      const { conversationId, messageId } = decoding.envelope;
      return { conversationId, messageId };
    },
  };
}

function named(id: string | undefined): readonly string[] {
  return id === undefined || id === "" ? [] : [id];
}

/** GRM-07 looks at it, and the order core does not know of totals. */
function isBeyondTotal({ body }: ContractEvent): boolean {
  return body?.kind === "status" && body.totalSteps !== 0 && body.step > body.totalSteps;
}

function fill(target: ScreenedEvent, event: SoundEvent): void {
  hashEvent(
    target,
    encoder.encode(event.eventId),
    encoder.encode(event.conversationId),
    encoder.encode(event.messageId),
    encoder.encode(event.taskId),
  );
  const { seconds, nanos } = event.timestamp;
  target.sequence = event.sequence;
  target.time = Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
  target.kind = kindOf(event);
  target.last = event.body.kind === "completion" ? event.body.lastSequence : 0;
  target.step = event.body.kind === "status" ? event.body.step : 0;
}

function kindOf(event: SoundEvent): number {
  const { body } = event;
  switch (body.kind) {
    case "status":
      return Kind.status;
    case "chart":
      return Kind.chart;
    case "text":
      if (body.position === TextPosition.BEFORE) return Kind.before;
      return body.position === TextPosition.AFTER ? Kind.after : Kind.standalone;
    case "error":
      if (body.severity === ErrorSeverity.FATAL) return Kind.fatal;
      return body.severity === ErrorSeverity.ERROR ? Kind.error : Kind.warning;
    default:
      return completesConversation(event) ? Kind.conversation : Kind.task;
  }
}
