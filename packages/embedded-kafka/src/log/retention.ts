import type { PartitionLog } from "./partition-log.ts";

/**
 * Deletes what a log need not keep, oldest batches first, as Kafka does with the segments of a topic whose cleanup
 * policy has `delete` (here each batch is a segment of its own, and the last one stays).
 * @param limits `bytes`: `retention.bytes`, −1 for all. `ms`: `retention.ms`, −1 for ever. `now`: milliseconds since
 * the epoch.
 */
export function applyRetention(log: PartitionLog, limits: { bytes: bigint; ms: bigint; now: number }): void {
  const { bytes, ms, now } = limits;
  let size = BigInt(log.size);
  let start = log.logStart;
  for (const batch of log.stored().slice(0, -1)) {
    const length = BigInt(batch.bytes.length);
    const tooOld = ms >= 0n && batch.maxTimestamp >= 0n && BigInt(Math.trunc(now)) - batch.maxTimestamp > ms;
    const tooMuch = bytes >= 0n && size - length >= bytes;
    if (!tooOld && !tooMuch) break;
    size -= length;
    start = batch.lastOffset + 1n;
  }
  log.deleteBefore(start);
}
