/** A mutant that is to be tried. */
export interface PlannedMutant {
  readonly id: string;
  /** Relative to the root of the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Stryker's name of the kind of change. */
  readonly mutator: string;
  /** The source that stands there instead. */
  readonly replacement: string;
}

/**
 * What became of a mutant. `timeout` counts as found: its code ran endlessly, or its process had to be ended. `static`
 * ones run only while modules are loaded, where no test can switch them on.
 */
export type MutantStatus = "killed" | "timeout" | "survived" | "no coverage" | "static";

/** A mutant that was tried. */
export interface MutantResult extends PlannedMutant {
  readonly status: MutantStatus;
  /** The test that found it. */
  readonly by?: string;
}
