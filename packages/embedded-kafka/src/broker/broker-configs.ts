import type { ConfigType } from "../topics/config-table.ts";
import type { NodeAddress } from "./cluster.ts";
import type { Settings } from "./settings.ts";

/** A setting of a node as DescribeConfigs tells it. */
export interface BrokerConfig {
  readonly name: string;
  readonly type: ConfigType;
  readonly value: string;
  /** It was set when the cluster was made, to something else than Kafka's default. */
  readonly isSet: boolean;
}

/** The settings of a node that this broker keeps to, under Kafka's names. All are read-only. */
export function brokerConfigs(settings: Settings, node: NodeAddress): BrokerConfig[] {
  const listener = `PLAINTEXT://${node.host}:${node.port}`;
  return [
    set("advertised.listeners", "list", listener),
    set("auto.create.topics.enable", "boolean", settings.autoCreateTopics, true),
    set("default.replication.factor", "int", settings.replicationFactor, 1),
    kept("delete.topic.enable", "boolean", true),
    kept("fetch.max.bytes", "int", 57_671_680),
    set("group.initial.rebalance.delay.ms", "int", settings.groupInitialRebalanceDelayMs, 3_000),
    set("group.max.session.timeout.ms", "int", settings.groupMaxSessionTimeoutMs, 1_800_000),
    set("group.max.size", "int", settings.groupMaxSize, 2_147_483_647),
    set("group.min.session.timeout.ms", "int", settings.groupMinSessionTimeoutMs, 6_000),
    set("listeners", "list", listener),
    kept("log.cleanup.policy", "list", "delete"),
    kept("log.message.timestamp.after.max.ms", "long", 3_600_000),
    kept("log.message.timestamp.before.max.ms", "long", "9223372036854775807"),
    kept("log.message.timestamp.type", "string", "CreateTime"),
    kept("log.retention.bytes", "long", -1),
    kept("log.retention.hours", "int", 168),
    kept("message.max.bytes", "int", 1_048_588),
    kept("min.insync.replicas", "int", 1),
    set("node.id", "int", node.id),
    set("num.partitions", "int", settings.partitions, 1),
    kept("offset.metadata.max.bytes", "int", 4_096),
    kept("offsets.topic.num.partitions", "int", 50),
    set("socket.request.max.bytes", "int", settings.maxRequestBytes, 104_857_600),
    set("transaction.max.timeout.ms", "int", settings.transactionMaxTimeoutMs, 900_000),
    kept("transaction.partition.verification.enable", "boolean", true),
    kept("transaction.state.log.num.partitions", "int", 50),
  ];
}

type Value = string | number | boolean;

function set(name: string, type: ConfigType, value: Value, standard?: Value): BrokerConfig {
  return { name, type, value: String(value), isSet: value !== standard };
}

function kept(name: string, type: ConfigType, value: Value): BrokerConfig {
  return { name, type, value: String(value), isSet: false };
}
