import type { GapObservation, RecordObservation, SkipObservation } from "@ondash/contract";
import type { FetchedBatch, FetchedRecord } from "./fetch/fetched.ts";

/** What one partition's log holds, offset by offset, none left out. */
export type LogObservation = RecordObservation | SkipObservation | GapObservation;

/**
 * Turns what was fetched from one partition into observations, in order of their offsets and without holes: pure, so
 * that its laws can be tested without a broker.
 *
 * Fetches read uncommitted. A record of a transaction is held until its producer's marker says what became of it, and
 * so is everything behind it: what a reader of committed records sees, plus an account of every offset it does not.
 */
export interface PartitionReader {
  /** Where to fetch next: behind what was announced. */
  readonly fetchOffset: number;
  /** Behind what was taken. */
  readonly readOffset: number;
  /** Next offset to be observed: below `readOffset` while a transaction is open. */
  readonly position: number;
  /** What `take` will be called with next, so that what lies behind it can be fetched meanwhile. */
  announce(batches: readonly FetchedBatch[]): void;
  /** Takes what was fetched; offsets below `readOffset` are ignored (a batch begins before the offset asked for). */
  take(batches: readonly FetchedBatch[]): void;
  /** Gives the offsets below `offset` up: they can't be read. */
  giveUpTo(offset: number): void;
}

interface Entry {
  readonly observation: LogObservation;
  /** Set while nobody knows whether it was committed. */
  undecided: boolean;
  aborted: boolean;
}

/**
 * Creates the reader of a partition.
 * @param start the first offset to be observed.
 * @param observe called with each observation; neighbouring skips and gaps that become known together come as one.
 * @param concerns whether it matters what becomes of a record in a transaction; one that does not is not held, and never
 *   observed as a record, since it may be aborted yet.
 */
export function createPartitionReader(
  topic: string,
  partition: number,
  start: number,
  observe: (observation: LogObservation) => void,
  concerns: (record: RecordObservation) => boolean = () => true,
): PartitionReader {
  let readOffset = start;
  let announced = start;
  let position = start;
  let queue: Entry[] = [];
  /** Held records by the id of the producer whose transaction they belong to. It has at most one at a time. */
  const open = new Map<string, Entry[]>();

  const push = (observation: LogObservation, transaction?: string): void => {
    const entry: Entry = { observation, undecided: transaction !== undefined, aborted: false };
    queue.push(entry);
    if (transaction === undefined) return;
    const held = open.get(transaction);
    if (held === undefined) open.set(transaction, [entry]);
    else held.push(entry);
  };

  const settle = (transaction: string, committed: boolean): void => {
    for (const entry of open.get(transaction) ?? []) {
      entry.undecided = false;
      entry.aborted = !committed;
    }
    open.delete(transaction);
  };

  const drain = (): void => {
    const firstUndecided = queue.findIndex((entry) => entry.undecided);
    if (firstUndecided === 0) return;
    const ready = firstUndecided < 0 ? queue : queue.slice(0, firstUndecided);
    queue = firstUndecided < 0 ? [] : queue.slice(firstUndecided);
    const [head] = queue;
    position = head === undefined ? readOffset : firstOffset(head.observation);
    for (const observation of merged(ready.map(toObservation))) observe(observation);
  };

  const gapTo = (offset: number): void => {
    if (offset > readOffset) push({ kind: "gap", topic, partition, from: readOffset, to: offset - 1 });
    readOffset = Math.max(readOffset, offset);
  };

  const takeOne = (record: FetchedRecord, { transaction, leaderEpoch }: FetchedBatch): void => {
    const { offset, control, timestamp, key, headers, value } = record;
    if (control === undefined) {
      const seen: RecordObservation = {
        kind: "record",
        topic,
        partition,
        offset,
        timestamp,
        key,
        headers,
        value,
        leaderEpoch,
      };
      if (transaction === undefined && queue.length === 0) {
        // Nothing is held: no need to stand in the queue.
        readOffset = offset + 1;
        position = readOffset;
        observe(seen);
        return;
      }
      if (transaction === undefined || concerns(seen)) push(seen, transaction);
      else push({ kind: "skip", topic, partition, from: offset, to: offset, why: "control" });
    } else {
      push({ kind: "skip", topic, partition, from: offset, to: offset, why: "control" });
      if (control !== "other" && transaction !== undefined) settle(transaction, control === "commit");
    }
    readOffset = offset + 1;
  };

  return {
    get fetchOffset() {
      return Math.max(announced, readOffset);
    },
    get readOffset() {
      return readOffset;
    },
    get position() {
      return position;
    },
    announce(batches) {
      const last = batches.at(-1);
      if (last !== undefined) announced = Math.max(announced, last.lastOffset + 1);
    },
    take(batches) {
      for (const batch of batches) {
        for (const record of batch.records()) {
          if (record.offset < readOffset) continue;
          gapTo(record.offset);
          takeOne(record, batch);
        }
        // A batch keeps its last offset when compaction has removed the record there.
        gapTo(batch.lastOffset + 1);
      }
      drain();
    },
    giveUpTo(offset) {
      gapTo(offset);
      drain();
    },
  };
}

function toObservation({ observation, aborted }: Entry): LogObservation {
  if (!aborted || observation.kind !== "record") return observation;
  const { topic, partition, offset } = observation;
  return { kind: "skip", topic, partition, from: offset, to: offset, why: "aborted" };
}

function firstOffset(observation: LogObservation): number {
  return observation.kind === "record" ? observation.offset : observation.from;
}

/** Joins neighbouring skips of one kind, and neighbouring gaps. */
function merged(observations: readonly LogObservation[]): readonly LogObservation[] {
  const result: LogObservation[] = [];
  for (const observation of observations) {
    const last = result.at(-1);
    if (last?.kind === "skip" && observation.kind === "skip" && last.why === observation.why) {
      result[result.length - 1] = { ...last, to: observation.to };
    } else if (last?.kind === "gap" && observation.kind === "gap") {
      result[result.length - 1] = { ...last, to: observation.to };
    } else {
      result.push(observation);
    }
  }
  return result;
}
