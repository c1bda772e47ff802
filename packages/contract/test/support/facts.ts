import type { ChatSchema, RecordHeader } from "@ondash/schemas";
import { barrierLaw } from "../../src/barrier.ts";
import {
  type ContractEvent,
  completesConversation,
  completesTask,
  type EventBody,
  type PlacedEvent,
  type SoundEvent,
} from "../../src/event.ts";
import type { Check } from "../../src/finding.ts";
import type { DecodedRecord, RecordFacts } from "../../src/record/facts.ts";
import type { RecordRef } from "../../src/run-result.ts";
import type { TaskFacts, TurnFacts } from "../../src/turn/facts.ts";
import { isFinal } from "../../src/turn/turn.ts";

/** Bodies of events, for tests of single rules. */
export const status = (message = "working", step = 0, totalSteps = 0): EventBody => ({
  kind: "status",
  message,
  step,
  totalSteps,
});
export const text = (position: number, content = "hello"): EventBody => ({ kind: "text", text: content, position });
export const chart = (chartType = "bar", typeNumber?: number, customType = ""): EventBody => ({
  kind: "chart",
  chartType,
  configJson: "{}",
  typeNumber,
  customType,
});
export const failure = (severity: number, code = "E1", message = "it failed"): EventBody => ({
  kind: "error",
  severity,
  code,
  message,
});
export const completion = (type: number, lastSequence = 0, message = "done"): EventBody => ({
  kind: "completion",
  type,
  message,
  lastSequence,
});

/** A sound event; the nth of its turn. */
export function soundEvent(body: EventBody, sequence = 1, rest: Partial<SoundEvent> = {}): SoundEvent {
  return {
    eventId: `e${sequence}`,
    conversationId: "conv",
    messageId: "msg",
    taskId: "",
    timestamp: { seconds: 1_761_733_800n, nanos: sequence },
    sequence,
    body,
    ...rest,
  };
}

/** The facts of a record that decoded to an event, as sound as it is. */
export function recordFacts(
  schema: ChatSchema,
  event: ContractEvent,
  rest: {
    readonly record?: Partial<RecordFacts["record"]>;
    readonly headers?: readonly RecordHeader[];
    readonly decoded?: Partial<Extract<DecodedRecord, { ok: true }>>;
    readonly partitions?: number;
  } = {},
): RecordFacts {
  const kind = event.body?.kind;
  return {
    schema,
    partitions: rest.partitions ?? 8,
    record: {
      kind: "record",
      topic: schema.topics[kind ?? "status"],
      partition: 3,
      offset: 17,
      timestamp: 1,
      key: new TextEncoder().encode(event.conversationId),
      headers: rest.headers ?? [],
      value: new Uint8Array(8),
      ...rest.record,
    },
    decoded: {
      ok: true,
      event,
      knownArms: kind === undefined ? [] : [kind],
      unknownArms: [],
      unknownFields: false,
      ...rest.decoded,
    },
  };
}

/** A record that does not decode. */
export function brokenRecord(schema: ChatSchema, value: Uint8Array | null, reason = "cut short (byte 3)"): RecordFacts {
  const facts = recordFacts(schema, soundEvent(status()), { record: { value } });
  return { ...facts, decoded: { ok: false, reason } };
}

/** Where the nth event of a test turn lies: the nth offset of partition 2 of its topic. */
export function placeOf(schema: ChatSchema, { body, sequence }: SoundEvent): RecordRef {
  return { topic: schema.topics[body.kind], partition: 2, offset: sequence };
}

/** The facts of an ended and settled turn, unless told otherwise. */
export function turnFacts(schema: ChatSchema, events: readonly SoundEvent[], rest: Partial<TurnFacts> = {}): TurnFacts {
  const placed = events.map((event): PlacedEvent => ({ event, place: placeOf(schema, event), asked: 0 }));
  const tasks = new Map<string, TaskFacts>();
  for (const one of placed) {
    const id = one.event.taskId;
    if (id === "") continue;
    const completed = tasks.get(id)?.completion ?? (completesTask(one.event) ? one : undefined);
    tasks.set(id, { id, completion: completed });
  }
  const end = placed.find((one) => (schema.sequenced ? isFinal(schema, one) : completesConversation(one.event)));
  return {
    schema,
    conversationId: "conv",
    messageId: "msg",
    events: placed,
    end,
    tasks,
    ended: true,
    settled: { id: 4, index: 0, ends: {} },
    barrierOf: () => undefined,
    law: barrierLaw,
    run: { ended: true, producersDone: true },
    ledger: undefined,
    gap: undefined,
    conversationEndIn: () => undefined,
    completions: new Map(),
    ...rest,
  };
}

/** What a finding of a check says, without its sentence; else the check itself. */
export function told(check: Check): unknown {
  if (check.status !== "violated") return check;
  const { message: _, ...rest } = check.finding;
  return rest;
}

/** Expected and actual of a finding; else the check's status. */
export function contrastOf(check: Check): readonly [expected: string, actual: string] | string {
  return check.status === "violated" ? [check.finding.expected, check.finding.actual] : check.status;
}
