import { createMonitor, type Judgement, type Monitor, type Observation, type TopicOffsets } from "@ondash/contract";
import type { Deadline } from "@ondash/core";
import type { KafkaSession } from "@ondash/transport";
import { openFeed } from "./open-feed.ts";
import type { OwnRecords } from "./own-records.ts";
import type { Recorder } from "./recorder.ts";

/** How topics are watched. */
export interface WatchOptions {
  readonly session: KafkaSession;
  /** Bounds each wait for the broker. */
  readonly deadline: Deadline;
  /** They must exist. */
  readonly topics: readonly string[];
  /** Partitions of each, as they are meant to be. */
  readonly partitions: number;
  /** Where to start instead of the present ends, for each partition. */
  readonly start?: TopicOffsets;
  /** Told of everything that the monitor is told. Not closed here. */
  readonly recorder?: Recorder;
  /**
   * An observation that goes on at `start`: its monitor, which was told of all before, header included, and the number of
   * the last barrier that was asked for (0: none).
   */
  readonly continued?: { readonly monitor: Monitor; readonly barriers: number };
  /** Chooses what the monitor is told of. Default: everything as it was observed. */
  readonly filter?: (pass: (observation: Observation) => void) => Pick<OwnRecords, "observe" | "concerns">;
}

/** Topics that are being watched, whoever produces to them. Disposing it stops the watching. */
export interface Watching extends AsyncDisposable {
  /** First offset observed per partition. */
  readonly start: TopicOffsets;
  /** Tells the monitor what only the caller knows: a ledger's entry, a stored message. */
  tell(observation: Observation): void;
  /** What is being waited for: `ondash.llm.text/3 at 17 of 19`. Empty: nothing, or no end offsets are known yet. */
  missing(): string;
  /** Resolves when everything below the end offsets of now was read, and every barrier was granted that it asks for. */
  settle(): Promise<void>;
  /**
   * Reads to the end offsets of now, and judges.
   * @param producersDone whether nothing more will come: only then is a turn without an end a truncated one.
   */
  finish(producersDone: boolean): Promise<Judgement>;
}

/**
 * Watches topics from their present ends, or from given offsets, on. Resolved = ready: what is produced from now on is
 * not missed.
 * @throws TransportError when the broker fails, CoreError `deadline`.
 */
export async function watchTopics(options: WatchOptions): Promise<Watching> {
  const { session, deadline, topics, recorder } = options;
  const names = topics.join(", ");
  const monitor = options.continued?.monitor ?? createMonitor();
  const feed = (observation: Observation): void => {
    monitor.observe(observation);
    recorder?.write(observation);
  };
  const filter = options.filter?.(feed);
  const source = await openFeed({
    session,
    topics,
    partitions: options.partitions,
    deadline,
    monitor,
    feed,
    observe: filter === undefined ? feed : (observation) => filter.observe(observation),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(filter === undefined ? {} : { concerns: filter.concerns }),
    ...(options.continued === undefined ? {} : { continuedAfter: options.continued.barriers }),
  });
  const { collector, rounds } = source;

  const whileCollecting = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, collector.failed]);
  let awaited: TopicOffsets = {};
  const readToTheEnd = async (): Promise<TopicOffsets> => {
    const ends = await deadline.race(collector.ends(), () => `the end offsets of ${names}`);
    awaited = ends;
    await deadline.race(whileCollecting(collector.reached(ends)), () => collector.missing(ends));
    return ends;
  };
  const settle = async (): Promise<void> => {
    await readToTheEnd();
    await deadline.race(
      whileCollecting(rounds.settled()),
      () => `the end offsets of ${names} that a barrier was asked for`,
    );
  };
  return {
    start: collector.start,
    tell: feed,
    missing: () => collector.missing(awaited),
    settle,
    async finish(producersDone) {
      await settle();
      feed({ kind: "end", ends: await readToTheEnd(), producersDone });
      return monitor.finish();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(source[Symbol.asyncDispose]()),
  };
}
