import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";

/**
 * The stored messages that a conversation's events add up to, as ProtoJSON: one per turn that has an event, in order of
 * the turns' first events. A turn that still runs gives the message so far.
 * @param events in any order inside a turn; redeliveries count once.
 */
export function storedMessages(schema: ChatSchema, events: Iterable<AnyEnvelope>): JsonValue[] {
  const turns = new Map<string, AnyEnvelope[]>();
  for (const event of events) {
    // Nothing of it could be folded; alone it would not make a message.
    if (event.event.case === undefined || event.timestamp === undefined) continue;
    const turn = turns.get(event.messageId);
    if (turn === undefined) turns.set(event.messageId, [event]);
    else turn.push(event);
  }
  return [...turns.values()].map((turn) => toJson(schema.message, foldMessage(schema, turn)));
}
