import { createKeyIndex } from "./key-index.ts";
import { Kind, type ScreenedEvent } from "./screened-event.ts";
import { createTurnSlab, MAX_EVENTS, type Slot, TASKS, Word } from "./turn-slab.ts";

/** Rules whose trigger occurred in a turn, as bits. */
export const Trigger = { before: 1, after: 2, standalone: 4, completion: 8, fatal: 16, step: 32 } as const;

/** What is known of the events of one task (or of none) of a turn, in emission order, as bits. */
const Group = {
  /** A BEFORE text waits for its chart. */
  waiting: 1,
  /** A STANDALONE text came since. */
  between: 2,
  chart: 4,
  text: 8,
  failed: 16,
  completed: 32,
  /** An AFTER text came and no chart before it. */
  early: 64,
} as const;

/** Timestamps are kept in steps of this many milliseconds. */
const TIME_STEP = 100;
/** ORD-08 has 2 s; here less, by what rounding may hide: what is near the limit is judged by the monitor. */
const STEPS_BACK = 18;

/** What became of an event. */
export type Intake =
  /** Its turn goes on as a legal one may. */
  | "legal"
  /** Likewise, and it is the turn's final completion: a barrier asked for from now on covers the turn. */
  | "ends"
  /** Its turn can't be said to be legal: the monitor must judge it, from its records. */
  | "suspect";

/** A turn that was found legal. */
export interface LegalTurn {
  /** Hashes of its ids, as `ScreenedEvent` has them. */
  readonly keyHigh: number;
  readonly keyLow: number;
  readonly events: number;
  /** Bits of `Trigger`. */
  readonly triggers: number;
  /** Content blocks in emission order, a letter each: `t` or `c`. */
  readonly blocks: string;
}

/**
 * The order and grammar of chat.v2 turns, in a state of fixed size a turn: it takes events in any order that the five
 * topics allow, and tells legal turns from those that need a closer look. It never calls a turn legal that is not: what it
 * has no room for or does not understand is suspect, which is no verdict.
 */
export interface OrderCore {
  take(event: ScreenedEvent): Intake;
  /** The slot of a turn, or -1. It may change with each event of the turn. */
  find(keyHigh: number, keyLow: number): number;
  /**
   * The turn, if it is legal now that all below `ends` was read: everything of it there, and below `ends`.
   * @param limit the end offset of a topic's partition.
   */
  settle(slot: number, limit: (topic: number, partition: number) => number): LegalTurn | undefined;
  /** Lets a turn go. */
  forget(slot: number): void;
  /** Turns that are neither settled nor forgotten. */
  readonly live: number;
  /** Bytes of all turns' state, without the index. */
  readonly bytes: number;
}

/** Creates an order core without turns. */
export function createOrderCore(): OrderCore {
  const slab = createTurnSlab();
  const index = createKeyIndex();

  const open = (event: ScreenedEvent): Slot => {
    const slot = slab.create();
    slot.keyHigh = event.turnHigh;
    slot.keyLow = event.turnLow;
    slot.firstTime = event.time;
    slot.setWord(Word.partition, event.partition);
    index.add(event.turnHigh, event.turnLow, slot.id);
    return slot;
  };
  /** Makes room for a sequence. */
  const reach = (slot: Slot, sequence: number): boolean => {
    if (sequence > MAX_EVENTS) return false;
    while (sequence > slot.capacity) {
      index.delete(slot.keyHigh, slot.keyLow);
      slab.enlarge();
      index.add(slot.keyHigh, slot.keyLow, slot.id);
    }
    return true;
  };
  return {
    take(event) {
      const known = index.get(event.turnHigh, event.turnLow);
      const slot = known < 0 ? open(event) : slab.at(known);
      const { sequence } = event;
      if (!reach(slot, sequence) || !follows(slot, event)) return "suspect";
      const group = groupOf(slot, event);
      const time = Math.floor((event.time - slot.firstTime) / TIME_STEP);
      if (group < 0 || Math.abs(time) > 0x7fff || !stepFollows(slot, event, group)) return "suspect";
      slot.setOffset(event.topic, event.offset);
      slot.setWord(Word.topicSequence + event.topic, sequence);
      slot.setEvent(sequence, event.idHash, time, event.kind | (group << 4));
      if (sequence > slot.word(Word.highest)) slot.setWord(Word.highest, sequence);
      if (event.last !== 0) slot.setWord(Word.last, sequence);
      const last = slot.word(Word.last);
      if (last !== 0 && slot.word(Word.highest) > last) return "suspect";
      if (!advance(slot)) return "suspect";
      return event.last === 0 ? "legal" : "ends";
    },
    find: (keyHigh, keyLow) => index.get(keyHigh, keyLow),
    settle(id, limit) {
      const slot = slab.at(id);
      const last = slot.word(Word.last);
      if (last === 0 || slot.word(Word.next) !== last + 1 || !isWhole(slot, last)) return undefined;
      const partition = slot.word(Word.partition);
      for (let topic = 0; topic < 5; topic++) if (slot.offset(topic) >= limit(topic, partition)) return undefined;
      const { keyHigh, keyLow } = slot;
      return { keyHigh, keyLow, events: last, triggers: slot.word(Word.triggers), blocks: blocksOf(slot, last) };
    },
    forget(id) {
      const slot = slab.at(id);
      index.delete(slot.keyHigh, slot.keyLow);
      slab.free(id);
    },
    get live() {
      return index.size;
    },
    get bytes() {
      return slab.bytes;
    },
  };
}

/** Whether an event may come next in its topic: all of a turn's records lie in one partition, in emission order. */
function follows(slot: Slot, event: ScreenedEvent): boolean {
  return (
    event.partition === slot.word(Word.partition) &&
    event.offset > slot.offset(event.topic) &&
    event.sequence > slot.word(Word.topicSequence + event.topic) &&
    slot.kind(event.sequence) === 0 &&
    (event.last === 0 || slot.word(Word.last) === 0)
  );
}

/** 0 for an event without a task, else the number of its task from 1 on; -1: there is no room for another task. */
function groupOf(slot: Slot, { taskHigh, taskLow }: ScreenedEvent): number {
  if (taskLow === 0) return 0;
  const tasks = slot.word(Word.tasks);
  for (let task = 0; task < tasks; task++) {
    if (slot.taskHigh(task) === taskHigh && slot.taskLow(task) === taskLow) return task + 1;
  }
  if (tasks === TASKS) return -1;
  slot.setTask(tasks, taskHigh, taskLow);
  slot.setWord(Word.tasks, tasks + 1);
  return tasks + 1;
}

/** GRM-07: statuses come in one topic, so they arrive in emission order. */
function stepFollows(slot: Slot, event: ScreenedEvent, group: number): boolean {
  if (event.step === 0) return true;
  if (event.step > 0xffff || (group !== 0 && event.step < slot.word(Word.step + group))) return false;
  slot.setWord(Word.step + group, event.step);
  trigger(slot, Trigger.step);
  return true;
}

function trigger(slot: Slot, bit: number): void {
  slot.setWord(Word.triggers, slot.word(Word.triggers) | bit);
}

/** Reads on in emission order as far as there is no hole. False: the turn is not legal. */
function advance(slot: Slot): boolean {
  let next = slot.word(Word.next);
  const highest = slot.word(Word.highest);
  for (; next <= highest; next++) {
    const entry = slot.kind(next);
    if (entry === 0) break;
    if (next > 1 && slot.time(next - 1) - slot.time(next) > STEPS_BACK) return false;
    if (!read(slot, next, entry & 15, entry >>> 4)) return false;
  }
  slot.setWord(Word.next, next);
  return true;
}

/** The grammar, one event after the other. */
function read(slot: Slot, sequence: number, kind: number, group: number): boolean {
  if (sequence === 1 && kind !== Kind.status && kind !== Kind.fatal) return false;
  if ((slot.word(Word.triggers) & Trigger.fatal) !== 0 && kind < Kind.task) return false;
  let state = slot.word(Word.group + group);
  if ((state & Group.completed) !== 0) return false;
  switch (kind) {
    case Kind.before:
      trigger(slot, Trigger.before);
      state |= Group.text | Group.waiting;
      break;
    case Kind.after:
      trigger(slot, Trigger.after);
      state |= Group.text | ((state & Group.chart) === 0 ? Group.early : 0);
      break;
    case Kind.standalone:
      trigger(slot, Trigger.standalone);
      state |= Group.text | ((state & Group.waiting) === 0 ? 0 : Group.between);
      break;
    case Kind.chart:
      if ((state & Group.between) !== 0) return false;
      state = (state | Group.chart) & ~Group.waiting;
      break;
    case Kind.fatal:
      trigger(slot, Trigger.fatal);
      state |= Group.failed;
      break;
    case Kind.error:
      state |= Group.failed;
      break;
    case Kind.task:
      trigger(slot, Trigger.completion);
      state |= Group.completed;
      break;
    default:
  }
  slot.setWord(Word.group + group, state);
  return true;
}

/** What can be said of a turn only when all of it is there. */
function isWhole(slot: Slot, last: number): boolean {
  const conversation = (slot.kind(last) & 15) === Kind.conversation;
  const tasks = slot.word(Word.tasks);
  for (let group = 0; group <= tasks; group++) {
    const state = slot.word(Word.group + group);
    const completed = (state & Group.completed) !== 0;
    if (group > 0 && !completed && !conversation) return false;
    if ((state & Group.failed) !== 0) continue;
    if ((state & (Group.waiting | Group.early)) !== 0) return false;
    if (completed && (state & (Group.text | Group.chart)) === 0) return false;
  }
  return !slot.sameIdTwice(last);
}

function blocksOf(slot: Slot, last: number): string {
  let blocks = "";
  for (let sequence = 1; sequence <= last; sequence++) {
    const kind = slot.kind(sequence) & 15;
    if (kind === Kind.chart) blocks += "c";
    else if (kind >= Kind.before && kind <= Kind.standalone) blocks += "t";
  }
  return blocks;
}
