export type { Address } from "./addresses.ts";
export { parseAddresses } from "./addresses.ts";
export type { KafkaConfigSource } from "./config/kafka-config.ts";
export { parseKafkaConfig } from "./config/kafka-config.ts";
export { IGNORED_PROPERTIES, SECURITY_PROPERTIES } from "./config/known-properties.ts";
export type { EmbeddedOptions } from "./embedded.ts";
export { embeddedProvider } from "./embedded.ts";
export type { TransportErrorCode } from "./error.ts";
export { isTransportError, TransportError } from "./error.ts";
export type { ExternalOptions } from "./external.ts";
export { externalProvider } from "./external.ts";
export type { KafkaLogEntry } from "./kafkajs/client.ts";
export type { ConnectOptions } from "./session.ts";
export { connectKafka } from "./session.ts";
export type {
  Broker,
  BrokerProvider,
  Collector,
  CollectorOptions,
  KafkaSecurity,
  KafkaSession,
} from "./types.ts";
