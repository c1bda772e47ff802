import type { Monitor, Observation } from "@ondash/contract";
import type { Deadline } from "@ondash/core";
import type { Collector, CollectorOptions, KafkaSession } from "@ondash/transport";
import { type BarrierRounds, createBarrierRounds } from "./barrier-rounds.ts";

/** Topics that are being read into a monitor. Disposing it stops the reading. */
export interface Feed extends AsyncDisposable {
  readonly collector: Collector;
  readonly rounds: BarrierRounds;
}

/** What is read, and where it goes. */
export interface FeedOptions extends Pick<CollectorOptions, "start" | "concerns"> {
  readonly session: KafkaSession;
  /** They must exist. */
  readonly topics: readonly string[];
  /** Partitions of each, as they are meant to be. */
  readonly partitions: number;
  /** Bounds the opening. */
  readonly deadline: Deadline;
  /** Says whether a barrier is wanted. */
  readonly monitor: Pick<Monitor, "wantsBarrier">;
  /** Takes the header and the barriers. */
  readonly feed: (observation: Observation) => void;
  /** Takes what the collector reads, to feed it now or later. The rounds are pumped after each. */
  readonly observe: (observation: Observation) => void;
  /** The number of the last barrier of an observation that goes on, whose header was fed before. */
  readonly continuedAfter?: number;
}

/**
 * Opens a collector whose observations come after the header, whatever it reads while it opens, and the barrier rounds
 * that go with it. Resolved = ready: what is sent from now on is not missed.
 * @throws TransportError when the broker fails, CoreError `deadline`.
 */
export async function openFeed(options: FeedOptions): Promise<Feed> {
  const { session, topics, partitions, deadline, monitor, feed, observe, start, concerns, continuedAfter } = options;
  const take = (observation: Observation): void => {
    observe(observation);
    rounds.pump();
  };
  let early: Observation[] | undefined = [];
  const collector = await deadline.race(
    session.openCollector(topics, {
      ...(start === undefined ? {} : { start }),
      ...(concerns === undefined ? {} : { concerns }),
      onObservation: (observation) => (early === undefined ? take(observation) : void early.push(observation)),
    }),
    () => `the end offsets of ${topics.join(", ")}`,
  );
  const rounds = createBarrierRounds(monitor, () => collector.ends(), feed, continuedAfter);
  if (continuedAfter === undefined) feed({ kind: "start", partitions, start: collector.start });
  const waiting = early;
  early = undefined;
  waiting.forEach(take);
  return { collector, rounds, [Symbol.asyncDispose]: async () => collector[Symbol.asyncDispose]() };
}
