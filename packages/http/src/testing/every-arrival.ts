import type { Arrival, Repeat } from "./arrival.ts";
import type { LegalTurn } from "./legal-turn.ts";

/**
 * Every beginning of every interleaving of the turn's topics, shortest first, with what may come upon it: see
 * `arrivalsUpon`.
 */
export function* everyArrival(turn: LegalTurn): Generator<Arrival> {
  for (let length = 0; length <= turn.events.length; length++) yield* arrivalsUpon(turn, length);
}

/**
 * What may come upon each beginning of so many events: the stream stays open, is closed, is cut; it reconnects or a topic
 * is rewound there, and the stream stays open. After some of these repeats, which leave reducers in the oddest states (all
 * from the start, a topic's latest), it also goes on to the turn's end in emission order and is closed.
 */
export function* arrivalsUpon(turn: LegalTurn, length: number): Generator<Arrival> {
  for (const order of beginnings(turn, length)) {
    for (const end of ["open", "closed", "cut"] as const) yield { order, repeats: [], end };
    for (const repeat of repeatsAfter(turn, order)) {
      yield { order, repeats: [repeat], end: "open" };
      const { length: count } = repeat.events;
      if (count > 1 && count < length) continue;
      yield { order: goneOn(turn, order), repeats: [repeat], end: "closed" };
    }
  }
}

/** The beginnings of all interleavings. */
function* beginnings(turn: LegalTurn, length: number): Generator<readonly number[]> {
  const order: number[] = [];
  const taken = turn.lanes.map(() => 0);
  yield* extend();

  function* extend(): Generator<readonly number[]> {
    if (order.length === length) {
      yield [...order];
      return;
    }
    for (const [lane, events] of turn.lanes.entries()) {
      const at = taken[lane] ?? 0;
      const event = events[at];
      if (event === undefined) continue;
      order.push(event);
      taken[lane] = at + 1;
      yield* extend();
      order.pop();
      taken[lane] = at;
    }
  }
}

/** The order, gone on to the turn's end in emission order. */
export function goneOn(turn: LegalTurn, order: readonly number[]): readonly number[] {
  const there = new Set(order);
  return [...order, ...turn.events.keys().filter((event) => !there.has(event))];
}

/** What may be delivered again after these deliveries: each tail of them, and each tail of each topic's of them. */
function* repeatsAfter(turn: LegalTurn, order: readonly number[]): Generator<Repeat> {
  const at = order.length;
  for (let start = at - 1; start >= 0; start--) yield { at, events: order.slice(start), why: "reconnect" };
  for (const lane of turn.lanes) {
    const own = order.filter((event) => lane.includes(event));
    for (let start = own.length - 1; start >= 0; start--) {
      const events = own.slice(start);
      // The same deliveries as a reconnection's.
      if (events[0] !== order[at - events.length]) yield { at, events, why: "rewind" };
    }
  }
}
