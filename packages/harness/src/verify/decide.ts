/** What is known of a verification that is under way. */
export interface Situation {
  /** Whether a violation was found that nothing can heal. */
  readonly certain: boolean;
  /**
   * What is known of the producer. `succeeded` and `died`: the trigger has ended by itself, with exit code 0 or not, and
   * everything was read that lay in the log then.
   */
  readonly trigger: "none" | "running" | "succeeded" | "died";
  /** Turns that were seen. */
  readonly turns: number;
  /** Turns that have not ended, or wait for their barrier. */
  readonly undecided: number;
  /** Ends that the scenario has and that were not seen. */
  readonly awaited: readonly string[];
  readonly timedOut: boolean;
}

/** What to do now. */
export type Decision =
  | { readonly kind: "wait" }
  | {
      readonly kind: "judge";
      /** violation: it can't pass any more. over: nothing more is to come. deadline: the time is over. */
      readonly why: "violation" | "over" | "deadline";
      /** Whether the producer is known to send nothing more: then a turn without an end is truncated (ORD-07). */
      readonly producersDone: boolean;
    };

/**
 * Whether the verdict can be given. The producer is known to be done when the trigger died, or when it ended with exit
 * code 0 and every turn has ended, as many as the scenario has: a trigger may only have asked somebody else to produce.
 * One that is ended here, because the verdict is certain or the time is over, is not done: what it left open is not its
 * fault.
 */
export function decide(situation: Situation): Decision {
  const { certain, trigger, turns, undecided, awaited, timedOut } = situation;
  const ended = turns > 0 && undecided === 0 && awaited.length === 0;
  const producersDone = trigger === "died" || (trigger === "succeeded" && ended);
  if (certain) return { kind: "judge", why: "violation", producersDone };
  if (producersDone || (trigger === "none" && ended)) return { kind: "judge", why: "over", producersDone };
  return timedOut ? { kind: "judge", why: "deadline", producersDone } : { kind: "wait" };
}
