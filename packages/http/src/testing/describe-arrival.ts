import { type Delivery, deliveriesOf, type Repeat } from "./arrival.ts";
import type { LegalTurn, TurnEvent } from "./legal-turn.ts";
import type { Broken } from "./smallest-arrival.ts";

const SHOWN = 60;
/** Deliveries that are printed: of more, the first and the last. */
const MAX_LINES = 40;

/** An arrival that breaks a reducer, for people: event by event, what was expected, what is shown. */
export function describeArrival(
  turn: LegalTurn,
  { arrival, breach }: Broken,
  { minimal, tried, options }: { readonly minimal: boolean; readonly tried: string; readonly options: string },
): string {
  const deliveries = deliveriesOf(arrival);
  const lines = deliveries.map((delivery, at) => `  ${at + 1}. ${lineOf(turn, deliveries, delivery, at)}`);
  const half = MAX_LINES / 2;
  const shown =
    lines.length > MAX_LINES
      ? [...lines.slice(0, half), `  … ${lines.length - MAX_LINES} more …`, ...lines.slice(-half)]
      : lines;
  const ending = { open: undefined, closed: "  then the server ends the stream", cut: "  then the stream breaks off" }[
    arrival.end
  ];
  const size = `${lines.length} ${lines.length === 1 ? "delivery" : "deliveries"} of ${turn.events.length} events`;
  return [
    `the reducer is wrong after a legal arrival of ${turn.name} (${turn.schema.name}): ${size}${minimal ? ", none smaller breaks it" : ""}`,
    ...(shown.length === 0 ? ["  nothing is delivered"] : shown),
    ...(ending === undefined ? [] : [ending]),
    `expected: ${breach.expected}`,
    `shown:    ${breach.actual}`,
    "Kafka keeps the order inside a topic only: what two topics carry may arrive in any order, again after a reconnection " +
      "or a rebalance, and the stream may end anywhere.",
    `${tried}; to replay: the same turn with { schema: "${turn.schema.name}"${options} }`,
  ].join("\n");
}

function lineOf(turn: LegalTurn, deliveries: readonly Delivery[], { event, repeat }: Delivery, at: number): string {
  const { event: sound } = turn.events[event] as TurnEvent;
  const place = turn.schema.sequenced ? `sequence ${sound.sequence}` : `emitted as ${event + 1}.`;
  const notes = [place];
  if (sound.taskId !== "") notes.push(sound.taskId);
  if (repeat !== undefined) notes.push(whyOf(repeat));
  else if (deliveries.slice(0, at).some((before) => before.event > event)) notes.push("overtaken by a later one");
  return `${saysOf(sound.body)} (${notes.join(", ")})`;
}

function whyOf({ why }: Repeat): string {
  return why === "reconnect" ? "again, after a reconnection" : "again, its topic was read anew";
}

function saysOf(body: TurnEvent["event"]["body"]): string {
  switch (body.kind) {
    case "text":
      return `text ${short(body.text)}`;
    case "chart":
      return `chart ${body.chartType}`;
    case "error":
      return `error ${body.code}`;
    default:
      return body.message === "" ? body.kind : `${body.kind} ${short(body.message)}`;
  }
}

function short(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
