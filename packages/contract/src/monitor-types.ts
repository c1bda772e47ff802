import type { Observation } from "./observation.ts";
import type { Judgement } from "./run-result.ts";

/** Settings of a monitor. */
export interface MonitorOptions {
  /** Keep what a timeline needs (grows with the run). Default false. */
  readonly timeline?: boolean;
  /**
   * Sequences a live turn may lie apart before it is given up (unprovable, and the run inconclusive). Default 1,024.
   * `Infinity`, for recordings, lifts the other bounds of a live monitor too: of the turns that are decided it keeps the
   * last 1,024 (an event that comes later still for one that it let go of makes that turn inconclusive), and of each
   * partition the content of the last 1,024 records (a redelivery of an older one is counted and not compared).
   */
  readonly window?: number;
}

/**
 * The judge. Fed with observations in the order they were made, `start` first; it asks nobody anything and knows no
 * time. `observe` may be called any number of times, `finish` once.
 * @throws ContractError `observation` for what can't have been observed: anything before `start` or after `end`, a topic
 * of no schema version, a record below its start offset, a barrier out of order. `message`: a stored message that can't
 * be read.
 */
export interface Monitor {
  observe(observation: Observation): void;
  /**
   * True when a turn has come to its end or to rest since the last `asked`: whoever drives the monitor now asks for
   * the end offsets (one round serves all turns) and feeds `asked` and `barrier`.
   */
  readonly wantsBarrier: boolean;
  /** Turns that are known and not yet decided: open, or waiting for their barrier. */
  readonly undecided: number;
  finish(): Judgement;
}
