import type { TransportErrorCode } from "../error.ts";

/** What a failed kafkajs call amounts to. */
export interface Failure {
  /** Whether asking again can help. */
  readonly retriable: boolean;
  /** What it is for the caller once it is final. */
  readonly code: TransportErrorCode;
  /** The protocol error's name (`NOT_LEADER_FOR_PARTITION`), if a broker answered with one. */
  readonly type: string | undefined;
  /** One line for people: `NOT_LEADER_FOR_PARTITION (This server is not the leader …)`. */
  readonly text: string;
}

const AUTH_TYPES: ReadonlySet<string> = new Set([
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
]);

/** Errors by which kafkajs says that it could not reach whom it wanted; a lock times out when a connect took too long. */
const UNREACHED_NAMES: ReadonlySet<string> = new Set([
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSRequestTimeoutError",
  "KafkaJSBrokerNotFound",
  "KafkaJSMetadataNotLoaded",
  "KafkaJSTopicMetadataNotLoaded",
  "KafkaJSLockTimeout",
  "KafkaJSNoBrokerAvailableError",
]);

/** Sorts what kafkajs threw. It wraps: only the innermost error says what happened. */
export function toFailure(thrown: unknown): Failure {
  const error = innermost(thrown);
  const type = "type" in error && typeof error.type === "string" ? error.type : undefined;
  const text = type === undefined ? error.message : `${type} (${error.message})`;
  const failure = (code: TransportErrorCode, retriable: boolean): Failure => ({ retriable, code, type, text });
  if (type !== undefined && AUTH_TYPES.has(type)) return failure("auth", false);
  if (error.name === "KafkaJSSASLAuthenticationError") return failure("auth", false);
  if (error.name === "KafkaJSNotImplemented") return failure("unreadable", false);
  if (UNREACHED_NAMES.has(error.name)) return failure("broker-lost", true);
  return failure("protocol", "retriable" in error && error.retriable === true);
}

function innermost(thrown: unknown): Error {
  let error = thrown instanceof Error ? thrown : new Error(String(thrown));
  for (let depth = 0; depth < 8; depth++) {
    const inner = nested(error);
    if (inner === undefined) return error;
    error = inner;
  }
  return error;
}

/** An aggregate's first error that is not merely "already there", or the cause. */
function nested(error: Error): Error | undefined {
  if ("errors" in error && Array.isArray(error.errors)) {
    const errors = error.errors.filter((entry): entry is Error => entry instanceof Error);
    return errors.find((entry) => !("type" in entry) || entry.type !== "TOPIC_ALREADY_EXISTS") ?? errors[0];
  }
  return error.cause instanceof Error && error.cause !== error ? error.cause : undefined;
}
