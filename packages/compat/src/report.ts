import type { Impact } from "./consumers.ts";
import type { Finding } from "./finding.ts";
import type { Judgement } from "./judge.ts";

/** A finding with what it was made from. */
export interface Assessed {
  readonly finding: Finding;
  readonly impact: Impact;
  /** undefined: the finding is about the gate's own files. */
  readonly judgement: Judgement | undefined;
}

/** All that the gate has to say. */
export interface Report {
  /** Whether some break is not waived. */
  readonly breaking: boolean;
  readonly assessed: readonly Assessed[];
  /** What it was compared with, for people. */
  readonly against: string;
  /** Types that were searched for witnesses. */
  readonly searched: readonly string[];
  /** Random messages per type and direction. */
  readonly runs: number;
  readonly seed: number;
  /** Lines for stderr. */
  readonly remarks: readonly string[];
}
