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
 * How the bytes of records are handed on: kafkajs gives slices, each of which keeps its whole answer of megabytes alive.
 * "copied": as arrays of their own. "shared": as they came, for those who keep none.
 */
export type ByteSharing = "copied" | "shared";

/**
 * Turns kafkajs' answer to Fetch, which its types call `any`, into ours. Whatever does not have the expected shape ends
 * the collector: a guess would turn into a verdict.
 * @throws TransportError `kafkajs` naming the member; `unreadable` for message sets from before Kafka 0.11.
 */
export function toFetchedPartitions(answer: unknown, sharing: ByteSharing = "copied"): readonly FetchedPartition[] {
  return array(member(answer, "responses"), "responses").flatMap((response) => {
    const topic = text(member(response, "topicName"), "topicName");
    return array(member(response, "partitions"), "partitions").map((entry): FetchedPartition => {
      const partition = integer(member(entry, "partition"), "partition");
      const highWatermark = integer(member(entry, "highWatermark"), "highWatermark");
      /** The records of a batch share one object: it is read once. */
      let known: { readonly context: unknown; readonly batch: Batch } | undefined;
      const records = array(member(entry, "messages"), "messages").map((message) => {
        const context = member(message, "batchContext");
        if (known === undefined || known.context !== context) {
          known = { context, batch: toBatch(context, () => `${topic}/${partition} at offset ${offsetOf(message)}`) };
        }
        return toRecord(message, known.batch, sharing);
      });
      return { topic, partition, highWatermark, records };
    });
  });
}

const TRANSACTION_MARKERS: Readonly<Record<number, "abort" | "commit">> = { 0: "abort", 1: "commit" };

/** What all records of a batch have in common. */
interface Batch {
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly leaderEpoch: number;
  readonly end: number;
}

function toBatch(context: unknown, where: () => string): Batch {
  if (context === undefined) {
    const what = `${where()} is in a message format from before Kafka 0.11; expected record batches`;
    throw new TransportError("unreadable", what);
  }
  return {
    producerId: text(member(context, "producerId"), "batchContext.producerId"),
    inTransaction: member(context, "inTransaction") === true,
    leaderEpoch: integer(member(context, "partitionLeaderEpoch"), "batchContext.partitionLeaderEpoch"),
    end:
      integer(member(context, "firstOffset"), "batchContext.firstOffset") +
      integer(member(context, "lastOffsetDelta"), "batchContext.lastOffsetDelta"),
  };
}

function offsetOf(message: unknown): number {
  return integer(member(message, "offset"), "offset");
}

function toRecord(
  message: unknown,
  { producerId, inTransaction, leaderEpoch, end }: Batch,
  sharing: ByteSharing,
): FetchedRecord {
  const key = bytes(member(message, "key"), "key", sharing);
  const isControl = member(message, "isControlRecord") === true;
  return {
    offset: offsetOf(message),
    timestamp: integer(member(message, "timestamp"), "timestamp"),
    key,
    headers: toHeaders(member(message, "headers"), sharing),
    value: bytes(member(message, "value"), "value", sharing),
    leaderEpoch,
    batchEnd: end,
    transaction: isControl || inTransaction ? producerId : undefined,
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
function toHeaders(headers: unknown, sharing: ByteSharing): readonly RecordHeader[] {
  if (headers === undefined || headers === null) return [];
  const list: RecordHeader[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!Array.isArray(value)) {
      if (value === null || value instanceof Uint8Array) list.push([name, bytes(value, name, sharing)]);
      continue;
    }
    for (const one of value as readonly unknown[]) {
      if (one === null || one instanceof Uint8Array) list.push([name, bytes(one, name, sharing)]);
    }
  }
  return list;
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
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  // `Number` takes more than decimals: "0x1f", " 7", "1e3".
  const decimal = typeof value !== "string" || String(number) === value;
  if (!decimal || !Number.isSafeInteger(number)) throw misshapen(name, "an integer of at most 2⁵³−1", value);
  return number as number;
}

function bytes(value: unknown, name: string, sharing: ByteSharing): Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) throw misshapen(name, "bytes or null", value);
  return sharing === "shared" ? value : new Uint8Array(value);
}

function misshapen(name: string, expected: string, value: unknown): TransportError {
  const came = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return new TransportError(
    "kafkajs",
    `an answer of kafkajs 2.2.4 was expected to have ${expected} as "${name}"; got ${came}`,
  );
}
