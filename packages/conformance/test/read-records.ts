import { decodeRecordBatch, parseBatchHeader, type RecordBatch } from "@ondash/embedded-kafka/wire";

const utf8 = new TextDecoder();

/** The whole batches of a record set; Kafka may cut the last one short. */
export function batchesOf(records: Uint8Array): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let offset = 0; offset + 61 <= records.length; ) {
    const { sizeInBytes } = parseBatchHeader(records, offset);
    if (offset + sizeInBytes > records.length) break;
    batches.push(decodeRecordBatch(records, offset));
    offset += sizeInBytes;
  }
  return batches;
}

/** `offset:value` of each record, control batches as `offset:control`. */
export function valuesOf(records: Uint8Array): readonly string[] {
  return batchesOf(records).flatMap(({ header, records: list }) =>
    list.map(({ offsetDelta, value }) => {
      const offset = Number(header.baseOffset) + offsetDelta;
      return `${offset}:${header.control ? "control" : value === null ? "null" : utf8.decode(value)}`;
    }),
  );
}
