import { encodeRecordBatch, type RecordBatchInput } from "@ondash/embedded-kafka/wire";

/** The time that the first record of every batch has: long ago, so that it is no time of day in a transcript. */
export const STAMP = 1_700_000_000_000n;
/** For topics whose records are that old: they are kept, and a marker of today does not begin a new file. */
export const KEEP: Readonly<Record<string, string>> = { "retention.ms": "-1", "segment.ms": "9223372036854775807" };

const utf8 = new TextEncoder();

/** A batch of these values; record i has the key `k<i>` and comes i milliseconds after the first. */
export function batch(values: readonly string[], options: Omit<RecordBatchInput, "records"> = {}): Uint8Array {
  return encodeRecordBatch({
    baseTimestamp: STAMP,
    ...options,
    records: values.map((value, index) => ({
      key: utf8.encode(`k${index}`),
      value: utf8.encode(value),
      timestampDelta: BigInt(index),
    })),
  });
}

/** The batch with one byte of its last record changed. */
export function corrupt(records: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(records);
  damaged[damaged.length - 2] = (damaged[damaged.length - 2] ?? 0) ^ 0xff;
  return damaged;
}
