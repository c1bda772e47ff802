import type { RecordHeader } from "@ondash/schemas";

/** Offsets per partition of each topic, index = partition. */
export type TopicOffsets = Readonly<Record<string, readonly number[]>>;

/**
 * Everything the monitor may learn, live or from a recording: one line of a recording each. The monitor decodes the
 * records itself, so that a live run and its recording can't be judged by different eyes.
 */
export type Observation =
  | StartObservation
  | RecordObservation
  | SkipObservation
  | GapObservation
  | BarrierAskedObservation
  | BarrierGrantedObservation
  | PlanObservation
  | AcknowledgedObservation
  | RejectedObservation
  | IndefiniteObservation
  | MessageObservation
  | EndObservation;

/** The first observation: which topics are watched, and from where. */
export interface StartObservation {
  readonly kind: "start";
  /** Partitions of each of the five topics, as the run means them to be. */
  readonly partitions: number;
  /** First offset observed per partition; undefined: each partition starts at its first record. */
  readonly start: TopicOffsets | undefined;
}

/** A record that the collector read. */
export interface RecordObservation {
  readonly kind: "record";
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The Kafka timestamp in milliseconds; -1 when the record has none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** null: a tombstone. */
  readonly value: Uint8Array | null;
  readonly leaderEpoch?: number;
}

/** Offsets that hold no application record: control batches, aborted transactions. Inclusive. */
export interface SkipObservation {
  readonly kind: "skip";
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly why: "control" | "aborted";
}

/** Offsets the collector knows it could not read. Inclusive. */
export interface GapObservation {
  readonly kind: "gap";
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** End offsets have been asked for. Barrier `id` covers the turns whose end was observed before this. */
export interface BarrierAskedObservation {
  readonly kind: "asked";
  readonly id: number;
}

/** The end offsets (high watermarks, READ_UNCOMMITTED) that barrier `id` was answered with. Reached when positions are. */
export interface BarrierGrantedObservation {
  readonly kind: "barrier";
  readonly id: number;
  readonly ends: TopicOffsets;
}

/** Ledger: an event that was to be sent. */
export interface PlanObservation {
  readonly kind: "plan";
  readonly eventId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly topic: string;
}

/** Ledger: a send that the broker acknowledged. */
export interface AcknowledgedObservation {
  readonly kind: "ack";
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Ledger: a send that the broker definitely refused. */
export interface RejectedObservation {
  readonly kind: "rejected";
  readonly eventId: string;
  readonly topic: string;
  readonly error: string;
}

/** Ledger: a send of which nobody knows whether it was applied. */
export interface IndefiniteObservation {
  readonly kind: "indefinite";
  readonly eventId: string;
  readonly topic: string;
}

/** A stored message, for the MSG rules. */
export interface MessageObservation {
  readonly kind: "message";
  /** The schema version's name as given ("chat.v1"). */
  readonly schema: string;
  /** ProtoJSON of `Message`. */
  readonly message: unknown;
}

/** The proper end of a run. */
export interface EndObservation {
  readonly kind: "end";
  readonly ends: TopicOffsets;
  /** Whether the producers are known to send nothing more: only then is a turn without an end TRUNCATED. */
  readonly producersDone: boolean;
}
