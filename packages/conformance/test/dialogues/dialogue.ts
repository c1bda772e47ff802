import { type ApiName, errorName } from "@ondash/embedded-kafka/wire";
import type { Talk } from "./talk.ts";

/** Means "not yet" to `quietly`. */
export const LEADER_NOT_AVAILABLE = 5;

/** A scripted dialogue, held in every version of one API that the broker and this suite have. */
export interface Dialogue {
  readonly title: string;
  readonly api: ApiName;
  /** Only versions from here to there, where others have a dialogue of their own. */
  readonly versions?: readonly [first: number, last: number];
  hold(talk: Talk, version: number): Promise<void>;
}

/** Makes a topic and waits until all of its partitions are served. */
export async function makeTopic(
  talk: Talk,
  label = "topic",
  options: { readonly partitions?: number; readonly configs?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly name: string; readonly topicId: string; readonly node: number }> {
  const name = talk.name(label);
  const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value }));
  const numPartitions = options.partitions ?? 1;
  const created = await talk.quietly("CreateTopics", 5, {
    topics: [{ name, numPartitions, replicationFactor: 1, configs }],
    timeoutMs: 10_000,
  });
  if (created.topics[0]?.errorCode !== 0) {
    throw new Error(`CreateTopics: ${errorName(created.topics[0]?.errorCode ?? -1)}`);
  }
  const { topics } = await talk.quietly("Metadata", 12, { topics: [{ name }] }, (answer) => {
    const partitions = answer.topics[0]?.partitions ?? [];
    const ready = partitions.length === numPartitions && partitions.every(({ errorCode }) => errorCode === 0);
    return ready ? 0 : LEADER_NOT_AVAILABLE;
  });
  // A broker may tell of a leader before that has noticed.
  await talk.quietly(
    "ListOffsets",
    4,
    {
      replicaId: -1,
      topics: [
        {
          name,
          partitions: Array.from({ length: numPartitions }, (_, partitionIndex) => ({
            partitionIndex,
            timestamp: -1n,
            currentLeaderEpoch: -1,
          })),
        },
      ],
    },
    (answer) => (answer.topics[0]?.partitions.every(({ errorCode }) => errorCode === 0) ? 0 : LEADER_NOT_AVAILABLE),
  );
  return { name, topicId: topics[0]?.topicId ?? "", node: topics[0]?.partitions[0]?.leaderId ?? -1 };
}

/** Waits until the group or transaction has a coordinator. */
export async function findCoordinator(talk: Talk, key: string, keyType: 0 | 1 = 0): Promise<void> {
  await talk.quietly("FindCoordinator", 2, { key, keyType }, ({ errorCode }) => errorCode);
}
