import { HttpError } from "../error.ts";
import type { ResumePoint } from "../event-id.ts";
import { textHash } from "../text-hash.ts";
import type { Arrival, Release, ReleaseOrder } from "./release-order.ts";

/** How much may wait for gaps to be filled, over all turns of a stream. */
export interface HoldBackLimits {
  /** Events. */
  readonly events: number;
  /** Characters of their ProtoJSON. */
  readonly characters: number;
}

/** Turns that are remembered when nothing waits: a redelivery from a turn before these is not known as one. */
const REMEMBERED_TURNS = 64;
/** Turns that may pass while something waits. */
const MAX_TURNS = 256;

/** An arrival that waits, and where it stood in the source. */
interface Waiting extends Arrival {
  /** 1 for the first event after the position from which this stream was opened. */
  readonly index: number;
  /** The source's position just before it; undefined: the conversation's beginning. */
  readonly before: string | undefined;
}

/**
 * chat.v2: each turn's events by `sequence`, 1, 2, 3 …; what arrives early waits for what is before it. Turns do not
 * wait for each other. A sequence that was released, or is waiting already, is a redelivery and is dropped, whatever its
 * event_id: there is one event in each place. Events without a place are passed on as they arrive.
 *
 * A point to resume from is the longest stretch of the source, ending with the released event at most, in which nothing
 * waits. What had been released beyond it is known by the turns' next sequences; events without a place by `ahead`, the
 * number of events that had arrived beyond it. While those are read a second time no turn is forgotten, so a resumed
 * stream decides about each event as the first one did, and gives the same ids.
 */
export function createSequenceOrder(resume: ResumePoint, limits: HoldBackLimits): ReleaseOrder {
  /** Next sequence by hash of the message id: live and resumed streams must know turns by the same key. */
  const nextOf = new Map(resume.turns);
  /** All that waits, in order of arrival. */
  const waiting = new Map<number, Waiting>();
  const waitingOf = new Map<string, Map<number, Waiting>>();
  let characters = 0;
  let index = 0;
  let position = resume.position;
  /** The turn of the last arrival: the only one that may have something to release. */
  let active: string | undefined;
  let placeless: Waiting | undefined;

  function pointAfter(released: Waiting): ResumePoint {
    const [first] = waiting.values();
    const held = first !== undefined && first.index < released.index;
    const reopen = held ? { index: first.index - 1, position: first.before } : released;
    return {
      position: reopen.position,
      ahead: Math.max(index, resume.ahead) - reopen.index,
      turns: new Map(nextOf),
    };
  }

  function forget(): void {
    if (waiting.size > 0 || index < resume.ahead) {
      if (nextOf.size <= MAX_TURNS) return;
      throw new HttpError("hold-back", `more than ${MAX_TURNS} turns passed while ${describeFirst()} waits`);
    }
    for (const turn of nextOf.keys()) {
      if (nextOf.size <= REMEMBERED_TURNS) break;
      nextOf.delete(turn);
    }
  }

  function describeFirst(): string {
    const [first] = waiting.values();
    if (first?.place === undefined) return "the end of what was sent before";
    const { messageId, sequence } = first.place;
    return `event ${sequence} of message ${messageId} (next: ${nextOf.get(textHash(messageId)) ?? 1})`;
  }

  function hold(turn: string, sequence: number, event: Waiting): void {
    const ofTurn = waitingOf.get(turn) ?? new Map<number, Waiting>();
    if (ofTurn.has(sequence)) return;
    waitingOf.set(turn, ofTurn.set(sequence, event));
    waiting.set(event.index, event);
    characters += event.data.length;
    const isNext = sequence === (nextOf.get(turn) ?? 1);
    if (!isNext && (waiting.size > limits.events || characters > limits.characters)) {
      const limit = `${limits.events} events or ${limits.characters} characters`;
      throw new HttpError("hold-back", `more than ${limit} wait, the first of them ${describeFirst()}`);
    }
  }

  function releaseNext(turn: string): Waiting | undefined {
    const ofTurn = waitingOf.get(turn);
    const next = nextOf.get(turn) ?? 1;
    const event = ofTurn?.get(next);
    if (ofTurn === undefined || event === undefined) return undefined;
    ofTurn.delete(next);
    if (ofTurn.size === 0) waitingOf.delete(turn);
    waiting.delete(event.index);
    characters -= event.data.length;
    // To the end: turns are forgotten in order of their last release.
    nextOf.delete(turn);
    nextOf.set(turn, next + 1);
    return event;
  }

  return {
    offer(arrival) {
      forget();
      const event: Waiting = { ...arrival, index: ++index, before: position };
      position = arrival.position;
      if (arrival.place === undefined) {
        if (index > resume.ahead) placeless = event;
        return;
      }
      const { messageId, sequence } = arrival.place;
      const turn = textHash(messageId);
      if (sequence < (nextOf.get(turn) ?? 1)) return;
      hold(turn, sequence, event);
      active = turn;
    },
    take(): Release | undefined {
      let released = placeless;
      placeless = undefined;
      if (released === undefined && active !== undefined) {
        released = releaseNext(active);
        if (released === undefined) active = undefined;
      }
      return released && { kind: released.kind, data: released.data, point: pointAfter(released) };
    },
  };
}
