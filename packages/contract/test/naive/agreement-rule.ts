import { equals } from "@bufbuild/protobuf";
import { chatV1, downcast } from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v2";
import type { Turn } from "./turns.ts";

/** ORD-09: whether the two versions of a turn say the same. */
export function versionsAgree(older: Turn, newer: Turn): boolean {
  const said = new Map(newer.said.map(({ event }) => [event.eventId, event as EventEnvelope]));
  if (older.said.length !== newer.said.length) return false;
  return older.said.every(({ event }) => {
    const other = said.get(event.eventId);
    return other !== undefined && equals(chatV1.envelope, asOlder(other), event);
  });
}

function asOlder(event: EventEnvelope): ReturnType<typeof downcast> {
  return downcast(event);
}
