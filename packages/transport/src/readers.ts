import type { RecordObservation, TopicOffsets } from "@ondash/contract";
import { TransportError } from "./error.ts";
import { createPartitionReader, type LogObservation, type PartitionReader } from "./partition-reader.ts";

/** The readers of all partitions of a collector's topics: positions, and the comparison with a barrier's ends. */
export interface Readers {
  readonly topics: readonly string[];
  readonly positions: TopicOffsets;
  /** The reader of a partition; undefined when it is not collected. */
  of(topic: string, partition: number): PartitionReader | undefined;
  /**
   * Creates readers for partitions that a topic did not have at the start: from their first offset on.
   * @returns whether there are any.
   */
  grow(topic: string, partitions: number): boolean;
  /** Whether every position has reached its end. */
  reached(ends: TopicOffsets): boolean;
  /** `ondash.llm.text/3 at 17 of 19`, for each partition that has not. */
  missing(ends: TopicOffsets): string;
}

/** How many partitions `missing` names. */
const MAX_NAMED = 6;

/**
 * Creates a reader for each partition that `start` names.
 * @param concerns see `CollectorOptions`.
 */
export function createReaders(
  start: TopicOffsets,
  observe: (observation: LogObservation) => void,
  concerns?: (record: RecordObservation) => boolean,
): Readers {
  const create = (topic: string, partition: number, first: number): PartitionReader =>
    createPartitionReader(topic, partition, first, observe, concerns);
  const readers = new Map(
    Object.entries(start).map(([topic, firsts]) => [
      topic,
      firsts.map((first, partition) => create(topic, partition, first)),
    ]),
  );
  const of = (topic: string, partition: number): PartitionReader | undefined => readers.get(topic)?.[partition];

  function* behind(ends: TopicOffsets): Generator<string, void> {
    for (const [topic, list] of Object.entries(ends)) {
      for (const [partition, end] of list.entries()) {
        const reader = of(topic, partition);
        if (reader === undefined) throw new TransportError("argument", `${topic}/${partition} is not collected`);
        if (reader.position >= end) continue;
        const isHeld = reader.readOffset > reader.position;
        const held = isHeld ? ` (read to ${reader.readOffset}, held by an open transaction)` : "";
        yield `${topic}/${partition} at ${reader.position} of ${end}${held}`;
      }
    }
  }

  return {
    topics: [...readers.keys()],
    get positions() {
      return Object.fromEntries([...readers].map(([topic, list]) => [topic, list.map((reader) => reader.position)]));
    },
    of,
    grow(topic, partitions) {
      const list = readers.get(topic) ?? [];
      const before = list.length;
      for (let partition = before; partition < partitions; partition++) list.push(create(topic, partition, 0));
      return list.length > before;
    },
    reached: (ends) => behind(ends).next().done === true,
    missing(ends) {
      const all = [...behind(ends)];
      const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more partitions` : "";
      return all.slice(0, MAX_NAMED).join(", ") + more;
    },
  };
}
