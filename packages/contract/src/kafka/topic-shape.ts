import type { ChatSchema } from "@ondash/schemas";
import { type Check, violated } from "../finding.ts";
import type { TopicOffsets } from "../observation.ts";

/** Collects what is said of the topics' partition counts, for KAF-01. */
export interface TopicShapes {
  /** Offsets per partition as named by `source` ("start", "barrier 3", "end"). */
  note(source: string, offsets: TopicOffsets): void;
  /** KAF-01 of the topics of a version as a whole; undefined: they are as they should be. */
  judge(schema: ChatSchema, partitions: number): Check | undefined;
}

/** Creates an empty collection. */
export function createTopicShapes(): TopicShapes {
  /** Topic, then partition count, then who said so first. */
  const counts = new Map<string, Map<number, string>>();
  /** Which topics a source names; barriers need not name all. */
  const named = new Map<string, ReadonlySet<string>>();
  return {
    note(source, offsets) {
      if (source === "start" || source === "end") named.set(source, new Set(Object.keys(offsets)));
      for (const [topic, { length: count }] of Object.entries(offsets)) {
        let known = counts.get(topic);
        if (known === undefined) counts.set(topic, (known = new Map()));
        if (!known.has(count)) known.set(count, source);
      }
    },
    judge(schema, partitions) {
      const problems: string[] = [];
      if (!Number.isInteger(Math.log2(partitions))) problems.push(`${partitions} partitions`);
      for (const topic of schema.topicList) {
        for (const [source, topics] of named)
          if (!topics.has(topic)) problems.push(`${topic} is not named by ${source}`);
        for (const [count, source] of counts.get(topic) ?? []) {
          if (count !== partitions) problems.push(`${topic} has ${count} partitions (${source})`);
        }
      }
      if (problems.length === 0) return undefined;
      return violated({
        message: `The topics of ${schema.name} are not as the contract has them.`,
        expected: `five topics with the same, power-of-two partition count, ${partitions} each during the whole run`,
        actual: problems.slice(0, 8).join("; "),
        records: [],
        notes: problems.length > 8 ? [`${problems.length - 8} more`] : [],
      });
    },
  };
}
