import { startDeadline } from "@ondash/core";
import { type Broker, connectKafka, type KafkaSession } from "@ondash/transport";
import kafkajs, { type Kafka } from "kafkajs";
import { topicName } from "../support/topic-name.ts";

/** What the laws need: a broker that lives as long as the suite, a session with it, and ways to more. */
export interface LawContext {
  readonly broker: Broker;
  readonly session: KafkaSession;
  /** Starts another broker, empty. */
  readonly start: () => Promise<Broker>;
  /** Opens another session with the suite's broker. */
  connect(): Promise<KafkaSession>;
  /** A kafkajs client of the test's own: for what the transport does not do. */
  raw(): Kafka;
  newTopic(label: string, partitions?: number): Promise<string>;
  newTopics(label: string, count: number, partitions: number): Promise<string[]>;
}

/** A context whose broker is started by `open` and ended by `close`. */
export function createContext(
  start: () => Promise<Broker>,
): LawContext & { open(): Promise<void>; close(): Promise<void> } {
  let opened: { readonly broker: Broker; readonly session: KafkaSession } | undefined;
  const now = (): { readonly broker: Broker; readonly session: KafkaSession } => {
    if (opened === undefined) throw new Error("the suite's broker is not there yet");
    return opened;
  };
  const newTopics = async (label: string, count: number, partitions: number): Promise<string[]> => {
    const topics = Array.from({ length: count }, () => topicName(label));
    await now().session.ensureTopics(topics, { partitions, create: true });
    return topics;
  };
  return {
    start,
    get broker() {
      return now().broker;
    },
    get session() {
      return now().session;
    },
    connect: () => connectTo(now().broker),
    raw: () =>
      new kafkajs.Kafka({
        clientId: "laws",
        brokers: [...now().broker.bootstrap],
        logLevel: kafkajs.logLevel.NOTHING,
      }),
    newTopics,
    newTopic: async (label, partitions = 1) => (await newTopics(label, 1, partitions))[0] as string,
    async open() {
      const broker = await start();
      opened = { broker, session: await connectTo(broker) };
    },
    async close() {
      await opened?.session[Symbol.asyncDispose]();
      await opened?.broker[Symbol.asyncDispose]();
    },
  };
}

async function connectTo(broker: Broker): Promise<KafkaSession> {
  using deadline = startDeadline(10_000);
  return connectKafka(broker, { deadline });
}
