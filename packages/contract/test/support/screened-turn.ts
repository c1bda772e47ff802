import { chatV2 } from "@ondash/schemas";
import type { EventBody, PlacedEvent, SoundEvent } from "../../src/event.ts";
import { hashEvent } from "../../src/screen/hash-ids.ts";
import { type LegalTurn, type OrderCore, Trigger } from "../../src/screen/order-core.ts";
import { blankEvent, Kind, type ScreenedEvent } from "../../src/screen/screened-event.ts";
import { type Checks, judgeTurn } from "../../src/turn/judge-turn.ts";
import { chart, completion, failure, placeOf, soundEvent, status, text, turnFacts } from "./facts.ts";

/** Bodies of each kind of event that a screen tells apart. */
const BODIES: Readonly<Record<keyof typeof Kind, EventBody>> = {
  status: status(),
  before: text(1),
  after: text(2),
  standalone: text(3),
  chart: chart("bar", 1),
  warning: failure(1),
  error: failure(2),
  fatal: failure(3),
  task: completion(1),
  conversation: completion(2),
};

/** An event of a test turn. */
export interface Said {
  readonly kind: keyof typeof Kind;
  /** 0: none. */
  readonly task?: number;
  /** Of a status. */
  readonly step?: number;
  /** Whether it is the turn's final completion. */
  readonly last?: boolean;
  /** Milliseconds after the turn's first event; default: its sequence. */
  readonly at?: number;
  /** Default: by its place in the list, from 1. */
  readonly sequence?: number;
  readonly id?: string;
  readonly offset?: number;
  readonly partition?: number;
}

/** A test event as the rules and as a screen see it. */
export interface SaidTwice {
  readonly placed: PlacedEvent;
  readonly screened: ScreenedEvent;
}

const START_MS = 1_761_733_800_000;
const encoder = new TextEncoder();

/** The events of a turn of the conversation `conv`, in emission order. Topics' offsets are sequences unless told. */
export function said(turn: readonly Said[], message = "msg"): SaidTwice[] {
  return turn.map((one, index) => {
    const sequence = one.sequence ?? index + 1;
    const lastSequence = one.last === true ? sequence : 0;
    const body = { ...BODIES[one.kind], ...(one.kind === "status" ? { step: one.step ?? 0 } : {}) } as EventBody;
    const ms = START_MS + (one.at ?? sequence);
    const event: SoundEvent = soundEvent(body.kind === "completion" ? { ...body, lastSequence } : body, sequence, {
      messageId: message,
      taskId: one.task ? `task ${one.task}` : "",
      timestamp: { seconds: BigInt(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1_000_000 },
      ...(one.id === undefined ? {} : { eventId: one.id }),
    });
    const place = { ...placeOf(chatV2, event), offset: one.offset ?? sequence, partition: one.partition ?? 2 };
    const screened: ScreenedEvent = {
      ...blankEvent(),
      sequence,
      kind: Kind[one.kind],
      last: lastSequence,
      step: one.kind === "status" ? (one.step ?? 0) : 0,
      time: ms,
      topic: chatV2.topicList.indexOf(place.topic),
      partition: place.partition,
      offset: place.offset,
    };
    const ids = [event.eventId, "conv", message, event.taskId].map((id) => encoder.encode(id));
    hashEvent(screened, ...(ids as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]));
    return { placed: { event, place, asked: 0 }, screened };
  });
}

/** What the rules say of a turn of which all was read. */
function rulesSay(turn: readonly SaidTwice[]): Checks {
  const events = turn.map(({ placed }) => placed).toSorted((a, b) => a.event.sequence - b.event.sequence);
  const facts = turnFacts(
    chatV2,
    events.map(({ event }) => event),
  );
  return judgeTurn({
    ...facts,
    events,
    end: events.find(({ event }) => event.body.kind === "completion" && event.body.lastSequence !== 0),
    ended: events.some(({ event }) => event.body.kind === "completion" && event.body.lastSequence !== 0),
    run: { ended: true, producersDone: true },
  });
}

/** The turn as a screen reports it, if the rules find nothing wrong; else undefined. */
export function legalByRules(turn: readonly SaidTwice[]): LegalTurn | undefined {
  const checks = rulesSay(turn);
  if (checks.some(([, { status: found }]) => found !== "held" && found !== "idle")) return undefined;
  const held = new Set(checks.filter(([, { status: found }]) => found === "held").map(([id]) => id));
  const [first] = turn;
  return {
    keyHigh: first?.screened.turnHigh ?? 0,
    keyLow: first?.screened.turnLow ?? 0,
    events: turn.length,
    triggers: TRIGGERS.reduce((bits, [id, bit]) => bits | (held.has(id) ? bit : 0), 0),
    blocks: turn
      .toSorted((a, b) => a.screened.sequence - b.screened.sequence)
      .map(({ placed }) => ({ text: "t", chart: "c" })[placed.event.body.kind as string] ?? "")
      .join(""),
  };
}

const TRIGGERS: readonly (readonly [rule: string, bit: number])[] = [
  ["GRM-02", Trigger.before],
  ["GRM-03", Trigger.after],
  ["GRM-04", Trigger.standalone],
  ["GRM-05", Trigger.completion],
  ["GRM-06", Trigger.fatal],
  ["GRM-07", Trigger.step],
];

/** What a core makes of a turn that arrives in this order: the turn if it is legal, else undefined. It is let go. */
export function legalByCore(
  core: OrderCore,
  turn: readonly SaidTwice[],
  limit: (topic: number, partition: number) => number = () => Number.POSITIVE_INFINITY,
): LegalTurn | undefined {
  const [first] = turn;
  if (first === undefined) return undefined;
  const { turnHigh, turnLow } = first.screened;
  const suspect = turn.some(({ screened }) => core.take(screened) === "suspect");
  const slot = core.find(turnHigh, turnLow);
  const legal = suspect ? undefined : core.settle(slot, limit);
  core.forget(slot);
  return legal;
}
