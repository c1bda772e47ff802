import type { Observation } from "@ondash/contract";
import { type AnyEnvelope, chatSchemas, encodeRecord, upcast } from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v1";
import { createTestLog, wholeRun } from "./log.ts";
import type { Legal, Operator } from "./operators.ts";
import { edit, insertAt, PARTITIONS } from "./world.ts";

/** Operators for ORD-09, which takes both versions of a turn. */
export const agreementOperators: readonly Operator[] = [
  {
    rule: "ORD-09",
    does: "chat.v1 says something else",
    versions: [1],
    mutate: (legal) => changed(legal, (older, newer, change) => dual(change(older), newer)),
  },
  {
    rule: "ORD-09",
    does: "chat.v2 says something else",
    versions: [1],
    mutate: (legal) => changed(legal, (older, newer, change) => dual(older, change(newer))),
  },
  {
    rule: "ORD-09",
    does: "the timestamps of an event differ",
    versions: [1],
    mutate(legal) {
      const newer = upcast(legal.events as readonly EventEnvelope[]);
      const stamp = newer[legal.random.int(0, newer.length - 1)]?.timestamp;
      if (stamp === undefined || stamp.nanos === 999_999_999) return undefined;
      stamp.nanos++;
      return dual(legal.events, newer);
    },
  },
  {
    rule: "ORD-09",
    does: "an event is in chat.v1 only",
    versions: [1],
    mutate(legal) {
      const more = withOneMore(legal);
      return more && dual(more, upcast(legal.events as readonly EventEnvelope[]));
    },
  },
  {
    rule: "ORD-09",
    does: "an event is in chat.v2 only",
    versions: [1],
    mutate(legal) {
      const more = withOneMore(legal);
      return more && dual(legal.events, upcast(more as readonly EventEnvelope[]));
    },
  },
];

/** One event's text is changed, on the side that `publish` chooses. */
function changed(
  { events, random }: Legal,
  publish: (
    older: readonly AnyEnvelope[],
    newer: readonly AnyEnvelope[],
    change: (side: readonly AnyEnvelope[]) => readonly AnyEnvelope[],
  ) => Observation[],
): Observation[] | undefined {
  const index = random.int(0, events.length - 1);
  const kind = events[index]?.event.case;
  if (kind !== "status" && kind !== "text" && kind !== "completion") return undefined;
  return publish(events, upcast(events as readonly EventEnvelope[]), (side) => {
    const schema = chatSchemas.find(({ envelope }) => envelope.typeName === side[0]?.$typeName);
    if (schema === undefined) return side;
    return edit(schema, side, index, ({ event }) => {
      if (event.case === "status" || event.case === "completion") event.value.message += "!";
      else if (event.case === "text") event.value.text += "!";
    });
  });
}

/** The turn with another status behind its first event, where that may be one. */
function withOneMore({ schema, events }: Legal): AnyEnvelope[] | undefined {
  const [first] = events;
  if (first?.event.case !== "status") return undefined;
  return insertAt(schema, events, 1, first, (event) => void (event.taskId = ""));
}

/** The run of a turn that is published in both versions, as each of them says. */
function dual(older: readonly AnyEnvelope[], newer: readonly AnyEnvelope[]): Observation[] {
  const log = createTestLog({ partitions: PARTITIONS });
  const sides = [older, newer].flatMap((side, index) => {
    const schema = chatSchemas[index];
    return schema === undefined ? [] : side.map((event) => encodeRecord(schema, event, PARTITIONS));
  });
  return wholeRun(log, sides.map(log.append));
}
