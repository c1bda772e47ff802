import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchCrc,
  batchOffsets,
  decodeRecordBatch,
  decodeResponse,
  errorName,
  isRetriable,
  parseBatchHeader,
  type WireHeader,
  type WireRecord,
} from "@ondash/embedded-kafka/wire";
import { TransportError } from "../error.ts";
import type { ByteSharing, FetchedBatch, FetchedPartition, FetchedRecord } from "./fetched.ts";

/** Versions of Fetch whose answers hold record batches and name topics: from Kafka 0.11 on, up to topic ids (v13). */
const OLDEST_VERSION = 4;

/**
 * Decodes an answer to Fetch, its record batches included.
 *
 * kafkajs could do so, but at several times the cost, and it gives less: the order of headers across names is lost, a
 * checksum is not compared, a batch that compaction has emptied is not seen, records with log append time have another.
 * @param body what follows the response header.
 * @throws TransportError `unreadable`, naming topic, partition and offset, for what is not a well-formed answer, and for
 *   message sets from before Kafka 0.11. An error of the broker's is thrown as kafkajs would: with `type` and
 *   `retriable`.
 */
export function decodeFetchAnswer(
  version: number,
  body: Uint8Array,
  sharing: ByteSharing = "copied",
): { readonly throttleMs: number; readonly partitions: readonly FetchedPartition[] } {
  if (version < OLDEST_VERSION) {
    const what = `the broker speaks Fetch up to version ${version}; expected ${OLDEST_VERSION} or more (Kafka 0.11)`;
    throw new TransportError("unreadable", what);
  }
  const answer = readable("an answer to Fetch", () => decodeResponse("Fetch", version, body));
  refuseError(answer.errorCode, "Fetch");
  const partitions = answer.responses.flatMap((response) =>
    response.partitions.map(({ partitionIndex, errorCode, records }): FetchedPartition => {
      const { topic } = response;
      const where = `${topic}/${partitionIndex}`;
      refuseError(errorCode, where);
      return {
        topic,
        partition: partitionIndex,
        batches: records === null ? [] : decodeBatches(records, where, sharing),
      };
    }),
  );
  return { throttleMs: answer.throttleTimeMs, partitions };
}

function refuseError(code: number, where: string): void {
  if (code === 0) return;
  throw Object.assign(new Error(where), { type: errorName(code), retriable: isRetriable(code) });
}

/** The last batch may be cut off by the limits of the request (KIP-74): it comes whole with the next one. */
function decodeBatches(bytes: Uint8Array, where: string, sharing: ByteSharing): readonly FetchedBatch[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batches: FetchedBatch[] = [];
  let start = 0;
  while (bytes.length - start > batchOffsets.magic) {
    // Where the offset and the magic stand is the same in all formats; the shortest of old ones are shorter than a header.
    const at = `${where} at offset ${view.getBigInt64(start)}`;
    if (view.getInt8(start + batchOffsets.magic) !== 2) {
      const what = `${at} is in a message format from before Kafka 0.11; expected record batches`;
      throw new TransportError("unreadable", what);
    }
    if (bytes.length - start < BATCH_HEADER_BYTES) break;
    const header = parseBatchHeader(bytes, start);
    const size = header.sizeInBytes;
    if (size < BATCH_HEADER_BYTES) throw new TransportError("unreadable", `${at}: a record batch of ${size} bytes`);
    if (start + size > bytes.length) break;
    if (batchCrc(bytes, start, size) !== header.crc) {
      throw new TransportError("unreadable", `${at}: the record batch does not have the CRC-32C that it names`);
    }
    batches.push(toBatch(header, bytes.subarray(start, start + size), sharing, at));
    start += size;
  }
  return batches;
}

function toBatch(header: BatchHeader, bytes: Uint8Array, sharing: ByteSharing, where: string): FetchedBatch {
  const { control, lastOffsetDelta, transactional } = header;
  const first = toInteger(header.baseOffset, where);
  return {
    lastOffset: first + lastOffsetDelta,
    leaderEpoch: header.partitionLeaderEpoch,
    transaction: control || transactional ? String(header.producerId) : undefined,
    records() {
      const timestampOf = timestamps(header, where);
      return readable(where, () => decodeRecordBatch(bytes)).records.map((record): FetchedRecord => {
        const { key, value, headers } = sharing === "shared" ? record : copied(record);
        return {
          offset: first + record.offsetDelta,
          timestamp: timestampOf(record),
          key,
          headers,
          value,
          control: control ? markerOf(key) : undefined,
        };
      });
    },
  };
}

/** With log append time all records have the batch's (KIP-32). */
function timestamps(
  { baseTimestamp, logAppendTime, maxTimestamp }: BatchHeader,
  where: string,
): (record: WireRecord) => number {
  const what = `${where}: the timestamp of a record`;
  const common = logAppendTime ? toInteger(maxTimestamp, what) : undefined;
  return ({ timestampDelta }) => common ?? toInteger(baseTimestamp + timestampDelta, what);
}

/** Key of a control record: version int16, type int16 (KIP-98). */
function markerOf(key: Uint8Array | null): "commit" | "abort" | "other" {
  const type = key === null || key.length < 4 ? -1 : ((key[2] ?? 0) << 8) | (key[3] ?? 0);
  return type === 0 ? "abort" : type === 1 ? "commit" : "other";
}

/** The same with its bytes in one block that holds nothing else. */
function copied({ key, value, headers }: WireRecord): Pick<WireRecord, "key" | "value" | "headers"> {
  let size = (key?.length ?? 0) + (value?.length ?? 0);
  for (const [, content] of headers) size += content?.length ?? 0;
  const block = new Uint8Array(size);
  let end = 0;
  const put = (bytes: Uint8Array | null): Uint8Array | null => {
    if (bytes === null) return null;
    block.set(bytes, end);
    end += bytes.length;
    return block.subarray(end - bytes.length, end);
  };
  return {
    key: put(key),
    value: put(value),
    headers: headers.map(([name, content]): WireHeader => [name, put(content)]),
  };
}

function toInteger(value: bigint, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new TransportError("unreadable", `${what}: ${value} is beyond 2⁵³−1`);
  }
  return number;
}

function readable<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new TransportError("unreadable", `${what} can't be decoded: ${(cause as Error).message}`, { cause });
  }
}
