import { decodeRecordBatch, encodeRecordBatch, isWireError, type RecordBatch, type WireRecord } from "../wire/index.ts";
import type { PartitionLog } from "./partition-log.ts";
import type { StoredBatch } from "./stored-batch.ts";

type CompactedBatch = Omit<StoredBatch, "position">;

/**
 * Compacts a log up to its last stable offset, as Kafka's log cleaner does with a topic whose cleanup policy has
 * `compact`: of each key only the last record stays, at its own offset. Records of aborted transactions and records
 * without a key go. A tombstone (null value) stays for `deleteRetentionMs` after the compaction that first met it.
 * Transaction markers stay.
 * @param now milliseconds since the epoch.
 */
export function compactLog(log: PartitionLog, now: number, deleteRetentionMs: bigint): void {
  const dirty = log.stored().filter(({ baseOffset }) => baseOffset < log.lastStable);
  const rest = log.stored().slice(dirty.length);
  const aborted = abortedRanges(log);
  const decoded = dirty.map((stored) => ({
    stored,
    batch: decode(stored),
  }));
  const isAborted = (stored: StoredBatch): boolean =>
    stored.transactional &&
    (aborted.get(stored.producerId)?.some(({ from, to }) => stored.baseOffset >= from && stored.baseOffset < to) ??
      false);
  const latest = new Map<string, bigint>();
  for (const { stored, batch } of decoded) {
    if (isAborted(stored)) continue;
    for (const { key, offsetDelta } of batch?.records ?? []) {
      if (key !== null) latest.set(text(key), stored.baseOffset + BigInt(offsetDelta));
    }
  }
  const compacted = decoded.flatMap(({ stored, batch }): CompactedBatch[] => {
    if (batch === undefined) return [stored];
    const horizon =
      stored.deleteHorizon ?? (hasTombstone(batch) ? BigInt(Math.trunc(now)) + deleteRetentionMs : undefined);
    const keep = ({ key, value, offsetDelta }: WireRecord): boolean =>
      key !== null &&
      latest.get(text(key)) === stored.baseOffset + BigInt(offsetDelta) &&
      (value !== null || horizon === undefined || BigInt(Math.trunc(now)) < horizon);
    const records = isAborted(stored) ? [] : batch.records.filter((record) => keep(record));
    if (records.length === batch.records.length) return [{ ...stored, deleteHorizon: horizon }];
    return records.length === 0 ? [] : [{ ...rewrite(stored, batch, records), deleteHorizon: horizon }];
  });
  log.replaceStored([...compacted, ...rest]);
}

/** Undefined for what stays as it is: markers, and what Kafka took but nobody can read. */
function decode({ control, bytes }: StoredBatch): RecordBatch | undefined {
  if (control) return undefined;
  try {
    return decodeRecordBatch(bytes);
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

/** Where in the log the aborted transactions of each producer lie. */
function abortedRanges(log: PartitionLog): Map<bigint, { from: bigint; to: bigint }[]> {
  const ranges = new Map<bigint, { from: bigint; to: bigint }[]>();
  for (const { producerId, firstOffset, lastOffset } of log.abortedFrom(0n)) {
    const known = ranges.get(producerId) ?? [];
    ranges.set(producerId, [...known, { from: firstOffset, to: lastOffset }]);
  }
  return ranges;
}

/** The batch with fewer records: first and last offset, timestamps and producer are those it had. */
function rewrite(stored: StoredBatch, { header }: RecordBatch, records: readonly WireRecord[]): CompactedBatch {
  const latest = records.reduce(
    (max, { timestampDelta }) => (timestampDelta > max ? timestampDelta : max),
    records[0]?.timestampDelta ?? 0n,
  );
  const maxTimestamp = header.logAppendTime ? header.maxTimestamp : header.baseTimestamp + latest;
  const bytes = encodeRecordBatch({
    records,
    baseOffset: stored.baseOffset,
    partitionLeaderEpoch: header.partitionLeaderEpoch,
    compression: header.compression ?? "none",
    logAppendTime: header.logAppendTime,
    transactional: header.transactional,
    baseTimestamp: header.baseTimestamp,
    maxTimestamp,
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    lastOffsetDelta: header.lastOffsetDelta,
  });
  return { ...stored, bytes: new Uint8Array(bytes), maxTimestamp };
}

function hasTombstone({ records }: RecordBatch): boolean {
  return records.some(({ value }) => value === null);
}

/** A key as something that a map can look up. */
function text(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}
