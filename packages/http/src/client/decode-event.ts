import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type SoundEvent, toContractEvent } from "@ondash/contract/fold";
import { type AnyEnvelope, type ChatSchema, eventKinds } from "@ondash/schemas";
import { wordsOf } from "./request.ts";
import type { SseEvent } from "./sse.ts";

/** An event that was read. */
export interface ReadEvent {
  readonly envelope: AnyEnvelope;
  readonly event: SoundEvent;
}

/** What an SSE event turned out to be. */
export type Decoding =
  | ({ readonly kind: "event" } & ReadEvent)
  /** None of the contract's: a later server may send more kinds. */
  | { readonly kind: "other" }
  /** Not an event though it should be; `messageId`: the turn that it names, if that much can be read. */
  | { readonly kind: "problem"; readonly why: string; readonly messageId: string | undefined };

const names: ReadonlySet<string | undefined> = new Set([...eventKinds, undefined, "message"]);

/**
 * Reads an SSE event as an envelope in ProtoJSON. Members and enum names that this version does not know are ignored, so
 * that a newer server can talk to an older page; what the turn can't do without (ids, timestamp, v2's sequence, a known
 * arm of the oneof) must be there.
 */
export function decodeEvent(schema: ChatSchema, { name, data }: SseEvent, conversationId: string): Decoding {
  if (!names.has(name)) return { kind: "other" };
  let json: unknown;
  try {
    json = JSON.parse(data);
    const envelope = fromJson(schema.envelope, json as JsonValue, { ignoreUnknownFields: true }) as AnyEnvelope;
    const { body, timestamp, ...rest } = toContractEvent(envelope);
    const lacking = lack(schema, envelope);
    if (lacking === undefined && body !== undefined && timestamp !== undefined) {
      if (rest.conversationId === conversationId)
        return { kind: "event", envelope, event: { ...rest, body, timestamp } };
      return problem(json, `an event of another conversation, ${JSON.stringify(rest.conversationId)}`);
    }
    return problem(json, `not a ${schema.name} event: ${lacking ?? "event"} is not set`);
  } catch (cause) {
    return problem(json, `not a ${schema.name} event in ProtoJSON: ${wordsOf(cause)}`);
  }
}

function lack(schema: ChatSchema, envelope: AnyEnvelope): string | undefined {
  if (envelope.eventId === "") return "event_id";
  if (envelope.messageId === "") return "message_id";
  if (envelope.timestamp === undefined) return "timestamp";
  if (envelope.event.case === undefined) return "status, text, chart, error or completion";
  return schema.sequenced && "sequence" in envelope && envelope.sequence === 0 ? "sequence" : undefined;
}

function problem(json: unknown, why: string): Decoding {
  const members = typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const messageId = members["messageId"] ?? members["message_id"];
  return { kind: "problem", why, messageId: typeof messageId === "string" && messageId !== "" ? messageId : undefined };
}
