import type { TopicOffsets } from "@ondash/contract";
import { isTransportError, TransportError } from "./error.ts";
import type { FetchedPartition } from "./fetch/fetched.ts";
import type { Guard } from "./guard.ts";
import type { ClusterAccess, FetchPosition } from "./kafkajs/cluster-access.ts";
import { toFailure } from "./kafkajs/failure.ts";
import type { Readers } from "./readers.ts";

export interface FetchLoopsContext {
  readonly cluster: ClusterAccess;
  readonly guard: Guard;
  readonly readers: Readers;
  /** Learns the leaders anew. */
  readonly refresh: () => Promise<void>;
  readonly offsets: (which: "end" | "start") => Promise<TopicOffsets>;
  /** Called after readers have moved. */
  readonly onProgress: () => void;
  /** Called with what ended a loop that can't go on. */
  readonly onFailure: (error: unknown) => void;
  /** Ends the loops. Their connections are closed by whoever aborts it. */
  readonly stop: AbortSignal;
}

/** How long a broker may hold a Fetch back when there is nothing new. Data is answered at once. */
const MAX_WAIT_MS = 500;
/**
 * Small enough that an answer is taken while the next one is on its way. What finds no room comes later: kafkajs asks for
 * the partitions in random order, and a first batch above the limits is answered all the same (KIP-74).
 */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;

/** Loops that run until `stop`. */
export interface FetchLoops {
  /** Call when there are partitions, or leaders of them, that were not there before. */
  extend(): void;
  /** Resolves after `stop`, when they have ended. */
  ended(): Promise<unknown>;
}

/** Reads all partitions on, with one loop for each node that leads any of them. */
export function startFetchLoops(context: FetchLoopsContext): FetchLoops {
  const { cluster, guard, readers, stop } = context;
  const loops = new Map<string, Promise<void>>();

  /** What this node leads, at the offsets to read on from. */
  const positionsOf = (node: string): FetchPosition[] =>
    readers.topics.flatMap((topic) =>
      cluster
        .leaders(topic)
        .filter((leader) => leader.node === node)
        .flatMap(({ partition }) => {
          const offset = readers.of(topic, partition)?.fetchOffset;
          return offset === undefined ? [] : [{ topic, partition, offset }];
        }),
    );

  const fetchOnce = async (node: string): Promise<readonly FetchedPartition[]> => {
    stop.throwIfAborted();
    const positions = positionsOf(node);
    if (positions.length === 0) return [];
    const limits = { maxWaitMs: MAX_WAIT_MS, maxBytes: MAX_BYTES, maxBytesPerPartition: MAX_BYTES_PER_PARTITION };
    try {
      return await cluster.fetch(node, positions, limits);
    } catch (error) {
      if (stop.aborted || isTransportError(error)) throw error;
      if (toFailure(error).type === "OFFSET_OUT_OF_RANGE") {
        await giveUpWhatIsGone(context);
        return [];
      }
      await context.refresh();
      startMissingLoops();
      throw error;
    }
  };

  /** The next answer; undefined: the node leads nothing any more. */
  const ask = (node: string): Promise<readonly FetchedPartition[]> | undefined => {
    const [first, ...others] = positionsOf(node);
    if (first === undefined) return undefined;
    const led = `${others.length + 1} partitions such as ${first.topic}/${first.partition}`;
    return guard.ask(
      () => `an answer to Fetch from broker ${node}, which leads ${led}`,
      () => fetchOnce(node),
    );
  };

  const run = async (node: string): Promise<void> => {
    let asked = ask(node);
    while (asked !== undefined) {
      const answer = await asked;
      for (const { topic, partition, batches } of answer) readers.of(topic, partition)?.announce(batches);
      asked = ask(node);
      // It is awaited above, where its failure is noticed.
      asked?.catch(() => undefined);
      // Lets the request out: the broker works on it while this answer is taken.
      await new Promise((resolve) => setImmediate(resolve));
      if (stop.aborted) return;
      for (const { topic, partition, batches } of answer) readers.of(topic, partition)?.take(batches);
      context.onProgress();
    }
  };

  const startMissingLoops = (): void => {
    const nodes = new Set(readers.topics.flatMap((topic) => cluster.leaders(topic).map((leader) => leader.node)));
    for (const node of nodes) {
      if (loops.has(node)) continue;
      const loop = run(node)
        .catch(context.onFailure)
        .finally(() => loops.delete(node));
      loops.set(node, loop);
    }
  };

  startMissingLoops();
  return { extend: startMissingLoops, ended: () => Promise.all(loops.values()) };
}

/** After OFFSET_OUT_OF_RANGE: what retention has removed is a gap; a log that ends before our position was cut off. */
async function giveUpWhatIsGone({ readers, offsets, onProgress }: FetchLoopsContext): Promise<void> {
  const firsts = await offsets("start");
  const ends = await offsets("end");
  for (const topic of readers.topics) {
    for (const [partition, end] of (ends[topic] ?? []).entries()) {
      const reader = readers.of(topic, partition);
      if (reader === undefined) continue;
      if (reader.readOffset > end) {
        const what = `${topic}/${partition} ends at offset ${end}, and offset ${reader.readOffset} was to be read next`;
        throw new TransportError("out-of-range", `${what}: the log was cut off or the topic was created anew`);
      }
      reader.giveUpTo(firsts[topic]?.[partition] ?? 0);
    }
  }
  onProgress();
}
