import { isHttpError } from "../error.ts";
import { type Arrival, deliveriesOf } from "./arrival.ts";
import { createExpectations } from "./expectation.ts";
import { type Breach, judgeView } from "./judge-view.ts";
import type { LegalTurn } from "./legal-turn.ts";
import { readView } from "./read-view.ts";
import type { TurnReducer } from "./types.ts";

/** Runs a reducer over an arrival; undefined: what it shows then is right. */
export type TryArrival = (arrival: Arrival) => Breach | undefined;

/** Prepares a reducer's runs over arrivals of a turn. */
export function createTrial<State>(turn: LegalTurn, reducer: TurnReducer<State>): TryArrival {
  const expectationOf = createExpectations(turn);
  return (arrival) => {
    const expectation = expectationOf(arrival);
    try {
      return judgeView(readView(reducer.view(stateAfter(turn, reducer, arrival))), expectation, arrival.end);
    } catch (cause) {
      // A view of a wrong form is wrong for every arrival: misuse, not a finding.
      if (isHttpError(cause)) throw cause;
      return { expected: "no exception", actual: `thrown: ${String(cause)}`, cause };
    }
  };
}

function stateAfter<State>(turn: LegalTurn, reducer: TurnReducer<State>, arrival: Arrival): State {
  let state = reducer.init();
  const ids = new Map<number, string>();
  for (const { event } of deliveriesOf(arrival)) {
    const { envelope, event: sound, json } = turn.events[event] ?? raise(event);
    // A position in the stream, which says nothing of the order of emission.
    const id = ids.get(event) ?? `${ids.size}`;
    ids.set(event, id);
    // A copy: a stream gives new objects, which a reducer may change as it likes.
    state = reducer.event(state, copyOf(envelope), {
      event: sound.body.kind,
      id,
      data: json,
    });
  }
  if (arrival.end !== "open" && reducer.end !== undefined) state = reducer.end(state, arrival.end);
  return state;
}

function raise(event: number): never {
  throw new RangeError(`an arrival names the event ${event}, which the turn does not have`);
}

/** What `structuredClone` does for plain data, at a small part of its cost: this is most of what a run costs. */
function copyOf<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  const from = value as Record<string, unknown>;
  for (const key in from) copy[key] = copyOf(from[key]);
  return copy as T;
}
