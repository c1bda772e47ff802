export type { EmbeddedKafkaOptions } from "./broker/settings.ts";
export type { CreateTopicOptions, EmbeddedKafka } from "./embedded-kafka.ts";
export { startEmbeddedKafka } from "./embedded-kafka.ts";
export type { EmbeddedKafkaErrorCode } from "./error.ts";
export { EmbeddedKafkaError, isEmbeddedKafkaError } from "./error.ts";
