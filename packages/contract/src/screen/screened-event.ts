/** What an event is, as far as the order and grammar of its turn go. 0 is kept for "not seen". */
export const Kind = {
  status: 1,
  before: 2,
  after: 3,
  standalone: 4,
  chart: 5,
  warning: 6,
  error: 7,
  fatal: 8,
  task: 9,
  conversation: 10,
} as const;

/**
 * The facts of one sound chat.v2 event that decide on the order and grammar of its turn: numbers only, in one object that
 * is filled anew for each record. Ids are hashes; whatever a collision of them could hide is looked at anew by the monitor.
 */
export interface ScreenedEvent {
  conversationHigh: number;
  conversationLow: number;
  /** Of conversation_id and message_id together. */
  turnHigh: number;
  turnLow: number;
  /** Of event_id. */
  idHash: number;
  taskHigh: number;
  /** 0: it has no task. */
  taskLow: number;
  sequence: number;
  /** One of `Kind`. */
  kind: number;
  /** last_sequence of a completion, else 0. */
  last: number;
  step: number;
  /** Its timestamp in milliseconds, rounded down. */
  time: number;
  /** Index of its topic in the version's list. */
  topic: number;
  partition: number;
  offset: number;
}

/** An event that nothing was filled into. */
export function blankEvent(): ScreenedEvent {
  return {
    conversationHigh: 0,
    conversationLow: 0,
    turnHigh: 0,
    turnLow: 0,
    idHash: 0,
    taskHigh: 0,
    taskLow: 0,
    sequence: 0,
    kind: 0,
    last: 0,
    step: 0,
    time: 0,
    topic: 0,
    partition: 0,
    offset: 0,
  };
}
