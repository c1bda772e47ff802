import { BATCH_HEADER_BYTES, type BatchHeader, ByteReader, decompress } from "../wire/index.ts";

/** What the broker looks at in a record. */
export interface WalkedRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: bigint;
  readonly hasKey: boolean;
}

/**
 * A records section that Kafka refuses: as the fault of the client (`invalid`, INVALID_RECORD), or by stumbling over it
 * (`unknown`, UNKNOWN_SERVER_ERROR).
 */
export class RecordFault extends Error {
  readonly kind: "invalid" | "unknown";
  constructor(kind: "invalid" | "unknown", message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * Goes through the records of a batch as Kafka's validation does, which is neither strict nor uniform: in a compressed
 * batch the declared size of a record is not compared with what is in it, and the size of the first record being no
 * number is a server error only in a plain batch. Throws `RecordFault`.
 */
export function walkRecords(section: Uint8Array, count: number, compressed: boolean): WalkedRecord[] {
  const reader = new ByteReader(section);
  const records: WalkedRecord[] = [];
  for (let index = 0; index < count; index++) {
    if (reader.remaining === 0)
      throw new RecordFault("invalid", "Incorrect declared batch size, premature EOF reached");
    records.push(walkRecord(reader, compressed));
  }
  if (reader.remaining > 0) {
    throw new RecordFault("invalid", "Incorrect declared batch size, records still remaining in file");
  }
  return records;
}

/** The records of a whole batch, decompressed if need be. Throws `RecordFault`. */
export function walkBatch(batch: Uint8Array, { compression, recordCount }: BatchHeader): WalkedRecord[] {
  if (compression === undefined) throw new RecordFault("unknown", "Unknown compression type");
  const section = attempt(() => decompress(compression, batch.subarray(BATCH_HEADER_BYTES)), "unknown");
  return walkRecords(section, recordCount, compression !== "none");
}

function walkRecord(reader: ByteReader, compressed: boolean): WalkedRecord {
  const size = attempt(() => reader.varint(), compressed ? "invalid" : "unknown");
  if (!compressed && (size < 0 || size > reader.remaining)) {
    const message = `Invalid record size: expected ${size} bytes in record payload, but instead the buffer has only ${reader.remaining} remaining bytes.`;
    throw new RecordFault("invalid", message);
  }
  const start = reader.offset;
  return attempt(() => {
    reader.int8(); // attributes: unused
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    const hasKey = skip(reader) >= 0;
    skip(reader);
    const headers = reader.varint();
    if (headers < 0) throw new RecordFault("invalid", `Found invalid number of record headers ${headers}`);
    for (let index = 0; index < headers; index++) {
      const name = skip(reader);
      if (name < 0) throw new RecordFault("invalid", `Invalid negative header key size ${name}`);
      skip(reader);
    }
    const read = reader.offset - start;
    if (!compressed && read !== size) {
      const message = `Invalid record size: expected to read ${size} bytes in record payload, but instead read ${read}`;
      throw new RecordFault("invalid", message);
    }
    return { timestampDelta, offsetDelta, hasKey };
  }, "invalid");
}

/** Skips bytes with their length in front, and gives the length; a negative one means null. */
function skip(reader: ByteReader): number {
  const length = reader.varint();
  if (length > 0) reader.take(length);
  return length;
}

function attempt<T>(read: () => T, kind: "invalid" | "unknown"): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RecordFault) throw cause;
    throw new RecordFault(kind, "Found invalid record structure", { cause });
  }
}
