import { TransportError } from "./error.ts";
import type { Guard } from "./guard.ts";
import type { KafkajsClient } from "./kafkajs/client.ts";
import type { ClusterAccess } from "./kafkajs/cluster-access.ts";

/** Counts of partitions by topic. */
export type PartitionCounts = Readonly<Record<string, number>>;

export interface TopicsContext {
  readonly client: KafkajsClient;
  readonly cluster: ClusterAccess;
  readonly guard: Guard;
}

/**
 * Makes sure that the topics exist, see `KafkaSession.ensureTopics`. What was created is awaited on every broker: with
 * several of them each learns of a topic a little after the controller has confirmed it.
 */
export async function ensureTopics(
  { client, cluster, guard }: TopicsContext,
  topics: readonly string[],
  { partitions, create }: { readonly partitions: number; readonly create: boolean },
): Promise<PartitionCounts> {
  const wanted = [...new Set(topics)];
  if (wanted.length === 0) return {};
  const describing = (): string => `the partitions of ${wanted.join(", ")}`;
  if (!(await guard.ask(describing, () => cluster.refresh(wanted)))) {
    const missing = await guard.ask(describing, () => findMissing(cluster, wanted));
    if (missing.length > 0) {
      if (!create) throw topicsMissing(missing, partitions);
      await createTopics(client, guard, missing, partitions);
    }
    for (const topic of wanted) {
      await guard.ask(
        () => `topic ${topic} on every broker`,
        () => knownEverywhere(cluster, topic),
      );
    }
    await guard.ask(describing, async () => {
      if (!(await cluster.refresh(wanted))) throw notYet(`${wanted.join(", ")} on the broker that was asked`);
    });
  }
  return Object.fromEntries(wanted.map((topic) => [topic, cluster.partitions(topic)]));
}

async function findMissing(cluster: ClusterAccess, topics: readonly string[]): Promise<readonly string[]> {
  const [node] = await cluster.nodes();
  if (node === undefined) throw notYet("any broker in the cluster's metadata");
  const counts = await Promise.all(topics.map((topic) => cluster.describe(node, topic)));
  return topics.filter((_, index) => counts[index] === undefined);
}

async function knownEverywhere(cluster: ClusterAccess, topic: string): Promise<void> {
  const nodes = await cluster.nodes();
  const counts = await Promise.all(nodes.map((node) => cluster.describe(node, topic)));
  const ignorant = nodes.filter((_, index) => counts[index] === undefined);
  if (ignorant.length > 0) throw notYet(`${topic} on broker ${ignorant.join(", ")}`);
}

async function createTopics(
  { kafka }: KafkajsClient,
  guard: Guard,
  topics: readonly string[],
  partitions: number,
): Promise<void> {
  const admin = kafka.admin();
  const creating = (): string => `the creation of ${topics.join(", ")}`;
  try {
    await guard.ask(creating, async () => {
      await admin.connect();
      // False when they exist already: somebody else was faster.
      await admin.createTopics({
        waitForLeaders: false,
        topics: topics.map((topic) => ({
          topic,
          numPartitions: partitions,
          // How often they are replicated is the cluster's own default (-1).
          configEntries: [{ name: "cleanup.policy", value: "delete" }],
        })),
      });
    });
  } catch (error) {
    if (error instanceof TransportError && error.code === "protocol") {
      throw new TransportError("topic-failed", error.message.replace(/^\[protocol\] /, ""), { cause: error });
    }
    throw error;
  } finally {
    // Not awaited for long: the session's disposal ends its sockets anyway.
    await guard.wait(() => "the end of the admin connection", admin.disconnect(), 1_000).catch(() => undefined);
  }
}

function topicsMissing(missing: readonly string[], partitions: number): TransportError {
  const names = missing.join(", ");
  const one = missing.length === 1;
  return new TransportError(
    "topic-missing",
    `${one ? "topic" : "topics"} ${names} ${one ? "does" : "do"} not exist on this cluster; ` +
      `create ${one ? "it" : "them"} with ${partitions} partitions each and cleanup.policy=delete, or allow it with --create-topics`,
  );
}

/** Makes the guard ask again. */
function notYet(what: string): Error {
  return Object.assign(new Error(`not yet: ${what}`), { retriable: true });
}
