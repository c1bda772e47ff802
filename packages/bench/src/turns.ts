import { createRandom, uuidV7 } from "@ondash/core";
import {
  chartEvent,
  chatV2,
  completionEvent,
  createSkimmer,
  type EventHead,
  encodeRecord,
  type OutgoingRecord,
  partitionOf,
  statusEvent,
  textEvent,
  upcast,
} from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v1";

/** Partitions of the topics in these measurements. */
export const PARTITIONS = 8;
/** 2025-10-29T10:30:00Z, in seconds. */
const START = 1_761_733_800n;
const CONFIG =
  '{"xAxis":{"type":"category","data":["Q1","Q2","Q3","Q4"]},"yAxis":{"type":"value"},"series":[{"type":"bar","data":[12,19,7,24]}]}';

/**
 * Makes turns alike, fast and without garbage: the records of one, with other ids of the same length written over the
 * first one's each time. What was made last is only valid until the next call; `structuredClone` keeps it.
 * @param events and `tasks` as in `turn`.
 */
export function turnMaker(events: number, tasks: number): (seed: number) => readonly OutgoingRecord[] {
  const template = turn(0, events, tasks);
  const key = new Uint8Array(template[0]?.key ?? []);
  const skim = createSkimmer(chatV2);
  /** Where an id ends whose last digits are the seed's. */
  const places: { readonly bytes: Uint8Array; readonly end: number }[] = [{ bytes: key, end: key.length }];
  const records = template.map(({ topic, value, headers }) => {
    if (value === null || !skim.read(value)) throw new Error("the template is not as an encoder writes it");
    for (const end of [skim.eventIdEnd, skim.conversationIdEnd, skim.messageIdEnd]) places.push({ bytes: value, end });
    for (const [name, content] of headers) {
      if (content !== null && (name === "ce_id" || name === "ce_subject")) {
        places.push({ bytes: content, end: content.length });
      }
    }
    return { topic, partition: 0, key, headers, value };
  });
  return (seed) => {
    const digits = encoder.encode(seed.toString(16).padStart(8, "0"));
    for (const { bytes, end } of places) bytes.set(digits, end - digits.length);
    const partition = partitionOf(key, PARTITIONS);
    for (const record of records) record.partition = partition;
    return records;
  };
}

const encoder = new TextEncoder();

/**
 * The records of a legal chat.v2 turn, as a real one looks: statuses, texts around charts, a completion for each task.
 * @param seed of its ids.
 * @param events how many; at least four for each task.
 */
function turn(seed: number, events: number, tasks: number): OutgoingRecord[] {
  const random = createRandom(seed);
  const id = (label: string): string => uuidV7(1_761_733_800_000, random.fork(label));
  const [conversationId, messageId] = [id("conversation"), id("message")];
  const made: EventEnvelope[] = [];
  const head = (taskId: string): EventHead => {
    const nanos = made.length * 1_000_000;
    const timestamp = { seconds: START + BigInt(Math.floor(nanos / 1e9)), nanos: nanos % 1e9 };
    return { eventId: id(`event ${made.length}`), conversationId, messageId, taskId, timestamp };
  };
  const each = Math.floor(events / tasks);
  for (let task = 1; task <= tasks; task++) {
    const name = `task_${task}`;
    const count = task === tasks ? events - each * (tasks - 1) : each;
    for (let step = 0; step < count - 4; step++) {
      made.push(statusEvent(head(name), { message: `Querying database, part ${step + 1}...` }));
    }
    made.push(textEvent(head(name), { text: "Here is your sales chart", position: "BEFORE" }));
    made.push(chartEvent(head(name), { chartType: "bar", configJson: CONFIG }));
    made.push(textEvent(head(name), { text: "Sales increased in Q4", position: "AFTER" }));
    made.push(completionEvent(head(name), { type: "TASK", message: "Task completed" }));
  }
  return upcast(made).map((event) => encodeRecord(chatV2, event, PARTITIONS));
}
