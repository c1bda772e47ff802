import type { TopicOffsets } from "@ondash/contract";
import { TransportError } from "./error.ts";
import { startFetchLoops } from "./fetch-loops.ts";
import type { Guard } from "./guard.ts";
import type { KafkajsClient } from "./kafkajs/client.ts";
import { openCluster } from "./kafkajs/cluster-access.ts";
import { createReaders } from "./readers.ts";
import type { Collector, CollectorOptions } from "./types.ts";

export interface CollectorContext {
  /** Its own: two long polls on one connection would wait for each other. */
  readonly client: KafkajsClient;
  readonly guard: Guard;
}

interface Waiter {
  readonly ends: TopicOffsets;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens a collector, see `KafkaSession.openCollector`. */
export async function openCollector(
  { client, guard }: CollectorContext,
  topics: readonly string[],
  { start: given, onObservation = () => undefined, concerns, sharedBytes = false }: Partial<CollectorOptions> = {},
): Promise<Collector> {
  const watched = [...new Set(topics)];
  if (watched.length === 0) throw new TransportError("argument", "a collector needs at least one topic");
  const names = watched.join(", ");
  const cluster = openCluster(client, sharedBytes ? "shared" : "copied");
  const stop = new AbortController();

  const refresh = async (): Promise<void> => {
    if (await cluster.refresh(watched)) return;
    throw Object.assign(new Error(`one of ${names} does not exist`), { retriable: true });
  };
  const offsets = (which: "end" | "start"): Promise<TopicOffsets> =>
    guard.ask(
      () => `the ${which === "end" ? "end" : "first"} offsets of ${names}`,
      async () => {
        stop.signal.throwIfAborted();
        try {
          return await cluster.offsets(watched, which);
        } catch (error) {
          if (!stop.signal.aborted) await refresh();
          throw error;
        }
      },
    );

  await guard.ask(
    () => `the leaders of ${names}`,
    async () => {
      await cluster.connect();
      await refresh();
    },
  );
  const start = given === "beginning" ? await offsets("start") : startOffsets(given, await offsets("end"));
  const readers = createReaders(start, onObservation, concerns);

  const waiters = new Set<Waiter>();
  const failed = Promise.withResolvers<never>();
  // Nobody may be listening when it happens.
  failed.promise.catch(() => undefined);
  const fail = (error: unknown): void => {
    if (stop.signal.aborted) return;
    stop.abort(error);
    failed.reject(error);
    for (const waiter of waiters) waiter.reject(error);
    waiters.clear();
  };
  const onEnd = (): void => fail(guard.signal.reason);
  guard.signal.addEventListener("abort", onEnd, { once: true });
  if (guard.signal.aborted) onEnd();

  const onProgress = (): void => {
    for (const waiter of waiters) {
      if (!readers.reached(waiter.ends)) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  };
  const loops = startFetchLoops({
    cluster,
    guard,
    readers,
    refresh,
    offsets,
    onProgress,
    onFailure: fail,
    stop: stop.signal,
  });

  return {
    start,
    get positions() {
      return readers.positions;
    },
    async ends() {
      // Both at once: that no topic has grown is what is to be expected, and costs no time then.
      const [ends] = await Promise.all([offsets("end"), guard.ask(() => `the partitions of ${names}`, refresh)]);
      const grown = watched.filter((topic) => readers.grow(topic, cluster.partitions(topic)));
      if (grown.length === 0) return ends;
      loops.extend();
      return offsets("end");
    },
    async reached(ends) {
      if (readers.reached(ends)) return;
      stop.signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.add({ ends, resolve, reject });
      await promise;
    },
    missing: (ends) => readers.missing(ends),
    failed: failed.promise,
    async [Symbol.asyncDispose]() {
      fail(new TransportError("closed", "the collector was disposed"));
      guard.signal.removeEventListener("abort", onEnd);
      client.close();
      await Promise.all([cluster.disconnect(), loops.ended()]);
    },
  };
}

/** The offsets to start at: the given ones, which must name every partition, or the present ends. */
function startOffsets(given: TopicOffsets | undefined, ends: TopicOffsets): TopicOffsets {
  if (given === undefined) return ends;
  return Object.fromEntries(
    Object.entries(ends).map(([topic, list]) => {
      const firsts = given[topic] ?? [];
      if (firsts.length === list.length) return [topic, [...firsts]];
      const text = `start offsets of ${topic}: expected ${list.length}, one for each partition; got ${firsts.length}`;
      throw new TransportError("argument", text);
    }),
  );
}
