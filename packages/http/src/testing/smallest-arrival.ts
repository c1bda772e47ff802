import { type Arrival, compareArrivals, inversionsOf, sizeOf } from "./arrival.ts";
import { arrivalsUpon } from "./every-arrival.ts";
import type { Breach } from "./judge-view.ts";
import type { LegalTurn } from "./legal-turn.ts";
import type { TryArrival } from "./try-arrival.ts";

/** An arrival that breaks the reducer. */
export interface Broken {
  readonly arrival: Arrival;
  readonly breach: Breach;
}

/** Arrivals that are tried in search of a smaller one, at most, for each of the two ways. */
const BUDGET = 20_000;

/**
 * A smaller arrival that breaks the reducer too, if there is one: first all beginnings of the turn are looked through,
 * shortest first, as far as the budget goes; what is not found so is made smaller step by step.
 * @returns `minimal`: no smaller arrival of `everyArrival` breaks it.
 */
export function smallestArrival(turn: LegalTurn, found: Broken, tryArrival: TryArrival): Broken & { minimal: boolean } {
  let best: Broken | undefined;
  let tried = 0;
  // No arrival is smaller than one that has fewer deliveries than its beginning has events.
  for (let length = 0; length <= sizeOf((best ?? found).arrival) && length <= turn.events.length; length++) {
    for (const arrival of arrivalsUpon(turn, length)) {
      if (compareArrivals(arrival, (best ?? found).arrival) >= 0) continue;
      if (tried++ >= BUDGET) return { ...(best ?? stepByStep(turn, found, tryArrival)), minimal: false };
      const breach = tryArrival(arrival);
      if (breach !== undefined) best = { arrival, breach };
    }
  }
  return { ...(best ?? found), minimal: true };
}

/** Takes the first smaller arrival that still breaks the reducer, again and again. */
function stepByStep(turn: LegalTurn, found: Broken, tryArrival: TryArrival): Broken {
  let best = found;
  for (let tried = 0; tried < BUDGET; ) {
    let better: Broken | undefined;
    for (const arrival of simplerThan(turn, best.arrival)) {
      if (tried++ >= BUDGET) break;
      const breach = tryArrival(arrival);
      if (breach === undefined) continue;
      better = { arrival, breach };
      break;
    }
    if (better === undefined) return best;
    best = better;
  }
  return best;
}

/** Arrivals that are a step smaller, the boldest steps first. */
function* simplerThan(turn: LegalTurn, { order, repeats, end }: Arrival): Generator<Arrival> {
  if (repeats.length > 0) yield { order, repeats: [], end };
  for (const repeat of repeats) yield { order, repeats: repeats.filter((other) => other !== repeat), end };
  const sorted = order.toSorted((a, b) => a - b);
  if (inversionsOf(order) > 0 && repeats.length === 0) yield { order: sorted, repeats, end };
  for (let length = order.length >> 1; length > 0; length >>= 1) {
    const shorter = order.slice(0, order.length - length);
    yield { order: shorter, repeats: repeats.filter(({ at }) => at <= shorter.length), end };
  }
  for (const repeat of repeats) {
    if (repeat.events.length < 2) continue;
    const shorter = { ...repeat, events: repeat.events.slice(1) };
    yield { order, repeats: repeats.map((other) => (other === repeat ? shorter : other)), end };
  }
  if (repeats.length > 0) return;
  // Without the last event of a topic, or with two neighbours in emission order: what is left stays legal.
  for (const lane of turn.lanes) {
    const last = order.findLast((event) => lane.includes(event));
    if (last !== undefined) yield { order: order.filter((event) => event !== last), repeats, end };
  }
  for (let at = 1; at < order.length; at++) {
    const [before, after] = [order[at - 1] ?? 0, order[at] ?? 0];
    if (before < after) continue;
    yield { order: [...order.slice(0, at - 1), after, before, ...order.slice(at + 1)], repeats, end };
  }
}
