import { type Clock, startDeadline } from "@ondash/core";
import type { OutgoingRecord, RecordSink, SendOutcome } from "@ondash/schemas";
import type { Message, Producer } from "kafkajs";
import { isTransportError, TransportError } from "./error.ts";
import type { Guard } from "./guard.ts";
import type { KafkajsClient } from "./kafkajs/client.ts";
import { type Failure, toFailure } from "./kafkajs/failure.ts";
import { integer } from "./kafkajs/integer.ts";

export interface SinkContext {
  readonly client: KafkajsClient;
  readonly guard: Guard;
  readonly clock: Clock;
  /** Bound of one send in ms. */
  readonly timeoutMs: number;
}

/** A sink that its session can end. */
export interface KafkaSink extends RecordSink, AsyncDisposable {}

/** An answer with one of these says nothing definite about the record, although kafkajs calls it not retriable. */
const INDEFINITE_TYPES: ReadonlySet<string> = new Set([
  "UNKNOWN",
  "KAFKAJS_UNKNOWN_ERROR_CODE",
  "DUPLICATE_SEQUENCE_NUMBER",
  "BROKER_NOT_AVAILABLE",
]);

/**
 * Opens an idempotent producer (acks=all) with explicit partitions.
 *
 * What an answer means (see `SendOutcome`): an offset is an acknowledgement. An error that is not retriable is a definite
 * rejection only as the answer to a single attempt: after a second one it may speak of the copy while the first lies in
 * the log. No answer in time is indefinite, and the sink is unusable from then on: the sequence number of that record
 * may be taken or not.
 *
 * Sends to one partition are put in a row here. kafkajs takes a failed record's sequence number back, so that another
 * record, sent before the first is tried again, would be acknowledged as its duplicate, and lost.
 */
export async function openSink({ client, guard, clock, timeoutMs }: SinkContext): Promise<KafkaSink> {
  const attempts = new WeakMap<Message, number>();
  const producer = client.kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    retry: { retries: 1 },
    // kafkajs asks for a message's partition once in each attempt to send it: the one place where attempts can be counted.
    createPartitioner:
      () =>
      ({ message }) => {
        attempts.set(message, (attempts.get(message) ?? 0) + 1);
        return message.partition ?? 0;
      },
  });
  await guard.ask(
    () => "a producer id",
    () => producer.connect(),
  );

  const rows = new Map<string, Promise<unknown>>();
  let broken: Error | undefined;

  async function sendNow(
    record: OutgoingRecord,
    message: Message,
    signal: AbortSignal | undefined,
  ): Promise<SendOutcome> {
    using deadline = startDeadline(timeoutMs, { clock, ...(signal === undefined ? {} : { signal }) });
    let refusal: Failure | undefined;
    try {
      return await guard.ask(
        () => `an acknowledgement from ${record.topic}/${record.partition}`,
        async () => {
          try {
            return await sendOnce(producer, record, message, timeoutMs);
          } catch (error) {
            const failure = toFailure(error);
            if (failure.type !== undefined && !failure.retriable) refusal = failure;
            throw error;
          }
        },
        deadline,
      );
    } catch (error) {
      const tried = attempts.get(message) ?? 0;
      // Nothing has left: there is no outcome to tell of.
      if (tried === 0 || (isTransportError(error) && error.code === "argument")) throw error;
      if (refusal?.type !== undefined) {
        const definite = tried === 1 && !INDEFINITE_TYPES.has(refusal.type);
        return { status: definite ? "rejected" : "indefinite", error: refusal.text };
      }
      broken = error instanceof Error ? error : new Error(String(error));
      return { status: "indefinite", error: broken.message };
    }
  }

  return {
    async send(record, signal) {
      const message = toMessage(record);
      const row = `${record.topic}/${record.partition}`;
      const before = rows.get(row);
      const outcome = (async () => {
        await before;
        guard.signal.throwIfAborted();
        signal?.throwIfAborted();
        if (broken !== undefined) throw broken;
        return sendNow(record, message, signal);
      })();
      rows.set(
        row,
        outcome.catch(() => undefined),
      );
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      broken ??= new TransportError("closed", "the sink was disposed");
      client.close();
      await producer.disconnect();
    },
  };
}

async function sendOnce(
  producer: Producer,
  { topic, partition }: OutgoingRecord,
  message: Message,
  timeout: number,
): Promise<SendOutcome> {
  // `timeout` is how long the leader may wait for its replicas.
  const answers = await producer.send({ topic, acks: -1, timeout: timeout / 2, messages: [message] });
  const offset = answers[0]?.baseOffset;
  // kafkajs leaves out what it finds no leader for, and answers with nothing.
  if (offset === undefined) throw new TransportError("argument", `topic ${topic} has no partition ${partition}`);
  return { status: "acknowledged", partition, offset: integer(offset, "baseOffset") };
}

function toMessage({ topic, partition, key, value, headers }: OutgoingRecord): Message {
  // Without a prototype: a header may be called "__proto__".
  const byName = Object.create(null) as Record<string, Buffer | Buffer[]>;
  for (const [name, entry] of headers) {
    if (entry === null) {
      throw new TransportError(
        "argument",
        `header "${name}" of a record for ${topic} is null: kafkajs can't write that`,
      );
    }
    const bytes = toBuffer(entry);
    const before = byName[name];
    byName[name] = before === undefined ? bytes : [...(Array.isArray(before) ? before : [before]), bytes];
  }
  return { partition, key: toBuffer(key), value: toBuffer(value), headers: byName };
}

function toBuffer(bytes: Uint8Array): Buffer;
function toBuffer(bytes: Uint8Array | null): Buffer | null;
function toBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
