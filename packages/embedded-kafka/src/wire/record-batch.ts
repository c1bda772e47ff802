import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type Compression, compress, compressions, decompress } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { WireError } from "./error.ts";

/** Bytes of a batch before its records (magic 2). */
export const BATCH_HEADER_BYTES = 61;
/** Bytes before the part that `batchLength` counts. */
export const BATCH_OVERHEAD_BYTES = 12;
/** Where in a batch the parts that a broker rewrites stand. */
export const batchOffsets = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

/** The fixed part of a record batch (protocol guide, "Record Batch"). */
export interface BatchHeader {
  readonly baseOffset: bigint;
  /** Bytes after this field. */
  readonly batchLength: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  /** CRC-32C of everything from `attributes` on. */
  readonly crc: number;
  readonly attributes: number;
  readonly compression: Compression | undefined;
  readonly logAppendTime: boolean;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
  /** The whole batch in bytes: `batchLength` + 12. */
  readonly sizeInBytes: number;
}

/** A header of a record; the value may be null, and a name may occur several times. */
export type WireHeader = readonly [name: string, value: Uint8Array | null];

/** One record of a batch. */
export interface WireRecord {
  readonly offsetDelta: number;
  /** Milliseconds after the batch's base timestamp. */
  readonly timestampDelta: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly WireHeader[];
}

/** A decoded batch. Keys and values are views of the (decompressed) input. */
export interface RecordBatch {
  readonly header: BatchHeader;
  readonly records: readonly WireRecord[];
}

/** Reads the header at `offset`. Throws `WireError` when fewer than 61 bytes are there. Validates nothing else. */
export function parseBatchHeader(bytes: Uint8Array, offset = 0): BatchHeader {
  const reader = new ByteReader(bytes, offset);
  const baseOffset = reader.int64();
  const batchLength = reader.int32();
  const partitionLeaderEpoch = reader.int32();
  const magic = reader.int8();
  const crc = reader.uint32();
  const attributes = reader.int16();
  return {
    baseOffset,
    batchLength,
    partitionLeaderEpoch,
    magic,
    crc,
    attributes,
    compression: compressions[attributes & 7],
    logAppendTime: (attributes & 8) !== 0,
    transactional: (attributes & 16) !== 0,
    control: (attributes & 32) !== 0,
    lastOffsetDelta: reader.int32(),
    baseTimestamp: reader.int64(),
    maxTimestamp: reader.int64(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    baseSequence: reader.int32(),
    recordCount: reader.int32(),
    sizeInBytes: batchLength + BATCH_OVERHEAD_BYTES,
  };
}

/** The checksum that the batch at `offset` should carry. */
export function batchCrc(bytes: Uint8Array, offset: number, sizeInBytes: number): number {
  return crc32c(bytes, offset + batchOffsets.attributes, offset + sizeInBytes);
}

/**
 * Decodes the batch at `offset`, records included, decompressing where needed. Does not check the CRC (`batchCrc`).
 * Throws `WireError` for anything that is not a well-formed magic 2 batch.
 */
export function decodeRecordBatch(bytes: Uint8Array, offset = 0): RecordBatch {
  const header = parseBatchHeader(bytes, offset);
  if (header.magic !== 2) throw new WireError("malformed", `magic ${header.magic}, want 2`, { offset: offset + 16 });
  if (header.sizeInBytes < BATCH_HEADER_BYTES || offset + header.sizeInBytes > bytes.length) {
    throw new WireError("truncated", `a batch of ${header.sizeInBytes} bytes in ${bytes.length - offset}`, { offset });
  }
  if (header.compression === undefined) {
    throw new WireError("compression", `unknown compression codec ${header.attributes & 7}`, { offset: offset + 21 });
  }
  const section = bytes.subarray(offset + BATCH_HEADER_BYTES, offset + header.sizeInBytes);
  const reader = new ByteReader(decompress(header.compression, section));
  // A record takes at least 7 bytes; a larger count is a lie and must not cost memory.
  if (header.recordCount < 0 || header.recordCount > reader.remaining) {
    throw new WireError("malformed", `${header.recordCount} records in ${reader.remaining} bytes`, {
      offset: offset + 57,
    });
  }
  const records: WireRecord[] = [];
  for (let i = 0; i < header.recordCount; i++) records.push(readRecord(reader));
  if (reader.remaining > 0) {
    throw new WireError("malformed", `${reader.remaining} bytes after the last record`, { offset: reader.offset });
  }
  return { header, records };
}

/** RECORD => length VARINT, attributes INT8, timestampDelta VARLONG, offsetDelta VARINT, key, value, headers. */
function readRecord(reader: ByteReader): WireRecord {
  const length = reader.varint();
  const start = reader.take(length);
  const inner = new ByteReader(reader.bytes, start, start + length);
  inner.int8(); // attributes: unused
  const timestampDelta = inner.varlong();
  const offsetDelta = inner.varint();
  const key = readBytes(inner);
  const value = readBytes(inner);
  const count = inner.varint();
  if (count < 0 || count > inner.remaining) {
    throw new WireError("malformed", `${count} headers in ${inner.remaining} bytes`, { offset: inner.offset });
  }
  const headers: WireHeader[] = [];
  for (let i = 0; i < count; i++) {
    const name = inner.text(inner.varint());
    headers.push([name, readBytes(inner)]);
  }
  if (inner.remaining > 0)
    throw new WireError("malformed", "a record is longer than its parts", { offset: inner.offset });
  return { offsetDelta, timestampDelta, key, value, headers };
}

function readBytes(reader: ByteReader): Uint8Array | null {
  const length = reader.varint();
  return length < 0 ? null : reader.view(length);
}

/** What a new batch is made of; omitted parts are those of a plain producer. */
export interface RecordBatchInput {
  readonly records: readonly {
    readonly key?: Uint8Array | null;
    readonly value?: Uint8Array | null;
    readonly headers?: readonly WireHeader[];
    readonly timestampDelta?: bigint;
    /** Default: the index. */
    readonly offsetDelta?: number;
  }[];
  readonly baseOffset?: bigint;
  readonly partitionLeaderEpoch?: number;
  readonly compression?: Compression;
  readonly logAppendTime?: boolean;
  readonly transactional?: boolean;
  readonly control?: boolean;
  readonly baseTimestamp?: bigint;
  /** Default: base timestamp + the largest delta. */
  readonly maxTimestamp?: bigint;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  /** Default: of the last record. */
  readonly lastOffsetDelta?: number;
  /** Default: the number of records. */
  readonly recordCount?: number;
}

/** Encodes a magic 2 batch with its CRC. */
export function encodeRecordBatch(input: RecordBatchInput): Uint8Array {
  const body = new ByteWriter();
  let maxDelta = 0n;
  input.records.forEach((record, index) => {
    const inner = new ByteWriter(128);
    const delta = record.timestampDelta ?? 0n;
    if (delta > maxDelta) maxDelta = delta;
    inner.int8(0);
    inner.varlong(delta);
    inner.varint(record.offsetDelta ?? index);
    writeBytes(inner, record.key ?? null);
    writeBytes(inner, record.value ?? null);
    const headers = record.headers ?? [];
    inner.varint(headers.length);
    for (const [name, value] of headers) {
      inner.text(name, (length) => inner.varint(length));
      writeBytes(inner, value);
    }
    body.varint(inner.length);
    body.raw(inner.finish());
  });
  const compression = input.compression ?? "none";
  const section = compress(compression, body.finish());
  const baseTimestamp = input.baseTimestamp ?? 0n;
  const attributes =
    compressions.indexOf(compression) |
    (input.logAppendTime ? 8 : 0) |
    (input.transactional ? 16 : 0) |
    (input.control ? 32 : 0);
  const writer = new ByteWriter(BATCH_HEADER_BYTES + section.length);
  writer.int64(input.baseOffset ?? 0n);
  writer.int32(BATCH_HEADER_BYTES + section.length - BATCH_OVERHEAD_BYTES);
  writer.int32(input.partitionLeaderEpoch ?? -1);
  writer.int8(2);
  writer.int32(0); // the CRC, known when the rest is
  writer.int16(attributes);
  writer.int32(input.lastOffsetDelta ?? input.records.at(-1)?.offsetDelta ?? input.records.length - 1);
  writer.int64(baseTimestamp);
  writer.int64(input.maxTimestamp ?? baseTimestamp + maxDelta);
  writer.int64(input.producerId ?? -1n);
  writer.int16(input.producerEpoch ?? -1);
  writer.int32(input.baseSequence ?? -1);
  writer.int32(input.recordCount ?? input.records.length);
  writer.raw(section);
  const bytes = writer.finish();
  writer.patchUint32(batchOffsets.crc, batchCrc(bytes, 0, bytes.length));
  return writer.finish();
}

function writeBytes(writer: ByteWriter, bytes: Uint8Array | null): void {
  if (bytes === null) writer.varint(-1);
  else {
    writer.varint(bytes.length);
    writer.raw(bytes);
  }
}
