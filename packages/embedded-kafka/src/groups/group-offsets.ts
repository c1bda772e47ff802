/** What a group remembers of a partition. */
export interface CommittedOffset {
  readonly offset: bigint;
  /** The leader epoch the consumer saw, −1 if it told none. */
  readonly leaderEpoch: number;
  readonly metadata: string;
}

/** A partition and the offset for it. */
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

/** Offsets by topic and partition. */
type OffsetTable = Map<string, Map<number, Placed>>;

/** A commit and its place among all commits of the group. */
interface Placed extends CommittedOffset {
  readonly place: number;
}

/**
 * The commits of one group: the visible ones, and those of open transactions, which become visible with the
 * transaction (KIP-98) and are hidden or unstable until then.
 */
export class GroupOffsets {
  private readonly committed: OffsetTable = new Map();
  private commits = 0;
  private readonly pending = new Map<bigint, OffsetTable>();

  get isEmpty(): boolean {
    return this.committed.size === 0 && this.pending.size === 0;
  }

  commit(entry: OffsetEntry): void {
    put(this.committed, entry, this.commits++);
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.committed.get(topic)?.get(partition);
  }

  /** Partitions with a visible commit, topic by topic in the order of their first commit. */
  *topics(): IterableIterator<[topic: string, partitions: ReadonlyMap<number, CommittedOffset>]> {
    yield* this.committed;
  }

  /** Forgets one partition (OffsetDelete). */
  forget(topic: string, partition: number): void {
    for (const table of [this.committed, ...this.pending.values()]) {
      const partitions = table.get(topic);
      partitions?.delete(partition);
      if (partitions?.size === 0) table.delete(topic);
    }
  }

  forgetTopic(topic: string): void {
    for (const table of [this.committed, ...this.pending.values()]) table.delete(topic);
  }

  /** A commit inside the transaction of a producer. */
  commitPending(producerId: bigint, entry: OffsetEntry): void {
    let table = this.pending.get(producerId);
    if (table === undefined) {
      table = new Map();
      this.pending.set(producerId, table);
    }
    put(table, entry, this.commits++);
  }

  /** Whether some open transaction holds a commit for the partition. */
  isPending(topic: string, partition: number): boolean {
    for (const table of this.pending.values()) if (table.get(topic)?.has(partition) === true) return true;
    return false;
  }

  /**
   * The transaction of a producer is over: its commits become visible or go. A commit that was made after the one in the
   * transaction stays, although it was visible before.
   */
  endTransaction(producerId: bigint, commit: boolean): void {
    const table = this.pending.get(producerId);
    this.pending.delete(producerId);
    if (table === undefined || !commit) return;
    for (const [topic, partitions] of table) {
      for (const [partition, committed] of partitions) {
        const { place } = committed;
        if (place > (this.committed.get(topic)?.get(partition)?.place ?? -1)) {
          put(this.committed, { topic, partition, committed }, place);
        }
      }
    }
  }
}

function put(table: OffsetTable, { topic, partition, committed }: OffsetEntry, place: number): void {
  let partitions = table.get(topic);
  if (partitions === undefined) {
    partitions = new Map();
    table.set(topic, partitions);
  }
  partitions.set(partition, { ...committed, place });
}
