import type { RecordObservation, TopicOffsets } from "@ondash/contract";
import type { ChatSchema, OutgoingRecord } from "@ondash/schemas";

/** Log entries that a partition keeps behind the collector, so that it can go back. */
const KEPT = 256;

/** Whether a transaction came to its end, and which. */
export interface Transaction {
  state: "open" | "committed" | "aborted";
}

/** Consecutive offsets of a partition: one record, or some without any. */
export interface Entry {
  readonly from: number;
  readonly to: number;
  /** undefined: offsets without a record. */
  readonly record: RecordObservation | undefined;
  readonly why: "record" | "control" | "gap" | "silent";
  readonly transaction: Transaction | undefined;
  /** Whose record it is, for whoever keeps count. */
  readonly owner: unknown;
}

/** The log of one partition, and how far the collector has read it. */
export interface Partition {
  readonly topic: string;
  /** 0 … 4: the topic's place among those of its version. */
  readonly kind: number;
  readonly partition: number;
  readonly entries: Entry[];
  /** How many entries were dropped from the front. */
  dropped: number;
  /** Next offset to be written. */
  end: number;
  /** Number of the entry to be read next, counted from the beginning of the log. */
  read: number;
  /** Number of the first entry that was never read. */
  highest: number;
  /** The leader's epoch, and that of the last record which was written with one. */
  epoch: number;
  lastEpoch: number | undefined;
  /** Its place in the list of partitions that have something to be read; -1: it is not in it. */
  listed: number;
}

/** The five topics of each version in memory. */
export interface Broker {
  readonly partitions: readonly Partition[];
  /** Partitions that have something to be read. */
  readonly unread: readonly Partition[];
  /** Entries that were not read yet. */
  readonly backlog: number;
  readonly start: TopicOffsets;
  append(
    record: OutgoingRecord,
    options: {
      readonly owner: unknown;
      readonly transaction?: Transaction | undefined;
      readonly epoch: number | undefined;
    },
  ): RecordObservation;
  /** Takes `count` offsets that hold no record. @returns the first. */
  skip(topic: string, partition: number, count: number, why: "control" | "gap" | "silent"): number;
  at(topic: string, partition: number): Partition;
  /** The high watermarks of some topics now. */
  endsOf(topics: readonly string[]): TopicOffsets;
  /** What the collector reads next there; undefined: nothing, or it has to wait for the end of a transaction. */
  next(partition: Partition): Entry | undefined;
  /** The collector read what was next. */
  advance(partition: Partition): void;
  /** The collector goes back by some entries, as far as they are kept. */
  rewind(partition: Partition, by: number): void;
}

/** Creates topics that begin at offset `base` everywhere. */
export function createBroker(schemas: readonly ChatSchema[], count: number, base: number): Broker {
  const byTopic = new Map<string, Partition[]>();
  const partitions: Partition[] = [];
  const unread: Partition[] = [];
  let backlog = 0;
  const create = (topic: string, kind: number, partition: number): Partition => {
    const made: Partition = {
      topic,
      kind,
      partition,
      entries: [],
      dropped: 0,
      end: base,
      read: 0,
      highest: 0,
      epoch: 7,
      lastEpoch: undefined,
      listed: -1,
    };
    partitions.push(made);
    byTopic.get(topic)?.push(made);
    return made;
  };
  for (const { topicList } of schemas) {
    for (const [kind, topic] of topicList.entries()) {
      byTopic.set(topic, []);
      for (let partition = 0; partition < count; partition++) create(topic, kind, partition);
    }
  }
  const at = (topic: string, partition: number): Partition => {
    const list = byTopic.get(topic) ?? [];
    const found = list[partition];
    if (found !== undefined) return found;
    // A partition that should not be: operators of KAF-01 write there.
    return create(topic, list[0]?.kind ?? 0, partition);
  };
  const list = (partition: Partition): void => {
    const has = partition.read < partition.dropped + partition.entries.length;
    if (has && partition.listed < 0) partition.listed = unread.push(partition) - 1;
    else if (!has && partition.listed >= 0) {
      const last = unread.pop();
      if (last !== undefined && last !== partition) {
        unread[partition.listed] = last;
        last.listed = partition.listed;
      }
      partition.listed = -1;
    }
  };
  const push = (partition: Partition, entry: Entry): void => {
    partition.entries.push(entry);
    partition.end = entry.to + 1;
    backlog++;
    list(partition);
  };
  return {
    partitions,
    unread,
    get backlog() {
      return backlog;
    },
    start: Object.fromEntries([...byTopic.keys()].map((topic) => [topic, Array.from({ length: count }, () => base)])),
    at,
    append(record, { owner, transaction, epoch }) {
      const log = at(record.topic, record.partition);
      const offset = log.end;
      const { topic, partition, key, headers, value } = record;
      const observation: RecordObservation = {
        kind: "record",
        topic,
        partition,
        offset,
        timestamp: 1_761_733_800_000,
        key,
        headers,
        value,
        ...(epoch === undefined ? {} : { leaderEpoch: epoch }),
      };
      if (epoch !== undefined) log.lastEpoch = epoch;
      push(log, { from: offset, to: offset, record: observation, why: "record", transaction, owner });
      return observation;
    },
    skip(topic, partition, size, why) {
      const log = at(topic, partition);
      const from = log.end;
      push(log, { from, to: from + size - 1, record: undefined, why, transaction: undefined, owner: undefined });
      return from;
    },
    endsOf: (topics) =>
      Object.fromEntries(
        topics.map((topic) => [topic, (byTopic.get(topic) ?? []).slice(0, count).map(({ end }) => end)]),
      ),
    next(partition) {
      const entry = partition.entries[partition.read - partition.dropped];
      return entry?.transaction?.state === "open" ? undefined : entry;
    },
    advance(partition) {
      if (partition.read === partition.highest) {
        partition.highest++;
        backlog--;
      }
      partition.read++;
      const behind = partition.read - partition.dropped;
      if (behind > 2 * KEPT) {
        partition.entries.splice(0, behind - KEPT);
        partition.dropped += behind - KEPT;
      }
      list(partition);
    },
    rewind(partition, by) {
      partition.read = Math.max(partition.dropped, partition.read - by);
      list(partition);
    },
  };
}
