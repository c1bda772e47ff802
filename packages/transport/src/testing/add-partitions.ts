import kafkajs from "kafkajs";
import type { Broker } from "../types.ts";

/** Gives a topic more partitions, as an administrator may in the middle of everything. Resolves when they have leaders. */
export async function addPartitions(
  { bootstrap }: Pick<Broker, "bootstrap">,
  topic: string,
  partitions: number,
): Promise<void> {
  const kafka = new kafkajs.Kafka({
    clientId: "somebody-else",
    brokers: [...bootstrap],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
    // Told to one broker, and known to all a little later.
    for (let known = 0; known < partitions; ) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      known = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
    }
  } finally {
    await admin.disconnect();
  }
}
