import type { ChatSchema, Instant } from "@ondash/schemas";
import { CompletionTypeSchema, ErrorSeveritySchema, TextPositionSchema } from "@ondash/schemas/chat/v1";
import {
  type ContractEvent,
  compareEmission,
  comparePlaces,
  type EventBody,
  nameOfEnum,
  type SoundEvent,
} from "./event.ts";
import { quote } from "./finding.ts";
import type { RecordRef, TimelineEntry } from "./run-result.ts";
import { turnKey } from "./turn/turn.ts";

/** Keeps the observed events of a run for its timeline. */
export interface Timeline {
  /** An event without a known arm has nothing to show, and is left out. */
  add(schema: ChatSchema, event: ContractEvent, place: RecordRef): void;
  /** Turns in order of observation, and in each turn emission order. */
  entries(rulesAt: (place: RecordRef) => readonly string[]): TimelineEntry[];
}

interface Shown {
  readonly event: SoundEvent;
  readonly place: RecordRef;
}

/** Stands for a timestamp that is not set: its event comes last in chat.v1, and is shown without a time. */
const unknownTime: Instant = { seconds: 0x7fff_ffff_ffff_ffffn, nanos: 0 };

/** Creates an empty timeline. */
export function createTimeline(): Timeline {
  const turns = new Map<string, { schema: ChatSchema; events: Shown[] }>();
  return {
    add(schema, event, place) {
      const { body, timestamp } = event;
      if (body === undefined) return;
      const { conversationId, messageId } = event;
      const key = `${schema.name} ${turnKey(conversationId, messageId)}`;
      const turn = turns.get(key);
      const shown = { event: { ...event, body, timestamp: timestamp ?? unknownTime }, place };
      if (turn === undefined) turns.set(key, { schema, events: [shown] });
      else turn.events.push(shown);
    },
    entries(rulesAt) {
      return [...turns.values()].flatMap(({ schema, events }) => {
        const ordered = events.toSorted(
          (a, b) => compareEmission(schema, a.event, b.event) || comparePlaces(schema, a.place, b.place),
        );
        const first = ordered.reduce(
          (least, { event }) => Math.min(least, toMilliseconds(event)),
          Number.POSITIVE_INFINITY,
        );
        return ordered.map(
          ({ event, place }): TimelineEntry => ({
            conversationId: event.conversationId,
            messageId: event.messageId,
            taskId: event.taskId,
            eventId: event.eventId,
            kind: event.body.kind,
            schema: schema.name,
            at: event.timestamp === unknownTime ? null : toMilliseconds(event) - first,
            says: says(event.body),
            record: place,
            rules: rulesAt(place),
          }),
        );
      });
    },
  };
}

/** Milliseconds since the epoch. A double keeps them to better than a microsecond. */
function toMilliseconds({ timestamp }: SoundEvent): number {
  return Number(timestamp.seconds) * 1_000 + timestamp.nanos / 1_000_000;
}

/** What an event says, in one line. */
function says(body: EventBody): string {
  switch (body.kind) {
    case "status": {
      const progress = body.step === 0 ? "" : ` ${body.step}${body.totalSteps === 0 ? "" : `/${body.totalSteps}`}`;
      return `${quote(body.message)}${progress}`;
    }
    case "text":
      return `${quote(body.text)} ${nameOfEnum(TextPositionSchema, body.position)}`;
    case "chart":
      return body.chartType;
    case "error":
      return `${nameOfEnum(ErrorSeveritySchema, body.severity)} ${body.code}: ${quote(body.message)}`;
    default: {
      const type = nameOfEnum(CompletionTypeSchema, body.type);
      return body.message === "" ? type : `${type} ${quote(body.message)}`;
    }
  }
}
