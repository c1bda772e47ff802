/** A run of deliveries that come a second time. */
export interface Repeat {
  /** After so many first deliveries. */
  readonly at: number;
  /** Which: the tail of what came since a Last-Event-ID, or of one topic since an offset. */
  readonly events: readonly number[];
  readonly why: "reconnect" | "rewind";
}

/** How the stream goes on after the deliveries: not yet known, ended by the server, broken off. */
export type Ending = "open" | "closed" | "cut";

/** One way in which a turn, or its beginning, may reach a page. Events are indices in emission order. */
export interface Arrival {
  /** First deliveries: each topic's in order, topics in any way. */
  readonly order: readonly number[];
  /** Ascending by `at`. */
  readonly repeats: readonly Repeat[];
  readonly end: Ending;
}

/** One delivery. */
export interface Delivery {
  readonly event: number;
  /** The repeat that it belongs to; undefined: it is new. */
  readonly repeat: Repeat | undefined;
}

/** What is delivered, in order. */
export function deliveriesOf({ order, repeats }: Arrival): Delivery[] {
  const deliveries: Delivery[] = [];
  for (let at = 0; at <= order.length; at++) {
    if (at > 0) deliveries.push({ event: order[at - 1] ?? 0, repeat: undefined });
    for (const repeat of repeats) {
      if (repeat.at === at) deliveries.push(...repeat.events.map((event) => ({ event, repeat })));
    }
  }
  return deliveries;
}

const endings: readonly Ending[] = ["open", "closed", "cut"];

/**
 * Which of two arrivals is the smaller: fewer deliveries, else fewer pairs out of emission order, else fewer repeats, else
 * an open end before a closed one before a cut, else the earlier events first.
 */
export function compareArrivals(a: Arrival, b: Arrival): number {
  return (
    sizeOf(a) - sizeOf(b) ||
    inversionsOf(a.order) - inversionsOf(b.order) ||
    a.repeats.length - b.repeats.length ||
    endings.indexOf(a.end) - endings.indexOf(b.end) ||
    compareLists(a.order, b.order) ||
    compareLists(
      a.repeats.flatMap(({ at, events }) => [at, ...events]),
      b.repeats.flatMap(({ at, events }) => [at, ...events]),
    )
  );
}

/** How many deliveries it has. */
export function sizeOf({ order, repeats }: Arrival): number {
  return order.length + repeats.reduce((sum, { events }) => sum + events.length, 0);
}

/** Pairs that are not in ascending order. */
export function inversionsOf(order: readonly number[]): number {
  let inversions = 0;
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) if ((order[i] ?? 0) > (order[j] ?? 0)) inversions += 1;
  }
  return inversions;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
