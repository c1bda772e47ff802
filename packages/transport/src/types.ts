import type { BrokerKind, Observation, RecordObservation, TopicOffsets } from "@ondash/contract";
import type { Deadline } from "@ondash/core";
import type { RecordSink } from "@ondash/schemas";

/** How to reach brokers that need TLS or SASL; from a `--kafka-config` file. Never printed. */
export interface KafkaSecurity {
  readonly tls:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
        readonly passphrase: string | undefined;
        readonly rejectUnauthorized: boolean;
        readonly checkHostname: boolean;
      }
    | undefined;
  readonly sasl:
    | {
        readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

/** A broker that accepts connections. Disposing it ends what was started for it (nothing for `external`). */
export interface Broker extends AsyncDisposable {
  readonly kind: BrokerKind;
  /** `host:port` each. */
  readonly bootstrap: readonly string[];
  readonly security: KafkaSecurity | undefined;
  /** For people: `embedded Kafka at 127.0.0.1:40123`. */
  readonly description: string;
  /** Whether topics may be created without being told so: true but for `external`. */
  readonly ownsTopics: boolean;
  /** Whether other runs may use it at the same time: ids are then salted. */
  readonly shared: boolean;
}

/** One way of having a broker. Three implementations, one law suite. */
export interface BrokerProvider {
  readonly kind: BrokerKind;
  /** @throws TransportError when there is none to be had; the message says what to do. */
  start(deadline: Deadline): Promise<Broker>;
}

/** A connection to a broker: topics, one producer, one collector. Disposing it closes all of them. */
export interface KafkaSession extends AsyncDisposable {
  /**
   * Makes sure that the topics exist. With `create` missing ones are created with `partitions` partitions; without,
   * a missing one is a TransportError that names it and the way out.
   * @returns the partition count of each topic as it really is.
   */
  ensureTopics(
    topics: readonly string[],
    options: { readonly partitions: number; readonly create: boolean },
  ): Promise<Readonly<Record<string, number>>>;
  /** An idempotent producer (acks=all). */
  openSink(): Promise<RecordSink & AsyncDisposable>;
  /** Reads the topics from their present ends on. Resolved = ready: start offsets are known, nothing sent now is missed. */
  openCollector(topics: readonly string[], options?: CollectorOptions): Promise<Collector>;
}

export interface CollectorOptions {
  /** Where to start instead of the present ends: recorded offsets, or the first ones that the log still has. */
  readonly start?: TopicOffsets | "beginning";
  /** Called with each observation in order, from the moment `openCollector` is called: `record`, `skip`, `gap`. */
  readonly onObservation: (observation: Observation) => void;
  /**
   * Whether the fate of a record in an open transaction matters to the observer. What does not is observed at once as an
   * offset without a record (`skip`, `control`), so that nothing behind it waits for a transaction that is none of its
   * business and may stay open for minutes. Must give the same answer each time. Default: all matter, and each record is
   * held until its transaction's marker.
   */
  readonly concerns?: (record: RecordObservation) => boolean;
  /**
   * Whether records are observed without copying their bytes: key, value and header values are then views of a whole
   * answer (megabytes), for an observer that keeps none of them. Default: false, each record's bytes in a block of their own.
   */
  readonly sharedBytes?: boolean;
}

/** Reads topics at offsets of its own: no group, no join, no wait. */
export interface Collector extends AsyncDisposable {
  /** First offset observed per partition. */
  readonly start: TopicOffsets;
  /** Next offset to be observed per partition: control and aborted records counted. */
  readonly positions: TopicOffsets;
  /**
   * High watermarks (READ_UNCOMMITTED) of all partitions of all its topics, asked now. Partitions that were added since the
   * start are among them, and observed from their first offset on.
   */
  ends(): Promise<TopicOffsets>;
  /** Resolves when the positions have reached `ends`; rejects when the collector has failed. */
  reached(ends: TopicOffsets): Promise<void>;
  /** What is still missing to `ends`, for a deadline's message: `ondash.llm.text/3 at 17 of 19`. */
  missing(ends: TopicOffsets): string;
  /** Rejects when the collector can't go on (broker gone, offsets out of range); never resolves before disposal. */
  readonly failed: Promise<never>;
}
