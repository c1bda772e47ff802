import type { RecordHeader } from "@ondash/schemas";
import { TransportError } from "../error.ts";

/** A record as it lies in the log. */
export interface FetchedRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 when there is none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  readonly value: Uint8Array | null;
  readonly leaderEpoch: number;
  /** The last offset that its batch takes: above the last record's where a compaction removed some. */
  readonly batchEnd: number;
  /** The id of the producer in whose transaction it was written, or which a control record speaks of; else undefined. */
  readonly transaction: string | undefined;
  /** What a control record says. Other control types than these two do not touch transactions. */
  readonly control: "commit" | "abort" | "other" | undefined;
}

/** One partition's part of an answer to Fetch. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: number;
  readonly records: readonly FetchedRecord[];
}

/**
 * Turns kafkajs' answer to Fetch, which its types call `any`, into ours. Whatever does not have the expected shape ends
 * the collector: a guess would turn into a verdict.
 * @throws TransportError `kafkajs` naming the member; `unreadable` for message sets from before Kafka 0.11.
 */
export function toFetchedPartitions(answer: unknown): readonly FetchedPartition[] {
  return array(member(answer, "responses"), "responses").flatMap((response) => {
    const topic = text(member(response, "topicName"), "topicName");
    return array(member(response, "partitions"), "partitions").map((entry): FetchedPartition => {
      const partition = integer(member(entry, "partition"), "partition");
      return {
        topic,
        partition,
        highWatermark: integer(member(entry, "highWatermark"), "highWatermark"),
        records: array(member(entry, "messages"), "messages").map((message) => toRecord(message, topic, partition)),
      };
    });
  });
}

const TRANSACTION_MARKERS: Readonly<Record<number, "abort" | "commit">> = { 0: "abort", 1: "commit" };

function toRecord(message: unknown, topic: string, partition: number): FetchedRecord {
  const offset = integer(member(message, "offset"), "offset");
  const batch = member(message, "batchContext");
  if (batch === undefined) {
    const where = `${topic}/${partition} at offset ${offset}`;
    throw new TransportError(
      "unreadable",
      `${where} is in a message format from before Kafka 0.11; expected record batches`,
    );
  }
  const key = bytes(member(message, "key"), "key");
  const producerId = text(member(batch, "producerId"), "batchContext.producerId");
  const isControl = member(message, "isControlRecord") === true;
  return {
    offset,
    timestamp: integer(member(message, "timestamp"), "timestamp"),
    key,
    headers: toHeaders(member(message, "headers")),
    value: bytes(member(message, "value"), "value"),
    leaderEpoch: integer(member(batch, "partitionLeaderEpoch"), "batchContext.partitionLeaderEpoch"),
    batchEnd:
      integer(member(batch, "firstOffset"), "batchContext.firstOffset") +
      integer(member(batch, "lastOffsetDelta"), "batchContext.lastOffsetDelta"),
    transaction: isControl || member(batch, "inTransaction") === true ? producerId : undefined,
    // Key of a control record: version int16, type int16 (KIP-98).
    control: isControl
      ? (TRANSACTION_MARKERS[key === null ? -1 : ((key[2] ?? 0xff) << 8) | (key[3] ?? 0xff)] ?? "other")
      : undefined,
  };
}

/**
 * kafkajs folds the headers into an object: a value, or an array where a name occurs more than once. Order across names
 * is lost, order within one is kept. A name that every object has ("constructor") brings what the object inherits along
 * as a first value, which is not bytes: dropped here.
 */
function toHeaders(headers: unknown): readonly RecordHeader[] {
  if (headers === undefined || headers === null) return [];
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one: unknown): one is Uint8Array | null => one === null || one instanceof Uint8Array)
      .map((one): RecordHeader => [name, bytes(one, `header ${name}`)]),
  );
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) throw misshapen(name, "an object around it", value);
  return (value as Readonly<Record<string, unknown>>)[name];
}

function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw misshapen(name, "an array", value);
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw misshapen(name, "a string", value);
  return value;
}

/** 64-bit numbers come as decimal strings. */
export function integer(value: unknown, name: string): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw misshapen(name, "an integer of at most 2⁵³−1", value);
  return number as number;
}

/** A copy: kafkajs gives slices, each of which would keep its whole answer of megabytes alive. */
function bytes(value: unknown, name: string): Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) throw misshapen(name, "bytes or null", value);
  return new Uint8Array(value);
}

function misshapen(name: string, expected: string, value: unknown): TransportError {
  const came = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return new TransportError(
    "kafkajs",
    `an answer of kafkajs 2.2.4 was expected to have ${expected} as "${name}"; got ${came}`,
  );
}
