import { type ErrorEvent, ErrorSeverity, type EventEnvelope } from "@ondash/schemas/chat/v2";

/** One question and what came back so far. */
export interface Turn {
  readonly question: string;
  /** Of the answer; undefined until the backend has accepted the question. */
  readonly messageId: string | undefined;
  /** Each event once, in the order in which the backend emitted them, however they arrived. */
  readonly events: readonly EventEnvelope[];
  /** Why no more will come, when that is not the answer's own end. */
  readonly left: { readonly as: "truncated" | "cancelled" | "refused"; readonly why: string } | undefined;
}

/** How far a turn is. Only `complete` is an answer. */
export type Phase = "asking" | "streaming" | "complete" | "failed" | "truncated" | "cancelled" | "refused";

/** What happens to a turn. */
export type TurnAction =
  | { readonly type: "accepted"; readonly messageId: string }
  | { readonly type: "event"; readonly event: EventEnvelope }
  | { readonly type: "left"; readonly as: "truncated" | "cancelled" | "refused"; readonly why?: string };

/** A turn whose question is on its way. */
export function newTurn(question: string): Turn {
  return { question, messageId: undefined, events: [], left: undefined };
}

/** The page's state, one turn of it: pure, so that it can be tested with every legal order of arrival. */
export function turnReducer(turn: Turn, action: TurnAction): Turn {
  switch (action.type) {
    case "accepted":
      return { ...turn, messageId: action.messageId };
    case "event":
      return { ...turn, events: withEvent(turn.events, action.event) };
    default:
      return { ...turn, left: { as: action.as, why: action.why ?? "" } };
  }
}

/** The event at its place by `sequence`; one that comes again (a resend, a reconnect) changes nothing. */
function withEvent(events: readonly EventEnvelope[], event: EventEnvelope): readonly EventEnvelope[] {
  if (events.some(({ eventId }) => eventId === event.eventId)) return events;
  return [...events, event].toSorted((a, b) => a.sequence - b.sequence);
}

/** How far it is. That the stream ended means nothing: the answer is there when all events up to the last one are. */
export function phaseOf(turn: Turn): Phase {
  if (isWhole(turn.events)) return hasFailed(turn.events) ? "failed" : "complete";
  if (turn.left !== undefined) return turn.left.as;
  return turn.messageId === undefined ? "asking" : "streaming";
}

/** The final completion says how many events the turn has. */
function isWhole(events: readonly EventEnvelope[]): boolean {
  return events.some(({ event }) => event.case === "completion" && event.value.lastSequence === events.length);
}

/** The turn failed when an error was fatal, or when each of its tasks had an error. */
function hasFailed(events: readonly EventEnvelope[]): boolean {
  if (events.some((event) => severityOf(event) === ErrorSeverity.FATAL)) return true;
  const tasks = new Set(events.map(({ taskId }) => taskId).filter((taskId) => taskId !== ""));
  for (const event of events) if (severityOf(event) === ErrorSeverity.ERROR) tasks.delete(event.taskId);
  return tasks.size === 0 && events.some(({ taskId }) => taskId !== "");
}

function severityOf({ event }: EventEnvelope): ErrorSeverity {
  return event.case === "error" ? event.value.severity : ErrorSeverity.UNSPECIFIED;
}

/** A piece of the answer. */
export interface Block {
  readonly kind: "text" | "chart";
  /** The text, or the chart's ECharts option as JSON. */
  readonly body: string;
  /** Stable while events come in: a key for what is drawn. */
  readonly key: string;
}

/** Texts and charts in the order in which they were emitted: never grouped by kind. */
export function blocksOf(turn: Turn): readonly Block[] {
  return turn.events.flatMap(({ event, eventId }): Block[] => {
    if (event.case === "text") return [{ kind: "text", body: event.value.text, key: eventId }];
    if (event.case === "chart") return [{ kind: "chart", body: event.value.configJson, key: eventId }];
    return [];
  });
}

/** The live status line: what the backend said last, while it is at it. */
export function statusOf(turn: Turn): string {
  const phase = phaseOf(turn);
  if (phase === "asking") return "Sending…";
  if (phase !== "streaming") return "";
  const last = turn.events.findLast(({ event }) => event.case === "status")?.event;
  return last?.case === "status" ? last.value.message : "Waiting…";
}

/** What went wrong, in the order in which it did; a warning leaves the answer whole. */
export function problemsOf(turn: Turn): readonly { readonly kind: "warning" | "error"; readonly message: string }[] {
  return turn.events
    .flatMap(({ event }): ErrorEvent[] => (event.case === "error" ? [event.value] : []))
    .map(({ severity, message }) => ({ kind: severity === ErrorSeverity.WARNING ? "warning" : "error", message }));
}
