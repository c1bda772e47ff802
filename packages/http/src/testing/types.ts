import type { Plan, Scenario } from "@ondash/scenario";
import type { AnyEnvelope, EventKind, SchemaName } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import type * as v2 from "@ondash/schemas/chat/v2";
import type { EnvelopeFor } from "../client/types.ts";

/** An event as the stream carries it: for reducers that parse `MessageEvent.data` themselves. */
export interface SseMessage {
  /** The `event:` field. */
  readonly event: EventKind;
  /** The `id:` field: opaque, and the same when the event is delivered again. */
  readonly id: string;
  /** The `data:` field: the envelope in ProtoJSON. */
  readonly data: string;
}

/** A block as a page shows it. */
export type ViewBlock =
  | { readonly text: string }
  | {
      /** The chart's configuration: its `config_json` as it came, or parsed. */
      readonly chart: string | object;
      /** Compared where it is given: "bar", "line" … as chat.v1 writes it. */
      readonly chartType?: string;
    };

/**
 * What a page shows of a turn. `status` is what it tells the user: `streaming` (more is to come), `complete` (this is the
 * answer), `failed` (the backend said so), `truncated` (it broke off).
 */
export interface TurnView {
  readonly blocks: readonly ViewBlock[];
  readonly status: "streaming" | "complete" | "failed" | "truncated";
}

/** Code of a page that turns the events of one turn into what is shown. Its state may be mutated or copied. */
export interface TurnReducer<State, S extends SchemaName = SchemaName> {
  /** A fresh state, for each run. */
  init(): State;
  /** Takes one delivery. `envelope` is typed, `sse` the same as text: use what the page uses. */
  event(state: State, envelope: EnvelopeFor<S>, sse: SseMessage): State;
  /**
   * The stream is over: the server ended it (`closed`), or it broke off for good (`cut`). Also a closed stream may lack
   * the turn's end. Leave it out when the page does not listen to that.
   */
  end?(state: State, how: "closed" | "cut"): State;
  /**
   * What the page shows now. A Message of chat.v2 has a status of its own; with one of chat.v1, which has none, only its
   * content is compared: give a `TurnView` to have the status looked at. undefined: nothing is shown yet.
   */
  view(state: State): TurnView | v1.Message | v2.Message | undefined;
}

/** Whose arrivals: a scenario (its turn as planned, before its faults), a plan, or a turn's events in any order. */
export type ArrivalSource = Scenario | Plan | readonly AnyEnvelope[];

/** How arrivals are chosen. */
export interface ArrivalOptions<S extends SchemaName = SchemaName> {
  /** Default: the plan's or the events' own version, chat.v2 for a scenario and a plan of both. */
  readonly schema?: S;
  /** Seed of the sample of a turn of more than eight events. Default 42. */
  readonly seed?: number;
  /** How many arrivals are tried of a turn of more than eight events. Default 200. */
  readonly samples?: number;
}

/** All arrivals were tried, and the reducer is right after each. */
export interface ArrivalsPassed {
  readonly ok: true;
  /** Arrivals tried: interleavings and their beginnings, with redeliveries, reconnections and endings. */
  readonly arrivals: number;
  /** Whether all interleavings of the turn were among them, or a sample. */
  readonly exhaustive: boolean;
  readonly seed: number;
}

/** An arrival that breaks the reducer, the smallest one found. */
export interface ArrivalFailure {
  readonly ok: false;
  /** The deliveries in order: positions in the turn's emission order, from 1 on. */
  readonly deliveries: readonly number[];
  /** How the stream ended after them; `open`: not yet. */
  readonly end: "open" | "closed" | "cut";
  /** What the page should show. */
  readonly expected: string;
  /** What it shows. */
  readonly actual: string;
  /** What the reducer threw, if it did. */
  readonly cause?: unknown;
  /** Whether no smaller arrival breaks it (fewer deliveries, else less out of order), or none was found. */
  readonly minimal: boolean;
  readonly seed: number;
  /** All of it for people: the arrival event by event, what was expected, what the page shows, how to replay it. */
  readonly message: string;
}
