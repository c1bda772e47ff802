import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createScreen } from "@ondash/contract";
import { chatV2 } from "@ondash/schemas";
import { type Broker, connectKafka } from "@ondash/transport";
import { Kafka, logLevel } from "kafkajs";
import { type Pairing, pair } from "./paired.ts";
import { PARTITIONS } from "./turns.ts";

/** Turns of 20 events that are read in each run. */
const TURNS = 3_000;

/**
 * Microseconds a record: a kafkajs consumer whose `eachBatch` does nothing, from having joined its group to the last
 * record, against the collector with every turn verified, from opening it to the judgement, its barrier included.
 */
export async function measureConsume(): Promise<Pairing & { readonly records: number }> {
  const { child, brokers } = await startBroker();
  try {
    const records = TURNS * 20;
    let group = 0;
    const pairing = await pair(
      7,
      () => consumeNothing(brokers, `group ${++group}`, records),
      () => consumeVerified(brokers, records),
    );
    return { ...pairing, records };
  } finally {
    child.stdin?.end();
    await once(child, "exit");
  }
}

async function startBroker(): Promise<{ readonly child: ChildProcess; readonly brokers: readonly string[] }> {
  const program = fileURLToPath(new URL("programs/broker.ts", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=TimeoutNegativeWarning", program, `${TURNS}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("ready ")) return { child, brokers: line.slice("ready ".length).split(",") };
  }
  throw new Error("the broker's process ended before it was ready");
}

async function consumeNothing(brokers: readonly string[], groupId: string, records: number): Promise<number> {
  const consumer = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [...chatV2.topicList], fromBeginning: true });
  const { promise, resolve } = Promise.withResolvers<number>();
  let start = 0;
  let seen = 0;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    start = performance.now();
  });
  await consumer.run({
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      seen += batch.messages.length;
      if (seen >= records) resolve(performance.now());
    },
  });
  const end = await promise;
  await consumer.disconnect();
  return ((end - start) * 1_000) / records;
}

async function consumeVerified(brokers: readonly string[], records: number): Promise<number> {
  const broker: Broker = {
    kind: "external",
    bootstrap: brokers,
    security: undefined,
    description: "the broker of a measurement",
    ownsTopics: false,
    shared: true,
    async [Symbol.asyncDispose]() {},
  };
  await using session = await connectKafka(broker);
  const zero = Object.fromEntries(
    chatV2.topicList.map((topic) => [topic, Array.from({ length: PARTITIONS }, () => 0)]),
  );
  const screen = createScreen();
  screen.observe({ kind: "start", partitions: PARTITIONS, start: zero });
  const start = performance.now();
  await using collector = await session.openCollector(chatV2.topicList, {
    start: zero,
    sharedBytes: true,
    onObservation(observation) {
      screen.observe(observation);
    },
  });
  const all = await collector.ends();
  await collector.reached(all);
  screen.observe({ kind: "asked", id: 1 });
  const ends = await collector.ends();
  screen.observe({ kind: "barrier", id: 1, ends });
  await collector.reached(ends);
  screen.observe({ kind: "end", ends, producersDone: true });
  const screening = screen.finish();
  const end = performance.now();
  if (screening.kind !== "legal" || screening.judgement.counts.turns !== TURNS) {
    throw new Error(`expected ${TURNS} legal turns, got ${JSON.stringify(screening).slice(0, 300)}`);
  }
  return ((end - start) * 1_000) / records;
}
