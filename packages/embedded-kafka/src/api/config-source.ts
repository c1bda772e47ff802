import type { ConfigDefinition } from "../topics/config-table.ts";
import type { ConfigOverrides } from "../topics/topic-configs.ts";

/** Where a setting's value comes from, with the numbers of DescribeConfigs. */
export const ConfigSource = {
  DYNAMIC_TOPIC: 1,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
} as const;

/** Where a topic's value comes from: its own, the cluster's, or the built-in default. */
export function topicConfigSource(overrides: ConfigOverrides, { name }: ConfigDefinition): number {
  if (overrides.has(name)) return ConfigSource.DYNAMIC_TOPIC;
  // Kafka 4.1 and later writes this one into the cluster's settings when it is formatted.
  return name === "min.insync.replicas" ? ConfigSource.DYNAMIC_DEFAULT_BROKER : ConfigSource.DEFAULT;
}

/** What a configuration belongs to, with the numbers of the protocol. */
export const ResourceType = {
  TOPIC: 2,
  BROKER: 4,
} as const;
