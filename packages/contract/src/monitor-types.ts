import type { Observation } from "./observation.ts";
import type { Judgement } from "./run-result.ts";

/** Settings of a monitor. */
export interface MonitorOptions {
  /** Keep what a timeline needs (grows with the run). Default false. */
  readonly timeline?: boolean;
  /** Sequences a live turn may lie apart before it is unprovable. Default 1,024; `Infinity` for recordings. */
  readonly window?: number;
}

/**
 * The judge. Fed with observations in the order they were made; it asks nobody anything and knows no time.
 * `observe` may be called any number of times, `finish` once.
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
