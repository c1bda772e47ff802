import { createRandom } from "@ondash/core";
import type { SchemaName } from "@ondash/schemas";
import { HttpError } from "../error.ts";
import { type Arrival, compareArrivals, deliveriesOf } from "./arrival.ts";
import { describeArrival } from "./describe-arrival.ts";
import { everyArrival } from "./every-arrival.ts";
import { type LegalTurn, legalTurnOf } from "./legal-turn.ts";
import { type Broken, smallestArrival } from "./smallest-arrival.ts";
import { someArrivals } from "./some-arrivals.ts";
import { createTrial, type TryArrival } from "./try-arrival.ts";
import type { ArrivalFailure, ArrivalOptions, ArrivalSource, ArrivalsPassed, TurnReducer } from "./types.ts";

/** Up to so many events all interleavings are tried: 5,040 at most, of five topics. */
const EXHAUSTIVE_EVENTS = 8;
const DEFAULT_SEED = 42;
const DEFAULT_SAMPLES = 200;

/**
 * Runs a page's own reducer over the legal arrivals of a turn, and tells whether what it shows is right after each: the
 * blocks in emission order, each once; `complete` only when everything is there; for the whole turn just what the product's
 * own fold says (`foldMessage` of `@ondash/contract`).
 *
 * Legal is what Kafka and a reconnecting stream may do. Kafka keeps the order inside each of the five topics and nothing
 * else, so every interleaving of them may come; what came may come again, from some point on (a reconnection repeats the
 * stream's tail after a Last-Event-ID, a rebalance a topic's); and a stream may end, or break off, anywhere. Of a turn of up
 * to eight events all interleavings are tried, each of their beginnings with each repetition and ending: some ten thousand
 * arrivals of seven events, up to some hundred thousand of eight, which may take a test several seconds. Of longer turns a
 * seeded sample is tried.
 *
 * In chat.v2 `sequence` and `last_sequence` say when all is there. chat.v1 can't: a completion may overtake its task's
 * texts, so a v1 turn may look complete as soon as it rests (each task that was seen is completed).
 * @returns a verdict; a failure holds the smallest arrival that breaks the reducer.
 * @throws HttpError `argument` for what is no turn, a view that is none, or options out of range; ScenarioError for a scenario that can't be planned.
 */
export function checkLegalArrivals<State, S extends SchemaName = SchemaName>(
  source: ArrivalSource,
  reducer: TurnReducer<State, S>,
  options: ArrivalOptions<S> = {},
): ArrivalsPassed | ArrivalFailure {
  const { seed = DEFAULT_SEED, samples = DEFAULT_SAMPLES } = options;
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new HttpError("argument", `samples: expected an integer of at least 1, got ${samples}`);
  }
  const turn = legalTurnOf(source, options);
  const tryArrival = createTrial(turn, reducer as unknown as TurnReducer<State>);
  return turn.events.length <= EXHAUSTIVE_EVENTS
    ? checkEvery(turn, tryArrival, seed)
    : checkSome(turn, tryArrival, seed, samples);
}

/**
 * `checkLegalArrivals` for a test: throws what it finds.
 * ```ts
 * it("shows the answer right, however it arrives", () => {
 *   forEachLegalArrival(scenario, {
 *     init: () => initialState,
 *     event: (state, envelope) => reduce(state, envelope),
 *     end: (state, how) => reduceEnd(state, how),
 *     view: ({ blocks, status }) => ({ blocks, status }),
 *   });
 * });
 * ```
 * @returns how many arrivals were tried.
 * @throws HttpError `arrival` that prints the smallest arrival which breaks the reducer; its `cause` is what the reducer
 * threw, if it did. Else as `checkLegalArrivals`.
 */
export function forEachLegalArrival<State, S extends SchemaName = SchemaName>(
  source: ArrivalSource,
  reducer: TurnReducer<State, S>,
  options: ArrivalOptions<S> = {},
): ArrivalsPassed {
  const result = checkLegalArrivals(source, reducer, options);
  if (result.ok) return result;
  throw new HttpError("arrival", result.message, result.cause === undefined ? {} : { cause: result.cause });
}

function checkEvery(turn: LegalTurn, tryArrival: TryArrival, seed: number): ArrivalsPassed | ArrivalFailure {
  let best: Broken | undefined;
  let arrivals = 0;
  for (const arrival of everyArrival(turn)) {
    arrivals += 1;
    // Once one is found only a smaller one is of interest.
    if (best !== undefined && compareArrivals(arrival, best.arrival) >= 0) continue;
    const breach = tryArrival(arrival);
    if (breach !== undefined) best = { arrival, breach };
  }
  if (best === undefined) return { ok: true, arrivals, exhaustive: true, seed };
  return failure(turn, best, { minimal: true, tried: "all interleavings were tried", options: "", seed });
}

function checkSome(
  turn: LegalTurn,
  tryArrival: TryArrival,
  seed: number,
  samples: number,
): ArrivalsPassed | ArrivalFailure {
  let arrivals = 0;
  for (const arrival of someArrivals(turn, samples, createRandom(seed).fork("arrivals"))) {
    arrivals += 1;
    const breach = tryArrival(arrival);
    if (breach === undefined) continue;
    const { minimal, ...broken } = smallestArrival(turn, { arrival, breach }, tryArrival);
    const tried = `found by arrival ${arrivals} of a sample of ${samples}, and made smaller`;
    return failure(turn, broken, { minimal, tried, options: `, seed: ${seed}, samples: ${samples}`, seed });
  }
  return { ok: true, arrivals, exhaustive: false, seed };
}

function failure(
  turn: LegalTurn,
  broken: Broken,
  found: { readonly minimal: boolean; readonly tried: string; readonly options: string; readonly seed: number },
): ArrivalFailure {
  const { arrival, breach } = broken;
  return {
    ok: false,
    deliveries: numbersOf(arrival),
    end: arrival.end,
    ...breach,
    minimal: found.minimal,
    seed: found.seed,
    message: describeArrival(turn, broken, found),
  };
}

function numbersOf(arrival: Arrival): number[] {
  return deliveriesOf(arrival).map(({ event }) => event + 1);
}
