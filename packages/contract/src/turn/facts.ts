import type { ChatSchema } from "@ondash/schemas";
import type { Barrier, BarrierLaw } from "../barrier.ts";
import type { PlacedEvent } from "../event.ts";
import type { Check } from "../finding.ts";
import { held, idle, unprovable } from "../finding.ts";

/** What the ledger knows of a turn's planned events that the log does not have. */
export interface TurnLedger {
  readonly planned: number;
  /** Never sent, or sent and neither acknowledged nor said to be refused or indefinite. */
  readonly missing: readonly string[];
  /** Acknowledged, and not in the log (KAF-04). */
  readonly absent: readonly string[];
  /** Acknowledged where nobody looked: in a gap, below a start. */
  readonly unseen: readonly string[];
  readonly indefinite: readonly string[];
}

/** A named task of a turn. */
export interface TaskFacts {
  readonly id: string;
  /** Its TASK completion that is first in emission order. */
  readonly completion: PlacedEvent | undefined;
}

/** All that the ORD and GRM rules may look at: one turn, at the moment it is judged. */
export interface TurnFacts {
  readonly schema: ChatSchema;
  readonly conversationId: string;
  readonly messageId: string;
  /** In emission order. */
  readonly events: readonly PlacedEvent[];
  /** chat.v2: the completion with last_sequence, chat.v1: CONVERSATION; the first of them in emission order. */
  readonly end: PlacedEvent | undefined;
  /** Named tasks in order of opening. */
  readonly tasks: ReadonlyMap<string, TaskFacts>;
  /** Whether it has come to its end (chat.v1: or rests). */
  readonly ended: boolean;
  /** The barrier that covers its end, reached; or why there is none. Meaningless unless `ended`. */
  readonly settled: Barrier | { readonly why: string };
  /** The first barrier that covers an event's observation, whether reached or not. */
  barrierOf(event: PlacedEvent): Barrier | undefined;
  readonly law: BarrierLaw;
  readonly run: {
    /** Whether the run ended properly, with all positions at its ends. */
    readonly ended: boolean;
    readonly producersDone: boolean;
  };
  /** undefined: there is none for this turn. */
  readonly ledger: TurnLedger | undefined;
  /** Why a gap withholds rules from this turn; undefined: none does. */
  readonly gap: string | undefined;
  /** The lowest CONVERSATION completion of another turn of the conversation, in this version, in a partition. */
  conversationEndIn(partition: number): PlacedEvent | undefined;
  /** The newest completion in each partition of `complete`. */
  readonly completions: ReadonlyMap<number, PlacedEvent>;
}

/** One ORD or GRM rule. */
export type TurnRule = (turn: TurnFacts) => Check;

/** Why absences of an ended turn can't be proved; undefined: they can. */
export function doubt(turn: TurnFacts): string | undefined {
  return "why" in turn.settled ? turn.settled.why : turn.gap;
}

/** What a rule says of a turn in which it found nothing wrong: held only if the turn ended and was seen whole. */
export function nothingWrong(turn: TurnFacts): Check {
  if (!turn.ended) return idle;
  return "why" in turn.settled ? unprovable(turn.settled.why) : held;
}

/** How a reached barrier is told in a witness. */
export function describeBarrier(barrier: Barrier): string {
  return barrier.id === undefined
    ? "the end of the run: every partition of the five topics was read to its end offset"
    : `barrier ${barrier.id}, asked for after the end was observed: every partition of the five topics was read to its end offset`;
}
