/** An embedded Kafka in a process of its own, with topics that hold turns: prints its addresses, ends with stdin. */
import { startEmbeddedKafka } from "@ondash/embedded-kafka";
import { chatV2 } from "@ondash/schemas";
import { type Broker, connectKafka } from "@ondash/transport";
import { CompressionTypes, Kafka, logLevel } from "kafkajs";
import { PARTITIONS, turnMaker } from "../turns.ts";

const make = turnMaker(20, 2);
const turns = Number(process.argv[2]);
const kafka = await startEmbeddedKafka();
const description: Broker = {
  kind: "external",
  bootstrap: kafka.brokers,
  security: undefined,
  description: "the broker of a measurement",
  ownsTopics: true,
  shared: false,
  async [Symbol.asyncDispose]() {},
};
{
  await using session = await connectKafka(description);
  await session.ensureTopics(chatV2.topicList, { partitions: PARTITIONS, create: true });
}
const producer = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).producer();
await producer.connect();
for (let from = 0; from < turns; from += 100) {
  // A completion is written when all before it is acknowledged; here all of a hundred turns.
  const records = Array.from({ length: Math.min(100, turns - from) }, (_, index) =>
    structuredClone(make(from + index)),
  ).flat();
  for (const topic of chatV2.topicList) {
    const messages = records
      .filter((record) => record.topic === topic)
      .map(({ key, value, partition, headers }) => ({
        key: Buffer.from(key ?? []),
        value: Buffer.from(value ?? []),
        partition,
        headers: Object.fromEntries(headers.map(([name, content]) => [name, Buffer.from(content ?? [])])),
      }));
    await producer.send({ topic, messages, compression: CompressionTypes.None });
  }
}
await producer.disconnect();
process.stdout.write(`ready ${kafka.brokers.join(",")}\n`);
process.stdin.on("end", () => void kafka.close()).resume();
