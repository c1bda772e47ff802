import { createMonitor, type Observation, type SkipObservation } from "@ondash/contract";
import { type Clock, type Deadline, isCoreError, startDeadline } from "@ondash/core";
import type { KafkaSession } from "@ondash/transport";
import { openFeed } from "../open-feed.ts";
import { createOwnRecords } from "../own-records.ts";
import type { Recorder } from "../recorder.ts";
import { type Census, createCensus } from "./census.ts";

/** Observes topics from now on, asks for barriers when turns end, and keeps all that was observed. */
export interface Observer extends AsyncDisposable {
  /** What a recording of it has, in the same order; empty unless they are kept. */
  readonly observations: readonly Observation[];
  readonly census: Census;
  /** Records that were read, judged or not. */
  readonly scanned: number;
  /** Records that are judged. */
  readonly records: number;
  /** Turns that have not ended, or wait for their barrier. */
  readonly undecided: number;
  /** How often turns became decided, for their barrier was reached. */
  readonly decided: number;
  /** Resolves at the next change; rejects when the observation can't go on. Ask before looking. */
  changed(): Promise<void>;
  /** Makes `changed` resolve. */
  wake(): void;
  /** Makes `changed` reject. */
  fail(this: void, error: unknown): void;
  /** Resolves when everything is read that lies in the log now. */
  readToTheEnd(): Promise<void>;
  /**
   * Reads to the present ends, asks for the last barriers, and closes the recording.
   * @returns what is missing, when the ends were not reached in time (a transaction is open): then the observation has
   *   no proper end.
   */
  finish(
    producersDone: boolean,
    bound: { readonly timeoutMs: number; readonly clock: Clock; readonly signal?: AbortSignal },
  ): Promise<string | undefined>;
}

/** What is observed. */
export interface ObserverOptions {
  readonly session: KafkaSession;
  readonly topics: readonly string[];
  /** Partitions of each topic, as the run means them to be. */
  readonly partitions: number;
  /** Only its records are kept; of others only the offsets. */
  readonly conversationId?: string;
  readonly recorder?: Recorder;
  readonly deadline: Deadline;
  /** Default: the present ends. */
  readonly start?: "beginning";
  /** Keep and count all that is observed, which grows with it. Default true. */
  readonly keep?: boolean;
}

/** Opens the observer. Resolved = ready: what is sent from now on is not missed. */
export async function openObserver(options: ObserverOptions): Promise<Observer> {
  const { session, topics, partitions, conversationId, recorder, deadline } = options;
  const names = topics.join(", ");
  const monitor = createMonitor();
  const observations: Observation[] = [];
  const census = createCensus();
  let scanned = 0;
  let records = 0;
  let decided = 0;
  let change = Promise.withResolvers<void>();
  // Nobody may be listening when it fails.
  change.promise.catch(() => undefined);
  let failure: { readonly error: unknown } | undefined;
  const wake = (): void => {
    change.resolve();
    if (failure !== undefined) return;
    change = Promise.withResolvers();
    change.promise.catch(() => undefined);
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    change.reject(error);
  };

  const keep = createKeeping(observations);
  const feed = (observation: Observation): void => {
    const open = monitor.undecided;
    monitor.observe(observation);
    if (monitor.undecided < open) decided++;
    recorder?.write(observation);
    if (observation.kind === "record") records++;
    if (options.keep !== false) {
      census.add(observation);
      keep(observation);
    }
    wake();
  };
  const own = conversationId === undefined ? undefined : createOwnRecords(new Set([conversationId]), feed);
  const observe = (observation: Observation): void => {
    if (observation.kind === "record") scanned++;
    try {
      if (own === undefined) feed(observation);
      else own.observe(observation);
    } catch (error) {
      fail(error);
    }
  };

  const source = await openFeed({
    session,
    topics,
    partitions,
    deadline,
    monitor,
    feed,
    observe,
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(own === undefined ? {} : { concerns: own.concerns }),
  });
  const { collector, rounds } = source;
  collector.failed.catch(fail);

  const readToTheEnd = async (): Promise<void> => {
    await collector.reached(await collector.ends());
    await rounds.settled();
  };
  return {
    observations,
    census,
    get scanned() {
      return scanned;
    },
    get records() {
      return records;
    },
    get decided() {
      return decided;
    },
    get undecided() {
      return monitor.undecided;
    },
    changed: () => (failure === undefined ? change.promise : Promise.reject(failure.error)),
    wake,
    fail,
    readToTheEnd,
    async finish(producersDone, { timeoutMs, ...bound }) {
      using last = startDeadline(timeoutMs, bound);
      let ends = collector.start;
      try {
        await last.race(readToTheEnd(), () => `the end of ${names}`);
        ends = await last.race(collector.ends(), () => `the end offsets of ${names}`);
        await last.race(collector.reached(ends), () => collector.missing(ends));
      } catch (error) {
        if (!isCoreError(error) || error.code !== "deadline") throw error;
        return collector.missing(await collector.ends());
      }
      if (failure !== undefined) throw failure.error;
      feed({ kind: "end", ends, producersDone });
      recorder?.close();
      return undefined;
    },
    [Symbol.asyncDispose]: async () => source[Symbol.asyncDispose](),
  };
}

/** Observations in a list, in which others' traffic takes no room: offsets of a partition that follow each other are one. */
function createKeeping(observations: Observation[]): (observation: Observation) => void {
  /** Where each partition's last observation stands, if it is a skip. */
  const skips = new Map<string, number>();
  return (observation) => {
    if (!("partition" in observation)) {
      observations.push(observation);
      return;
    }
    const place = `${observation.topic}/${observation.partition}`;
    const at = skips.get(place);
    const last = at === undefined ? undefined : observations[at];
    skips.delete(place);
    if (observation.kind === "skip") {
      if (at !== undefined && last?.kind === "skip" && continues(last, observation)) {
        observations[at] = { ...last, to: observation.to };
        skips.set(place, at);
        return;
      }
      skips.set(place, observations.length);
    }
    observations.push(observation);
  };
}

function continues(last: SkipObservation, next: SkipObservation): boolean {
  return last.why === next.why && last.to + 1 === next.from;
}
