import type { Clock } from "@ondash/core";
import type { ScenarioSource } from "@ondash/msw";
import type { Scenario } from "@ondash/scenario";

/** How scenarios are served for a law. */
export interface ServeOptions {
  readonly seed?: number;
  /** Default 0. */
  readonly speed?: number;
  readonly clock?: Clock;
  /** The first event stream of each conversation breaks after so many events. */
  readonly cutAfter?: number;
}

/** Scenarios behind the HTTP contract. */
export interface Served extends AsyncDisposable {
  readonly source: ScenarioSource;
  /** `path` begins with "/". */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** One way to serve them: all of them must keep the same laws. */
export interface Subject {
  readonly name: string;
  /** Whether a connection that breaks may take with it what it has not delivered yet, as a reset of TCP does. */
  readonly losesWhatIsOnTheWay: boolean;
  /** Whether it takes from a stream more than is asked of it: to open one then costs as much as to read it to its end. */
  readonly readsAhead: boolean;
  serve(scenarios: readonly Scenario[], options?: ServeOptions): Promise<Served>;
}
