import type { Random } from "@ondash/core";
import type { Arrival, Repeat } from "./arrival.ts";
import { goneOn } from "./every-arrival.ts";
import type { LegalTurn } from "./legal-turn.ts";

/** Repeats of a sampled arrival at most. */
const MAX_REPEATS = 3;

/**
 * A seeded sample of a turn's arrivals: those in emission order and with one topic ahead of, or behind all others; then
 * any interleavings, half of them only begun, with up to three reconnections and rewinds.
 */
export function* someArrivals(turn: LegalTurn, count: number, random: Random): Generator<Arrival> {
  const inOrder = [...turn.events.keys()];
  const plain = [inOrder];
  for (const lane of turn.lanes) {
    const others = inOrder.filter((event) => !lane.includes(event));
    plain.push([...lane, ...others], [...others, ...lane]);
  }
  let made = 0;
  for (const order of plain) {
    for (const end of ["closed", "cut"] as const) {
      if (made++ >= count) return;
      yield { order, repeats: [], end };
    }
  }
  for (; made < count; made++) yield anyArrival(turn, random.fork(made));
}

function anyArrival(turn: LegalTurn, random: Random): Arrival {
  const whole = random.int(0, 1) === 0;
  const length = whole ? turn.events.length : random.int(0, turn.events.length - 1);
  const order = interleaved(turn, length, random);
  const repeats = Array.from({ length: random.int(0, MAX_REPEATS) }, () => anyRepeat(turn, order, random))
    .filter((repeat) => repeat !== undefined)
    .sort((a, b) => a.at - b.at);
  const end = whole ? "closed" : (["open", "closed", "cut"] as const)[random.int(0, 2)];
  return { order, repeats, end: end ?? "cut" };
}

/** The beginning of an interleaving; each interleaving is as likely as any other. */
function interleaved(turn: LegalTurn, length: number, random: Random): readonly number[] {
  const left = turn.lanes.map((lane) => lane.toReversed());
  const order: number[] = [];
  while (order.length < length) {
    let ticket = random.int(0, left.reduce((sum, lane) => sum + lane.length, 0) - 1);
    const lane = left.find((events) => {
      ticket -= events.length;
      return ticket < 0;
    });
    const event = lane?.pop();
    if (event === undefined) return goneOn(turn, order).slice(0, length);
    order.push(event);
  }
  return order;
}

function anyRepeat(turn: LegalTurn, order: readonly number[], random: Random): Repeat | undefined {
  if (order.length === 0) return undefined;
  const at = random.int(1, order.length);
  const there = order.slice(0, at);
  if (random.int(0, 1) === 0) return { at, events: there.slice(random.int(0, at - 1)), why: "reconnect" };
  const lane = turn.lanes[random.int(0, turn.lanes.length - 1)] ?? [];
  const own = there.filter((event) => lane.includes(event));
  return own.length === 0 ? undefined : { at, events: own.slice(random.int(0, own.length - 1)), why: "rewind" };
}
