import { createManualClock } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { fetchedBatch } from "../test/support/fetched.ts";
import { passingTime } from "../test/support/passing-time.ts";
import { TransportError } from "./error.ts";
import type { FetchedPartition } from "./fetch/fetched.ts";
import { startFetchLoops } from "./fetch-loops.ts";
import { createGuard } from "./guard.ts";
import type { ClusterAccess, FetchPosition } from "./kafkajs/cluster-access.ts";
import type { LogObservation } from "./partition-reader.ts";
import { createReaders } from "./readers.ts";

const protocolError = (type: string, retriable: boolean): Error =>
  Object.assign(new Error("as the broker says"), { name: "KafkaJSProtocolError", type, retriable });

/** One topic `t` on brokers that are a table of leaders and a function that answers a Fetch. */
function setUp(
  leaders: string[],
  fetch: (
    node: string,
    positions: readonly FetchPosition[],
    maxWaitMs: number,
  ) => readonly FetchedPartition[] | undefined,
  range: { readonly start: number[]; readonly end: number[] } = {
    start: leaders.map(() => 0),
    end: leaders.map(() => 99),
  },
) {
  const clock = createManualClock();
  const guard = createGuard({ timeoutMs: 1_000, clock, signal: undefined, lost: new Promise(() => undefined) });
  const observations: LogObservation[] = [];
  const readers = createReaders({ t: leaders.map(() => 0) }, (observation) => observations.push(observation));
  const stop = new AbortController();
  const fetches: string[] = [];
  const cluster: Partial<ClusterAccess> = {
    leaders: () => leaders.map((node, partition) => ({ node, partition })),
    async fetch(node, positions, { maxWaitMs }) {
      fetches.push(`${node}: ${positions.map(({ partition, offset }) => `${partition}@${offset}`).join(" ")}`);
      const answer = fetch(node, positions, maxWaitMs);
      // A long poll: nothing comes until the loops are stopped.
      if (answer === undefined) {
        return new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(stop.signal.reason)));
      }
      return answer;
    },
  };
  const failure = Promise.withResolvers<unknown>();
  let refreshed = (): void => undefined;
  const loops = startFetchLoops({
    cluster: cluster as ClusterAccess,
    guard,
    readers,
    refresh: async () => refreshed(),
    offsets: async (which) => ({ t: range[which] }),
    onProgress: () => undefined,
    onFailure: failure.resolve,
    stop: stop.signal,
  });
  const lines = (): string[] =>
    observations.map((entry) =>
      entry.kind === "record" ? `${entry.partition}@${entry.offset}` : `gap ${entry.from}-${entry.to}`,
    );
  return {
    clock,
    fetches,
    lines,
    failed: failure.promise,
    onRefresh: (callback: () => void) => {
      refreshed = callback;
    },
    stop: () => stop.abort(new Error("stopped")),
    ended: () => loops.ended(),
    /** Lets the loops go on until this is true, then stops them. */
    async until(isDone: () => boolean) {
      await passingTime(
        clock,
        (async () => {
          while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
        })(),
      );
      stop.abort(new Error("stopped"));
      await passingTime(clock, loops.ended());
    },
  };
}

const answer = (partition: number, ...offsets: readonly number[]): FetchedPartition[] => [
  { topic: "t", partition, batches: offsets.map((offset) => fetchedBatch(offset)) },
];

describe("fetch loops", () => {
  it("run one for each node, and read on where the last answer ended", async () => {
    const loops = setUp(["a", "b", "a"], (node, [first]) => {
      if (node === "b") return first?.offset === 0 ? answer(1, 0) : undefined;
      return first?.offset === 0 ? [...answer(0, 0, 1), ...answer(2, 0)] : undefined;
    });
    await loops.until(() => loops.lines().length === 4);
    expect(loops.lines().toSorted((x, y) => x.localeCompare(y))).toEqual(["0@0", "0@1", "1@0", "2@0"]);
    expect(loops.fetches).toEqual(["a: 0@0 2@0", "b: 1@0", "a: 0@2 2@1", "b: 1@1"]);
  });

  it("follow a partition to its new leader, also one that led nothing before", async () => {
    const leaders = ["a"];
    const loops = setUp(leaders, (node, [first]) => {
      if (node === "a" && first?.offset === 0) return answer(0, 0);
      if (node === "a") throw protocolError("NOT_LEADER_FOR_PARTITION", true);
      return first?.offset === 1 ? answer(0, 1) : undefined;
    });
    loops.onRefresh(() => {
      leaders[0] = "b";
    });
    await loops.until(() => loops.lines().length === 2);
    expect(loops.lines()).toEqual(["0@0", "0@1"]);
    expect(loops.fetches).toEqual(["a: 0@0", "a: 0@1", "b: 0@1", "b: 0@2"]);
  });

  it("ask for what comes next before they take what has come", async () => {
    const taken: string[] = [];
    const loops = setUp(["a", "a"], (_node, positions) => {
      const [first] = positions;
      // The first one is sent before there is anything to look at.
      if (first?.offset !== 0) taken.push(loops.lines().join(" "));
      return first !== undefined && first.offset < 4 ? answer(0, first.offset, first.offset + 1) : undefined;
    });
    await loops.until(() => loops.lines().length === 4);
    expect(loops.fetches).toEqual(["a: 0@0 1@0", "a: 0@2 1@0", "a: 0@4 1@0"]);
    expect(taken).toEqual(["", "0@0 0@1"]);
    expect(loops.lines()).toEqual(["0@0", "0@1", "0@2", "0@3"]);
  });

  it("take nothing more once they are stopped", async () => {
    const loops = setUp(["a"], (_node, [first]) => {
      if (first?.offset === 0) return answer(0, 0);
      // The next Fetch is out, and what has come is about to be taken.
      loops.stop();
      return undefined;
    });
    await loops.ended();
    expect(loops.fetches).toEqual(["a: 0@0", "a: 0@1"]);
    expect(loops.lines()).toEqual([]);
  });

  it("ask again for a partition for which an answer had no room", async () => {
    const loops = setUp(["a", "a"], (_node, positions) => {
      const [first, second] = positions;
      if (first?.offset === 0) return [...answer(0, 0), ...answer(1)];
      return second?.offset === 0 ? answer(1, 0) : undefined;
    });
    await loops.until(() => loops.lines().length === 2);
    expect(loops.lines()).toEqual(["0@0", "1@0"]);
    expect(loops.fetches).toEqual(["a: 0@0 1@0", "a: 0@1 1@0", "a: 0@1 1@1"]);
  });

  it("fail with what they took before when what follows can't be read", async () => {
    const loops = setUp(["a"], (_node, [first]) => {
      if (first?.offset === 0) return answer(0, 0);
      throw new TransportError("unreadable", "t/0 at offset 1");
    });
    expect(String(await passingTime(loops.clock, loops.failed))).toBe("TransportError: [unreadable] t/0 at offset 1");
    expect(loops.lines()).toEqual(["0@0"]);
  });

  it("take what retention has removed for a gap, and a log that was cut off for a failure", async () => {
    const removed = setUp(
      ["a"],
      (_node, [first]) => {
        if (first?.offset === 0) throw protocolError("OFFSET_OUT_OF_RANGE", false);
        return first?.offset === 5 ? answer(0, 5) : undefined;
      },
      { start: [5], end: [6] },
    );
    await removed.until(() => removed.lines().length === 2);
    expect(removed.lines()).toEqual(["gap 0-4", "0@5"]);

    const cut = setUp(
      ["a"],
      (_node, [first]) => {
        if (first?.offset === 0) return answer(0, 0);
        throw protocolError("OFFSET_OUT_OF_RANGE", false);
      },
      { start: [0], end: [0] },
    );
    expect(String(await passingTime(cut.clock, cut.failed))).toBe(
      "TransportError: [out-of-range] t/0 ends at offset 0, and offset 1 was to be read next: the log was cut off or the topic was created anew",
    );
  });

  it("fail when a node does not answer within the bound, whoever leads", async () => {
    const loops = setUp(["a"], () => {
      throw protocolError("LEADER_NOT_AVAILABLE", true);
    });
    expect(String(await passingTime(loops.clock, loops.failed))).toMatch(
      /^TransportError: \[deadline\] after 1 s, still missing: an answer to Fetch from broker a, which leads 1 partitions such as t\/0 \(last answer: LEADER_NOT_AVAILABLE/,
    );
  });
});
