import type { Clock } from "@ondash/core";
import { systemClock } from "@ondash/core";
import { EmbeddedKafkaError } from "../error.ts";

/** How an embedded Kafka is to be. Everything has a default. */
export interface EmbeddedKafkaOptions {
  /** How many nodes, 1 to 100; their ids are 0 to `nodes − 1`. Default 1. */
  readonly nodes?: number;
  /** Node i listens on `port + i`. Default: free ports. */
  readonly port?: number;
  /** The address to listen on and to tell clients. Default `127.0.0.1`. */
  readonly host?: string;
  /** `num.partitions`: of topics that are made without a number. Default 1. */
  readonly partitions?: number;
  /** `default.replication.factor`: of topics that are made without one. Default 1. */
  readonly replicationFactor?: number;
  /** `auto.create.topics.enable`: a client that asks for a topic gets it made. Default true, as in Kafka. */
  readonly autoCreateTopics?: boolean;
  /** Gives the time of day and every timer. Default: the machine's. */
  readonly clock?: Clock;
  /** Decides every id and every choice of the cluster. Default 42. */
  readonly seed?: number;
  /** `group.initial.rebalance.delay.ms`. Default 0 (Kafka: 3000). */
  readonly groupInitialRebalanceDelayMs?: number;
  /** `group.min.session.timeout.ms`. Default 6000, as in Kafka. */
  readonly groupMinSessionTimeoutMs?: number;
  /** `group.max.session.timeout.ms`. Default 1800000, as in Kafka. */
  readonly groupMaxSessionTimeoutMs?: number;
  /** `group.max.size`: members of a group. Default 2147483647, as in Kafka. */
  readonly groupMaxSize?: number;
  /** `transaction.max.timeout.ms`. Default 900000, as in Kafka. */
  readonly transactionMaxTimeoutMs?: number;
  /**
   * How long after EndTxn was answered the markers of the transaction are written, at most; the seed decides how long.
   * Until then the next request of the producer gets CONCURRENT_TRANSACTIONS, as a real cluster under load does.
   * Default 0: at once.
   */
  readonly transactionMarkerDelayMs?: number;
  /** `socket.request.max.bytes`: a larger request ends its connection. Default 104857600, as in Kafka. */
  readonly maxRequestBytes?: number;
}

/** The options with their defaults. */
export type Settings = Required<Omit<EmbeddedKafkaOptions, "port">> & { readonly port: number | undefined };

/** Fills in the defaults. Throws an `EmbeddedKafkaError` of code `argument` for what is out of range. */
export function resolveSettings(options: EmbeddedKafkaOptions): Settings {
  const nodes = integer("nodes", options.nodes ?? 1, 1, 100);
  const port = options.port === undefined ? undefined : integer("port", options.port, 1, 65_535 - (nodes - 1));
  return {
    nodes,
    port,
    host: options.host ?? "127.0.0.1",
    partitions: integer("partitions", options.partitions ?? 1, 1, 10_000),
    replicationFactor: integer("replicationFactor", options.replicationFactor ?? 1, 1, nodes),
    autoCreateTopics: options.autoCreateTopics ?? true,
    clock: options.clock ?? systemClock,
    seed: integer("seed", options.seed ?? 42, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    groupInitialRebalanceDelayMs: duration("groupInitialRebalanceDelayMs", options.groupInitialRebalanceDelayMs ?? 0),
    groupMinSessionTimeoutMs: duration("groupMinSessionTimeoutMs", options.groupMinSessionTimeoutMs ?? 6_000),
    groupMaxSessionTimeoutMs: duration("groupMaxSessionTimeoutMs", options.groupMaxSessionTimeoutMs ?? 1_800_000),
    groupMaxSize: integer("groupMaxSize", options.groupMaxSize ?? MAX_INT, 1, MAX_INT),
    transactionMaxTimeoutMs: integer("transactionMaxTimeoutMs", options.transactionMaxTimeoutMs ?? 900_000, 1, MAX_INT),
    transactionMarkerDelayMs: duration("transactionMarkerDelayMs", options.transactionMarkerDelayMs ?? 0),
    maxRequestBytes: integer("maxRequestBytes", options.maxRequestBytes ?? 104_857_600, 1, MAX_INT),
  };
}

const MAX_INT = 2_147_483_647;

function duration(name: string, value: number): number {
  return integer(name, value, 0, MAX_INT);
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new EmbeddedKafkaError("argument", `${name} must be an integer from ${min} to ${max}, but is ${value}`);
}
