/** The types of configuration values, with the numbers of DescribeConfigs. */
export type ConfigType = "boolean" | "string" | "int" | "short" | "long" | "double" | "list";

/** A setting: its default and what it takes. */
export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  readonly default: string;
  /** The broker setting that gives the default (`log.retention.bytes`), shown as a synonym. */
  readonly brokerSetting?: string;
  /** The values allowed; for a list, of each element. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

const MAX_LONG = "9223372036854775807";

/**
 * The settings of a topic, as Apache Kafka 4.3 knows them (`LogConfig`), in alphabetical order. Those that change what
 * this broker does: cleanup.policy, compression.type, delete.retention.ms, max.message.bytes, message.timestamp.*,
 * min.insync.replicas, retention.bytes and retention.ms. The others are kept, checked and described.
 */
export const TOPIC_CONFIGS: readonly ConfigDefinition[] = [
  {
    name: "cleanup.policy",
    type: "list",
    default: "delete",
    brokerSetting: "log.cleanup.policy",
    values: ["compact", "delete"],
  },
  {
    name: "compression.gzip.level",
    type: "int",
    default: "-1",
    brokerSetting: "compression.gzip.level",
    min: -1,
    max: 9,
  },
  { name: "compression.lz4.level", type: "int", default: "9", brokerSetting: "compression.lz4.level", min: 1, max: 17 },
  {
    name: "compression.type",
    type: "string",
    default: "producer",
    brokerSetting: "compression.type",
    values: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
  },
  {
    name: "compression.zstd.level",
    type: "int",
    default: "3",
    brokerSetting: "compression.zstd.level",
    min: -131_072,
    max: 22,
  },
  {
    name: "delete.retention.ms",
    type: "long",
    default: "86400000",
    brokerSetting: "log.cleaner.delete.retention.ms",
    min: 0,
  },
  {
    name: "file.delete.delay.ms",
    type: "long",
    default: "60000",
    brokerSetting: "log.segment.delete.delay.ms",
    min: 0,
  },
  { name: "flush.messages", type: "long", default: MAX_LONG, brokerSetting: "log.flush.interval.messages", min: 1 },
  { name: "flush.ms", type: "long", default: MAX_LONG, min: 0 },
  { name: "follower.replication.throttled.replicas", type: "list", default: "" },
  { name: "index.interval.bytes", type: "int", default: "4096", brokerSetting: "log.index.interval.bytes", min: 0 },
  { name: "leader.replication.throttled.replicas", type: "list", default: "" },
  { name: "local.retention.bytes", type: "long", default: "-2", brokerSetting: "log.local.retention.bytes", min: -2 },
  { name: "local.retention.ms", type: "long", default: "-2", brokerSetting: "log.local.retention.ms", min: -2 },
  {
    name: "max.compaction.lag.ms",
    type: "long",
    default: MAX_LONG,
    brokerSetting: "log.cleaner.max.compaction.lag.ms",
    min: 1,
  },
  { name: "max.message.bytes", type: "int", default: "1048588", brokerSetting: "message.max.bytes", min: 0 },
  {
    name: "message.timestamp.after.max.ms",
    type: "long",
    default: "3600000",
    brokerSetting: "log.message.timestamp.after.max.ms",
    min: 0,
  },
  {
    name: "message.timestamp.before.max.ms",
    type: "long",
    default: MAX_LONG,
    brokerSetting: "log.message.timestamp.before.max.ms",
    min: 0,
  },
  {
    name: "message.timestamp.type",
    type: "string",
    default: "CreateTime",
    brokerSetting: "log.message.timestamp.type",
    values: ["CreateTime", "LogAppendTime"],
  },
  {
    name: "min.cleanable.dirty.ratio",
    type: "double",
    default: "0.5",
    brokerSetting: "log.cleaner.min.cleanable.ratio",
    min: 0,
    max: 1,
  },
  {
    name: "min.compaction.lag.ms",
    type: "long",
    default: "0",
    brokerSetting: "log.cleaner.min.compaction.lag.ms",
    min: 0,
  },
  { name: "min.insync.replicas", type: "int", default: "1", brokerSetting: "min.insync.replicas", min: 1 },
  { name: "preallocate", type: "boolean", default: "false", brokerSetting: "log.preallocate" },
  { name: "remote.log.copy.disable", type: "boolean", default: "false" },
  { name: "remote.log.delete.on.disable", type: "boolean", default: "false" },
  { name: "remote.storage.enable", type: "boolean", default: "false" },
  { name: "retention.bytes", type: "long", default: "-1", brokerSetting: "log.retention.bytes" },
  { name: "retention.ms", type: "long", default: "604800000", min: -1 },
  { name: "segment.bytes", type: "int", default: "1073741824", brokerSetting: "log.segment.bytes", min: 1_048_576 },
  { name: "segment.index.bytes", type: "int", default: "10485760", brokerSetting: "log.index.size.max.bytes", min: 4 },
  { name: "segment.jitter.ms", type: "long", default: "0", min: 0 },
  { name: "segment.ms", type: "long", default: "604800000", min: 1 },
  {
    name: "unclean.leader.election.enable",
    type: "boolean",
    default: "false",
    brokerSetting: "unclean.leader.election.enable",
  },
];

const BY_NAME: ReadonlyMap<string, ConfigDefinition> = new Map(TOPIC_CONFIGS.map((config) => [config.name, config]));

/** The definition of a topic setting. */
export function topicConfig(name: string): ConfigDefinition | undefined {
  return BY_NAME.get(name);
}

/** What DescribeConfigs calls the types. */
export const CONFIG_TYPE_CODES: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
};
