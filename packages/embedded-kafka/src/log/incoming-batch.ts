import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchCrc,
  batchOffsets,
  type Compression,
  decodeRecordBatch,
  ErrorCode,
  encodeRecordBatch,
  parseBatchHeader,
} from "../wire/index.ts";
import type { PlaceableBatch } from "./partition-log.ts";
import { RecordFault, type WalkedRecord, walkBatch } from "./record-walk.ts";

/** A record that is refused, by its place in the batch. */
export interface RecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** Why a partition's records are refused. */
export interface BatchRefusal {
  readonly errorCode: number;
  readonly message: string | null;
  readonly recordErrors: readonly RecordError[];
}

/** What a topic's settings have to say about a batch. */
export interface BatchRules {
  /** `max.message.bytes` */
  readonly maxBytes: bigint;
  /** `cleanup.policy` has `compact`: records need a key. */
  readonly compacted: boolean;
  /** `message.timestamp.type` is LogAppendTime. */
  readonly logAppendTime: boolean;
  /** `compression.type`: that of the batch, or another one. */
  readonly compression: "producer" | Compression;
  /** `message.timestamp.before.max.ms` and `.after.max.ms` */
  readonly beforeMaxMs: bigint;
  readonly afterMaxMs: bigint;
  /** Milliseconds since the epoch. */
  readonly now: bigint;
  /** `topic-partition`, for messages. */
  readonly partition: string;
}

/** Bytes in front of what `batchLength` counts. */
const OVERHEAD = 12;
/** The smallest `batchLength` of any record format. */
const MIN_LENGTH = 14;
const ZSTD = 4;

/**
 * Finds the one batch in what a Produce request brings for a partition (Kafka's `ProduceRequest.validateRecords`): at
 * least one, of magic 2, exactly one, zstd only from version 7 on. Bytes at the end that are no whole batch are ignored.
 */
export function findBatch(records: Uint8Array | null, apiVersion: number): Uint8Array | BatchRefusal {
  const bytes = records ?? new Uint8Array();
  const first = batchAt(bytes, 0);
  if (first === undefined) return refuse(ErrorCode.INVALID_RECORD);
  if ("errorCode" in first) return first;
  const header = parseAttributes(first);
  if (header.magic !== 2) return refuse(ErrorCode.INVALID_RECORD);
  if (apiVersion < 7) {
    if (header.compression > ZSTD) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
    if (header.compression === ZSTD) return refuse(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
  }
  const second = batchAt(bytes, first.length);
  if (second === undefined) return first;
  return "errorCode" in second ? second : refuse(ErrorCode.INVALID_RECORD);
}

/**
 * Checks a batch as the log does before it appends (Kafka's `analyzeAndValidateRecords` and `LogValidator`), and gives
 * what can be appended. Nothing is changed in `bytes`.
 */
export function checkBatch(bytes: Uint8Array, rules: BatchRules): PlaceableBatch | BatchRefusal {
  if (bytes.length < BATCH_HEADER_BYTES) return refuse(ErrorCode.CORRUPT_MESSAGE);
  const header = parseBatchHeader(bytes);
  if (header.baseOffset !== 0n) return refuse(ErrorCode.INVALID_RECORD);
  if (BigInt(bytes.length) > rules.maxBytes) return refuse(ErrorCode.MESSAGE_TOO_LARGE);
  if (batchCrc(bytes, 0, bytes.length) !== header.crc) return refuse(ErrorCode.CORRUPT_MESSAGE);
  if (header.compression === undefined) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
  if (header.control || !hasSaneCounts(header)) return refuse(ErrorCode.INVALID_RECORD);
  let records: readonly WalkedRecord[];
  try {
    records = walkBatch(bytes, header);
  } catch (error) {
    const invalid = error instanceof RecordFault && error.kind === "invalid";
    return refuse(invalid ? ErrorCode.INVALID_RECORD : ErrorCode.UNKNOWN_SERVER_ERROR);
  }
  const keyless = rules.compacted
    ? recordErrors(
        records,
        ({ hasKey }) => hasKey,
        () => keylessMessage(rules),
      )
    : [];
  const late = rules.logAppendTime
    ? []
    : recordErrors(
        records,
        (record) => isInTime(header, record, rules),
        (record, index) => timeMessage(header, record, index, rules),
      );
  if (late.length > 0) {
    const message = "One or more records have been rejected due to invalid timestamp";
    return { errorCode: ErrorCode.INVALID_TIMESTAMP, message, recordErrors: [...keyless, ...late] };
  }
  if (keyless.length > 0) {
    return { errorCode: ErrorCode.INVALID_RECORD, message: summary(keyless), recordErrors: keyless };
  }
  if (rules.compression !== "producer" && rules.compression !== header.compression) {
    return recompressed(bytes, records, rules.compression, rules);
  }
  // Kafka would write such a batch anew, and fails over it.
  const renumbered = records.some(({ offsetDelta }, index) => offsetDelta !== index);
  if (renumbered && header.compression !== "none") return refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
  return placeable(bytes, header, records, rules);
}

/** The whole batch at `offset`; undefined when the rest is none; a refusal when its length or magic cannot be. */
function batchAt(bytes: Uint8Array, offset: number): Uint8Array | BatchRefusal | undefined {
  if (bytes.length - offset <= batchOffsets.magic) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const length = view.getInt32(batchOffsets.batchLength);
  if (length < MIN_LENGTH) {
    const message = `Record size ${length} is less than the minimum record overhead (${MIN_LENGTH})`;
    return { ...refuse(ErrorCode.CORRUPT_MESSAGE), message };
  }
  if (view.byteLength < length + OVERHEAD) return undefined;
  const magic = view.getInt8(batchOffsets.magic);
  if (magic < 0 || magic > 2) {
    return { ...refuse(ErrorCode.CORRUPT_MESSAGE), message: `Invalid magic found in record: ${magic}` };
  }
  return bytes.subarray(offset, offset + length + OVERHEAD);
}

function parseAttributes(batch: Uint8Array): { magic: number; compression: number } {
  const magic = batch[batchOffsets.magic] ?? 0;
  return { magic, compression: (batch[batchOffsets.attributes + 1] ?? 0) & 7 };
}

function hasSaneCounts({ recordCount, lastOffsetDelta, producerId, baseSequence }: BatchHeader): boolean {
  if (producerId >= 0n && baseSequence < 0) return false;
  return recordCount > 0 && lastOffsetDelta + 1 === recordCount;
}

function recordErrors(
  records: readonly WalkedRecord[],
  isGood: (record: WalkedRecord) => boolean,
  message: (record: WalkedRecord, index: number) => string,
): RecordError[] {
  return records.flatMap((record, batchIndex) =>
    isGood(record) ? [] : [{ batchIndex, batchIndexErrorMessage: message(record, batchIndex) }],
  );
}

function keylessMessage({ partition }: BatchRules): string {
  return `Compacted topic cannot accept message without key in topic partition ${partition}`;
}

function isInTime(header: BatchHeader, record: WalkedRecord, { now, beforeMaxMs, afterMaxMs }: BatchRules): boolean {
  const timestamp = header.baseTimestamp + record.timestampDelta;
  return timestamp === -1n || (timestamp >= now - beforeMaxMs && timestamp <= now + afterMaxMs);
}

function timeMessage(
  header: BatchHeader,
  record: WalkedRecord,
  index: number,
  { now, beforeMaxMs, afterMaxMs }: BatchRules,
): string {
  const timestamp = header.baseTimestamp + record.timestampDelta;
  return `Timestamp ${timestamp} of message with offset ${index} is out of range. The timestamp should be within [${now - beforeMaxMs}, ${now + afterMaxMs}]`;
}

function summary(errors: readonly RecordError[]): string {
  const shown = errors
    .slice(0, 3)
    .map(
      ({ batchIndex, batchIndexErrorMessage }) =>
        `RecordError(batchIndex=${batchIndex}, message='${batchIndexErrorMessage}')`,
    );
  return `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(", ")}]`;
}

/** The batch in the codec that the topic wants, its records numbered anew; it may have become too large. */
function recompressed(
  bytes: Uint8Array,
  walked: readonly WalkedRecord[],
  compression: Compression,
  rules: BatchRules,
): PlaceableBatch | BatchRefusal {
  const { header, records } = decodeRecordBatch(bytes);
  const rewritten = encodeRecordBatch({
    ...header,
    compression,
    partitionLeaderEpoch: -1,
    records: records.map(({ key, value, headers, timestampDelta }) => ({ key, value, headers, timestampDelta })),
  });
  if (BigInt(rewritten.length) > rules.maxBytes) return refuse(ErrorCode.MESSAGE_TOO_LARGE);
  return placeable(rewritten, parseBatchHeader(rewritten), walked, rules);
}

function placeable(
  bytes: Uint8Array,
  header: BatchHeader,
  records: readonly WalkedRecord[],
  rules: BatchRules,
): PlaceableBatch {
  let latest = -1n;
  for (const { timestampDelta } of records) {
    const timestamp = header.baseTimestamp + timestampDelta;
    if (timestamp > latest) latest = timestamp;
  }
  const maxTimestamp = rules.logAppendTime ? rules.now : latest;
  return {
    recordCount: header.recordCount,
    maxTimestamp,
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    transactional: header.transactional,
    control: false,
    place: (baseOffset, leaderEpoch) =>
      placeBatch(bytes, header, baseOffset, leaderEpoch, maxTimestamp, rules.logAppendTime),
  };
}

/** A copy with the offset and leader epoch of the log (outside of the checksum) and its timestamps (inside). */
function placeBatch(
  bytes: Uint8Array,
  header: BatchHeader,
  baseOffset: bigint,
  leaderEpoch: number,
  maxTimestamp: bigint,
  logAppendTime: boolean,
): Uint8Array {
  // Not `slice`: of a Buffer that would be a view, not a copy.
  const placed = new Uint8Array(bytes);
  const view = new DataView(placed.buffer);
  view.setBigInt64(batchOffsets.baseOffset, baseOffset);
  view.setInt32(batchOffsets.partitionLeaderEpoch, leaderEpoch);
  if (header.maxTimestamp !== maxTimestamp || header.logAppendTime !== logAppendTime) {
    const attributes = (header.attributes & ~LOG_APPEND_TIME) | (logAppendTime ? LOG_APPEND_TIME : 0);
    view.setInt16(batchOffsets.attributes, attributes);
    view.setBigInt64(batchOffsets.maxTimestamp, maxTimestamp);
    view.setUint32(batchOffsets.crc, batchCrc(placed, 0, placed.length));
  }
  return placed;
}

const LOG_APPEND_TIME = 8;

function refuse(errorCode: number): BatchRefusal {
  return { errorCode, message: null, recordErrors: [] };
}
