/** A header of a Kafka record. The same name may occur several times; the order within one name is kept. */
export type RecordHeader = readonly [name: string, value: Uint8Array | null];

/** What is to be written to Kafka: one record, its partition chosen by the sender (see `partitionOf`). */
export interface OutgoingRecord {
  readonly topic: string;
  /** 0-based. Explicit, because partitioning is part of the record contract. */
  readonly partition: number;
  /** UTF-8 bytes of the conversation_id; null only in a record that is wrong on purpose. */
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** A bare protobuf `EventEnvelope`; null is a tombstone (wrong on purpose). */
  readonly value: Uint8Array | null;
}

/** What became of one send. */
export type SendOutcome =
  /** The broker confirmed it (acks=all) at this offset. */
  | { readonly status: "acknowledged"; readonly partition: number; readonly offset: number }
  /** The broker definitely refused it: a single attempt, answered with an error that is not retriable. */
  | { readonly status: "rejected"; readonly error: string }
  /** Nobody knows: no answer came, the attempt timed out, or it was retried and then failed. */
  | { readonly status: "indefinite"; readonly error: string };

/** Where an emitter writes records: Kafka through `@ondash/transport`, an array in tests. */
export interface RecordSink {
  /**
   * Sends one record and resolves with what became of it. Calls may overlap; only the order of sends to one
   * (topic, partition) whose predecessor was awaited is kept. Rejects only when the sink itself is unusable (broker
   * unreachable, closed, `signal` aborted).
   */
  send(record: OutgoingRecord, signal?: AbortSignal): Promise<SendOutcome>;
}
