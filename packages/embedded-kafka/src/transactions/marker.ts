import type { PlaceableBatch } from "../log/partition-log.ts";
import { encodeRecordBatch } from "../wire/index.ts";

/**
 * The control batch that ends a transaction in a partition: one record, key `version INT16 0, type INT16` (0 abort,
 * 1 commit), value `version INT16 0, coordinatorEpoch INT32` (KIP-98).
 */
export function markerBatch(marker: {
  producerId: bigint;
  producerEpoch: number;
  commit: boolean;
  coordinatorEpoch: number;
  /** Milliseconds since the epoch. */
  now: number;
}): PlaceableBatch {
  const { producerId, producerEpoch, commit, coordinatorEpoch } = marker;
  const baseTimestamp = BigInt(Math.trunc(marker.now));
  const key = Uint8Array.of(0, 0, 0, commit ? 1 : 0);
  const value = Buffer.alloc(6);
  value.writeInt32BE(coordinatorEpoch, 2);
  const described = { producerId, producerEpoch, baseSequence: -1, transactional: true, control: true };
  return {
    ...described,
    recordCount: 1,
    maxTimestamp: baseTimestamp,
    place: (baseOffset, partitionLeaderEpoch) =>
      new Uint8Array(
        encodeRecordBatch({ ...described, baseOffset, partitionLeaderEpoch, baseTimestamp, records: [{ key, value }] }),
      ),
  };
}
