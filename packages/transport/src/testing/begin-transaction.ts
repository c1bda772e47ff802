import type { OutgoingRecord } from "@ondash/schemas";
import kafkajs from "kafkajs";
import type { Broker } from "../types.ts";

/** A transaction that somebody else has begun. Disposed while it is open, it stays open: its producer just goes away. */
export interface TestTransaction extends AsyncDisposable {
  /** Writes a record to where it says. @returns its offset. */
  send(record: OutgoingRecord): Promise<number>;
  commit(): Promise<void>;
  /** The marker is written a little after this was answered. */
  abort(): Promise<void>;
}

let transactions = 0;

/** Begins a transaction of a producer of its own; its first record opens it on the broker. */
export async function beginTransaction({ bootstrap }: Pick<Broker, "bootstrap">): Promise<TestTransaction> {
  const kafka = new kafkajs.Kafka({
    clientId: "somebody-else",
    brokers: [...bootstrap],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const producer = kafka.producer({
    transactionalId: `test-${process.pid}-${Date.now().toString(36)}-${transactions++}`,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  return {
    async send({ topic, partition, key, value, headers }) {
      const named = Object.fromEntries(headers.map(([name, bytes]) => [name, buffer(bytes) ?? Buffer.alloc(0)]));
      const message = { partition, key: buffer(key), value: buffer(value), headers: named };
      const [answer] = await transaction.send({ topic, messages: [message] });
      return Number(answer?.baseOffset);
    },
    commit: () => transaction.commit(),
    abort: () => transaction.abort(),
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

function buffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}
