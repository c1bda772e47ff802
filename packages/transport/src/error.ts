/**
 * What can go wrong in `@ondash/transport`. All of it is infrastructure or misuse, never a verdict.
 *
 * | code | when |
 * | --- | --- |
 * | unreachable | nothing accepted a connection at the given addresses, or it does not speak Kafka |
 * | broker-lost | a broker that had answered does not any more |
 * | auth | TLS or SASL failed, or the broker forbids what was asked |
 * | topic-missing | a topic does not exist and must not be created |
 * | topic-failed | the broker refused to create a topic |
 * | docker-missing | `containerProvider` and no container runtime answers |
 * | container-failed | the container did not start |
 * | port-in-use | the embedded broker's port is taken |
 * | deadline | the time is over; the message says what was still missing |
 * | out-of-range | the log does not hold the offset at which the collector has to go on |
 * | unreadable | a record set that can't be decoded (message format before 0.11, unknown compression) |
 * | protocol | a broker answered with an error that trying again won't heal |
 * | kafkajs | kafkajs does not have the shape that this package relies on |
 * | config | a `--kafka-config` file or a broker address is malformed |
 * | argument | misuse of this package's functions |
 * | closed | the session, sink or collector was disposed while something was asked of it |
 */
export type TransportErrorCode =
  | "unreachable"
  | "broker-lost"
  | "auth"
  | "topic-missing"
  | "topic-failed"
  | "docker-missing"
  | "container-failed"
  | "port-in-use"
  | "deadline"
  | "out-of-range"
  | "unreadable"
  | "protocol"
  | "kafkajs"
  | "config"
  | "argument"
  | "closed";

/** Thrown by `@ondash/transport`. The message begins with the code in brackets and never holds a secret. */
export class TransportError extends Error {
  override readonly name: string = "TransportError";
  /** The brand by which `isTransportError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/transport";
  readonly code: TransportErrorCode;
  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is a `TransportError`. */
export function isTransportError(value: unknown): value is TransportError {
  return value instanceof Error && (value as Partial<TransportError>).source === "@ondash/transport";
}
