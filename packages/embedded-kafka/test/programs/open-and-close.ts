/**
 * Opens and closes a cluster fifty times, while connections wait for records, for a group, or for nothing; then prints
 * what still keeps the process alive, as JSON. It must end by itself.
 */
import { startEmbeddedKafka } from "@ondash/embedded-kafka";
import { connectRaw } from "@ondash/embedded-kafka/wire";

async function openAndClose(): Promise<void> {
  const kafka = await startEmbeddedKafka({ nodes: 2 });
  kafka.createTopic({ name: "a" });
  const open = await Promise.all(
    [...kafka.brokers, ...kafka.brokers].map((broker) =>
      connectRaw({ host: "127.0.0.1", port: Number(broker.split(":")[1]) }),
    ),
  );
  const topics = [{ topic: "a", partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }] }];
  const protocols = [{ name: "range", metadata: new Uint8Array() }];
  const timeouts = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 };
  const waiting = open
    .slice(0, 2)
    .flatMap((connection) => [
      connection.request("JoinGroup", 3, { groupId: "g", protocolType: "consumer", protocols, ...timeouts }),
      connection.request("Fetch", 11, { maxWaitMs: 60_000, minBytes: 1, maxBytes: 1_000, topics }),
    ]);
  const ended = Promise.allSettled(waiting);
  await open[2]?.request("ApiVersions", 0, {});
  await kafka.close();
  await Promise.all([ended, ...open.map((connection) => connection.closed)]);
}

const before = process.getActiveResourcesInfo();
for (let round = 0; round < 50; round++) await openAndClose();
const after = process.getActiveResourcesInfo();
process.stdout.write(JSON.stringify({ before: withoutStdio(before), after: withoutStdio(after) }));

/** Standard streams are opened when they are first touched. */
function withoutStdio(resources: string[]): string[] {
  return resources.filter((resource) => resource !== "PipeWrap");
}
