/** A mutant that is to be tried. */
export interface PlannedMutant {
  /** Stryker's number of it, another one after any earlier file was changed. */
  readonly id: string;
  /** SHA-256 of the file it is in. */
  readonly source: string;
  /** How many mutants come before it in its file. */
  readonly place: number;
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
  /** `stateOf` the package and the choice of tests. */
  readonly state: string;
  /** The test that found it. */
  readonly by?: string;
  /** How many tests that reach it were not run any more: patience was at its end. Nothing: none. */
  readonly left?: number;
}
