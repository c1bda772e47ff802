import { equals } from "@bufbuild/protobuf";
import { chatV1, downcast } from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v2";
import type { Turn } from "./turns.ts";

/** ORD-09: whether the two versions of a turn say the same; of several of one id (ORD-01), in chat.v1 the last. */
export function versionsAgree(older: Turn, newer: Turn): boolean {
  const said = new Map(older.events.map(({ event }) => [event.eventId, event]));
  const ids = new Set(newer.events.map(({ event }) => event.eventId));
  if ([...said.keys()].some((id) => !ids.has(id))) return false;
  return newer.events.every(({ event }) => {
    const counterpart = said.get(event.eventId);
    return counterpart !== undefined && equals(chatV1.envelope, downcast(event as EventEnvelope), counterpart);
  });
}
