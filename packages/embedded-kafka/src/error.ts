/**
 * What can go wrong for the owner of an embedded Kafka:
 * - `port-in-use`: a port asked for is taken; the message names it.
 * - `listen`: the operating system refuses to listen, for another reason; `cause` is its error.
 * - `argument`: an option or an argument is out of its range.
 * - `closed`: the cluster was asked for something after `close()`.
 * - `kafka`: the cluster refused, with the error that a client would have seen; `kafkaError` is its name.
 */
export type EmbeddedKafkaErrorCode = "port-in-use" | "listen" | "argument" | "closed" | "kafka";

/** Thrown by `@ondash/embedded-kafka`. The message begins with the code in brackets. */
export class EmbeddedKafkaError extends Error {
  override readonly name: string = "EmbeddedKafkaError";
  /** The brand by which `isEmbeddedKafkaError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/embedded-kafka";
  readonly code: EmbeddedKafkaErrorCode;
  /** The name of the Kafka error (`TOPIC_ALREADY_EXISTS`), where the code is `kafka`. */
  readonly kafkaError: string | undefined;
  constructor(code: EmbeddedKafkaErrorCode, message: string, options?: ErrorOptions & { kafkaError?: string }) {
    super(`[${code}] ${message}`, options);
    this.code = code;
    this.kafkaError = options?.kafkaError;
  }
}

/** Whether `value` is an `EmbeddedKafkaError`. */
export function isEmbeddedKafkaError(value: unknown): value is EmbeddedKafkaError {
  return value instanceof Error && (value as Partial<EmbeddedKafkaError>).source === "@ondash/embedded-kafka";
}
