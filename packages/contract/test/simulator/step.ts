import type { Observation, RecordObservation } from "@ondash/contract";
import type { OutgoingRecord } from "@ondash/schemas";

/** Where a step's record came to lie. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** One thing a producer (or, in a mutant, whoever does harm) does; a script is a list of them, done in order. */
export type Step =
  /** Appends a record, as the script's number `label`. */
  | {
      readonly kind: "send";
      readonly label: number;
      readonly record: OutgoingRecord;
      /** Added to the partition's leader epoch (7 where leaders never change). */
      readonly epoch?: number;
      /** A completion that vouches for everything sent before it. */
      readonly ends?: boolean;
    }
  /** Takes offsets that no record is in: `why` says what the collector makes of them. `label` is the first of them. */
  | {
      readonly kind: "hole";
      readonly label: number;
      readonly topic: string;
      readonly partition: number;
      readonly count: number;
      readonly why: "control" | "gap" | "silent";
    }
  /** Something else that is observed, once the records it speaks of were sent (or read, if it needs them to be). */
  | {
      readonly kind: "observe";
      readonly labels: readonly number[];
      readonly when: "sent" | "read";
      readonly make: (places: readonly Place[], records: readonly RecordObservation[]) => Observation;
    }
  /** Waits until all that was sent was read and a barrier was granted that was asked for after that. */
  | { readonly kind: "settle" };

/** What one producer does from the beginning to the end of a turn. */
export interface Script {
  readonly steps: readonly Step[];
  /** Whether sends that follow each other are done without anything else in between. Default false. */
  readonly atOnce?: boolean;
  /** Done when the run has ended, before the last observation; the end offsets are those at that moment. */
  readonly atEnd?: (endOf: (topic: string, partition: number) => number) => readonly Observation[];
}
