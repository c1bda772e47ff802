import { expect } from "vitest";
import { type Case, errorName, makeTopic } from "../context.ts";

export const topicCases: readonly Case[] = [
  {
    title: "unknown topic: Metadata without auto-creation answers UNKNOWN_TOPIC_OR_PARTITION, and creates nothing",
    async run(context) {
      const connection = await context.connect();
      const name = context.name();
      for (let i = 0; i < 2; i++) {
        const { topics } = await connection.request("Metadata", 8, {
          topics: [{ name }],
          allowAutoTopicCreation: false,
        });
        expect(topics.map((topic) => [topic.name, errorName(topic.errorCode)])).toEqual([
          [name, "UNKNOWN_TOPIC_OR_PARTITION"],
        ]);
      }
    },
  },
  {
    title: "invalid topic names: CreateTopics answers INVALID_TOPIC_EXCEPTION for each",
    async run(context) {
      const connection = await context.connect();
      const names = ["", ".", "..", "a b", "ä", "a/b", "x".repeat(250)];
      const { topics } = await connection.request("CreateTopics", 5, {
        topics: names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1 })),
        timeoutMs: 10_000,
      });
      const byName = new Map(topics.map((topic) => [topic.name, errorName(topic.errorCode)]));
      for (const name of names) expect([name, byName.get(name)]).toEqual([name, "INVALID_TOPIC_EXCEPTION"]);
    },
  },
  {
    title: "a topic name of 249 characters, dots, hyphens and underscores is legal",
    async run(context) {
      const connection = await context.connect();
      const name = `${context.name()}._-`.padEnd(249, "x");
      const { topics } = await connection.request("CreateTopics", 5, {
        topics: [{ name, numPartitions: 1, replicationFactor: 1 }],
        timeoutMs: 10_000,
        validateOnly: true,
      });
      expect(errorName(topics[0]?.errorCode ?? -1)).toBe("NONE");
      // validateOnly creates nothing.
      const metadata = await connection.request("Metadata", 8, { topics: [{ name }], allowAutoTopicCreation: false });
      expect(errorName(metadata.topics[0]?.errorCode ?? -1)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    },
  },
  {
    title: "existing topic: CreateTopics answers TOPIC_ALREADY_EXISTS",
    async run(context) {
      const connection = await context.connect();
      const name = await makeTopic(context, connection);
      const { topics } = await connection.request("CreateTopics", 5, {
        topics: [{ name, numPartitions: 1, replicationFactor: 1 }],
        timeoutMs: 10_000,
      });
      expect(errorName(topics[0]?.errorCode ?? 0)).toBe("TOPIC_ALREADY_EXISTS");
    },
  },
  {
    title: "CreateTopics refuses no partitions, too many replicas, unknown and malformed settings",
    async run(context) {
      const connection = await context.connect();
      const refusal = async (topic: object): Promise<string> => {
        const { topics } = await connection.request("CreateTopics", 5, {
          topics: [{ name: context.name(), numPartitions: 1, replicationFactor: 1, ...topic }],
          timeoutMs: 10_000,
        });
        return errorName(topics[0]?.errorCode ?? 0);
      };
      expect(await refusal({ numPartitions: 0 })).toBe("INVALID_PARTITIONS");
      expect(await refusal({ replicationFactor: 5 })).toBe("INVALID_REPLICATION_FACTOR");
      expect(await refusal({ replicationFactor: 0 })).toBe("INVALID_REPLICATION_FACTOR");
      expect(await refusal({ configs: [{ name: "no.such.setting", value: "1" }] })).toBe("INVALID_CONFIG");
      expect(await refusal({ configs: [{ name: "retention.ms", value: "soon" }] })).toBe("INVALID_CONFIG");
    },
  },
  {
    title: "a topic that is named twice in one CreateTopics is INVALID_REQUEST",
    async run(context) {
      const connection = await context.connect();
      const name = context.name();
      const { topics } = await connection.request("CreateTopics", 5, {
        topics: [
          { name, numPartitions: 1, replicationFactor: 1 },
          { name, numPartitions: 2, replicationFactor: 1 },
        ],
        timeoutMs: 10_000,
      });
      expect(topics.map((topic) => errorName(topic.errorCode))).toContain("INVALID_REQUEST");
      expect(topics.map((topic) => errorName(topic.errorCode))).not.toContain("NONE");
    },
  },
  {
    title: "DeleteTopics of an unknown topic answers UNKNOWN_TOPIC_OR_PARTITION; a deleted topic is gone",
    async run(context) {
      const connection = await context.connect();
      const name = await makeTopic(context, connection);
      const remove = async (topic: string): Promise<string> => {
        const { responses } = await connection.request("DeleteTopics", 5, { topicNames: [topic], timeoutMs: 10_000 });
        return errorName(responses[0]?.errorCode ?? 0);
      };
      expect(await remove(context.name())).toBe("UNKNOWN_TOPIC_OR_PARTITION");
      expect(await remove(name)).toBe("NONE");
      expect(await remove(name)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    },
  },
  {
    title: "CreatePartitions grows a topic; to the same or a smaller count is INVALID_PARTITIONS",
    async run(context) {
      const connection = await context.connect();
      const name = await makeTopic(context, connection, { partitions: 2 });
      const grow = async (count: number): Promise<string> => {
        const { results } = await connection.request("CreatePartitions", 1, {
          topics: [{ name, count, assignments: null }],
          timeoutMs: 10_000,
        });
        return errorName(results[0]?.errorCode ?? 0);
      };
      expect(await grow(2)).toBe("INVALID_PARTITIONS");
      expect(await grow(1)).toBe("INVALID_PARTITIONS");
      expect(await grow(3)).toBe("NONE");
    },
  },
  {
    title: "Metadata of an invalid topic name is INVALID_TOPIC_EXCEPTION",
    async run(context) {
      const connection = await context.connect();
      const { topics } = await connection.request("Metadata", 8, {
        topics: [{ name: "a b" }],
        allowAutoTopicCreation: true,
      });
      expect(errorName(topics[0]?.errorCode ?? 0)).toBe("INVALID_TOPIC_EXCEPTION");
    },
  },
];
