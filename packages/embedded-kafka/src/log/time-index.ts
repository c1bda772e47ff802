import { parseBatchHeader } from "../wire/index.ts";
import type { PartitionLog } from "./partition-log.ts";
import { walkBatch } from "./record-walk.ts";
import type { StoredBatch } from "./stored-batch.ts";

/** A record found by its timestamp. */
export interface TimedRecord {
  readonly offset: bigint;
  readonly timestamp: bigint;
}

/** The first record at or after the log start whose timestamp is `time` or later. */
export function offsetForTime(log: PartitionLog, time: bigint): TimedRecord | undefined {
  for (const batch of log.stored()) {
    if (batch.maxTimestamp < time) continue;
    const found = records(batch).find(({ offset, timestamp }) => offset >= log.logStart && timestamp >= time);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first record that has the largest timestamp of all; it may be one that was deleted. */
export function offsetOfMaxTimestamp({ newest }: PartitionLog): TimedRecord | undefined {
  if (newest === undefined) return undefined;
  return records(newest).find(({ timestamp }) => timestamp === newest.maxTimestamp);
}

function records({ bytes, baseOffset }: StoredBatch): TimedRecord[] {
  const header = parseBatchHeader(bytes);
  return walkBatch(bytes, header).map(({ offsetDelta, timestampDelta }) => ({
    offset: baseOffset + BigInt(offsetDelta),
    timestamp: header.logAppendTime ? header.maxTimestamp : header.baseTimestamp + timestampDelta,
  }));
}
