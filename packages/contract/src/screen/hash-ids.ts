import { hashBytes, hashBytesToo } from "./bytes.ts";
import type { ScreenedEvent } from "./screened-event.ts";

/** Seeds of the hashes: any numbers do, if they differ. */
const SEED = { high: 0x2545_f491, low: 0x9e37_79b9, id: 0x85eb_ca6b } as const;

/** Fills in the hashes of event_id and conversation_id. */
export function hashHead(
  event: ScreenedEvent,
  bytes: Uint8Array,
  idStart: number,
  idEnd: number,
  start: number,
  end: number,
): void {
  event.idHash = hashBytes(SEED.id, bytes, idStart, idEnd);
  event.conversationHigh = hashBytes(SEED.high, bytes, start, end);
  event.conversationLow = hashBytesToo(SEED.low, bytes, start, end);
}

/** Fills in the hashes of the turn and of task_id, after `hashHead`. */
export function hashTurn(
  event: ScreenedEvent,
  bytes: Uint8Array,
  start: number,
  end: number,
  taskStart: number,
  taskEnd: number,
): void {
  event.turnHigh = hashBytes(event.conversationHigh, bytes, start, end);
  event.turnLow = hashBytesToo(event.conversationLow, bytes, start, end);
  const none = taskStart === taskEnd;
  event.taskHigh = none ? 0 : hashBytes(SEED.high, bytes, taskStart, taskEnd);
  // Never 0, which means no task.
  event.taskLow = none ? 0 : hashBytesToo(SEED.low, bytes, taskStart, taskEnd) | 1;
}

/** Fills in all hashes of an event that was decoded. */
export function hashEvent(
  event: ScreenedEvent,
  eventId: Uint8Array,
  conversationId: Uint8Array,
  messageId: Uint8Array,
  taskId: Uint8Array,
): void {
  const all = new Uint8Array(eventId.length + conversationId.length + messageId.length + taskId.length);
  let at = 0;
  const place = (bytes: Uint8Array): { readonly start: number; readonly end: number } => {
    const start = at;
    all.set(bytes, at);
    at += bytes.length;
    return { start, end: at };
  };
  const [id, conversation, message, task] = [place(eventId), place(conversationId), place(messageId), place(taskId)];
  hashHead(event, all, id.start, id.end, conversation.start, conversation.end);
  hashTurn(event, all, message.start, message.end, task.start, task.end);
}

/** The hashes of a conversation_id alone. */
export function hashConversation(id: Uint8Array): readonly [high: number, low: number] {
  return [hashBytes(SEED.high, id, 0, id.length), hashBytesToo(SEED.low, id, 0, id.length)];
}
