import type { TopicOffsets } from "@ondash/contract";
import { isTransportError, TransportError } from "./error.ts";
import type { Guard } from "./guard.ts";
import type { ClusterAccess, FetchPosition } from "./kafkajs/cluster-access.ts";
import { toFailure } from "./kafkajs/failure.ts";
import type { FetchedPartition } from "./kafkajs/fetch-answer.ts";
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
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;
/** For a partition that is read alone because nothing came of it otherwise: above any `max.message.bytes`. */
const MAX_BYTES_ALONE = 128 * 1024 * 1024;

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

  const run = async (node: string): Promise<void> => {
    for (let led = positionsOf(node); led.length > 0 && !stop.aborted; led = positionsOf(node)) {
      const [first] = led;
      const answer = await guard.ask(
        () =>
          `an answer to Fetch from broker ${node}, which leads ${led.length} partitions such as ${first?.topic}/${first?.partition}`,
        () => fetchOnce(node),
      );
      if (stop.aborted) return;
      const stuck = take(readers, answer);
      context.onProgress();
      if (stuck.length > 0) {
        await guard.ask(
          () => `records of ${stuck.map(({ topic, partition }) => `${topic}/${partition}`).join(", ")}`,
          () => fetchAlone(context, node, stuck),
        );
      }
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

/** Gives an answer to the readers. Returned: partitions of which nothing came although there is more. */
function take(readers: Readers, answer: readonly FetchedPartition[]): readonly FetchPosition[] {
  return answer.flatMap(({ topic, partition, highWatermark, records }) => {
    const reader = readers.of(topic, partition);
    if (reader === undefined) return [];
    const offset = reader.fetchOffset;
    reader.take(records);
    return reader.fetchOffset === offset && highWatermark > offset ? [{ topic, partition, offset }] : [];
  });
}

/**
 * Reads on where an answer had no room left for a partition. Where nothing comes even so, the offset holds nothing that
 * kafkajs can see (an emptied batch): it is given up, and the next one is tried.
 */
async function fetchAlone(
  { cluster, readers, onProgress, stop }: FetchLoopsContext,
  node: string,
  stuck: readonly FetchPosition[],
): Promise<void> {
  const limits = { maxWaitMs: 0, maxBytes: MAX_BYTES_ALONE, maxBytesPerPartition: MAX_BYTES_ALONE };
  for (const position of stuck) {
    stop.throwIfAborted();
    const reader = readers.of(position.topic, position.partition);
    // Another loop may lead it by now.
    if (reader === undefined || reader.fetchOffset !== position.offset) continue;
    const [still] = take(readers, await cluster.fetch(node, [position], limits));
    if (still !== undefined) reader.giveUpTo(still.offset + 1);
    onProgress();
  }
}

/** After OFFSET_OUT_OF_RANGE: what retention has removed is a gap; a log that ends before our position was cut off. */
async function giveUpWhatIsGone({ readers, offsets, onProgress }: FetchLoopsContext): Promise<void> {
  const firsts = await offsets("start");
  const ends = await offsets("end");
  for (const topic of readers.topics) {
    for (const [partition, end] of (ends[topic] ?? []).entries()) {
      const reader = readers.of(topic, partition);
      if (reader === undefined) continue;
      if (reader.fetchOffset > end) {
        const what = `${topic}/${partition} ends at offset ${end}, and offset ${reader.fetchOffset} was to be read next`;
        throw new TransportError("out-of-range", `${what}: the log was cut off or the topic was created anew`);
      }
      reader.giveUpTo(firsts[topic]?.[partition] ?? 0);
    }
  }
  onProgress();
}
