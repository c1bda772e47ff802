import { createScreen, type Observation, type TopicOffsets } from "@ondash/contract";
import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { PARTITIONS, turnMaker } from "./turns.ts";

const make = turnMaker(64, 4);

/** Bytes a live turn, and what becomes of the heap on a run ten times as long. */
export interface CoreSizes {
  /** State of the order core: pages of slots and the index. */
  readonly bytesATurn: number;
  /** All that the heap and its array buffers have grown by, names of the turns included. */
  readonly heapATurn: number;
  readonly turns: number;
  /** Growth of the resident set from the end of a run to the end of one ten times as long, in MiB. */
  readonly rssGrowth: number;
  readonly shortRun: number;
  readonly longRun: number;
  /** Barrier rounds that were begun between a turn's last completion and its verdict, at most. */
  readonly rounds: number;
}

/** A log whose ends are known, and observations of it. */
class Feed {
  readonly ends: Record<string, number[]> = Object.fromEntries(
    chatV2.topicList.map((topic) => [topic, Array.from({ length: PARTITIONS }, () => 0)]),
  );
  readonly start: Observation = { kind: "start", partitions: PARTITIONS, start: structuredClone(this.ends) };

  read(record: OutgoingRecord): Observation {
    const list = this.ends[record.topic] ?? [];
    const offset = list[record.partition] ?? 0;
    list[record.partition] = offset + 1;
    return { kind: "record", ...record, offset, timestamp: 1 };
  }
}

/** Measures live turns of 64 events and 4 tasks in the order core. Needs `--expose-gc`. */
export function measureOrderCore(): CoreSizes {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error("start node with --expose-gc");
  const turns = 20_000;
  const feed = new Feed();
  const screen = createScreen({ keep: 1_024 });
  screen.observe(feed.start);
  const used = (): number => {
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  // All but the last event: the turns stay live.
  for (let seed = 0; seed < turns; seed++) {
    for (const record of make(seed).slice(0, -1)) screen.observe(feed.read(record));
  }
  const heapATurn = (used() - before) / turns;
  if (screen.undecided !== turns) throw new Error(`${screen.undecided} of ${turns} turns are live`);
  const bytesATurn = screen.bytes / turns;
  const shortRun = 5_000;
  const rss = flowThrough(shortRun, collect);
  return { bytesATurn, heapATurn, turns, shortRun, longRun: shortRun * 10, ...rss };
}

/** Runs turns through a bounded screen, a barrier for each batch, then ten times as many. */
function flowThrough(turns: number, collect: () => void): { readonly rssGrowth: number; readonly rounds: number } {
  const feed = new Feed();
  const screen = createScreen({ keep: 1_024 });
  screen.observe(feed.start);
  let barriers = 0;
  let rounds = 0;
  let seed = 0;
  const run = (count: number): number => {
    for (let index = 0; index < count; index++) {
      for (const record of make(seed++)) screen.observe(feed.read(record));
      const before = screen.legal;
      let asked = 0;
      while (screen.wantsBarrier) {
        const ends: TopicOffsets = Object.fromEntries(
          Object.entries(feed.ends).map(([topic, list]) => [topic, [...list]]),
        );
        screen.observe({ kind: "asked", id: ++barriers });
        screen.observe({ kind: "barrier", id: barriers, ends });
        asked++;
      }
      if (screen.legal !== before + 1) throw new Error("a turn was not settled");
      rounds = Math.max(rounds, asked);
    }
    collect();
    return process.memoryUsage().rss;
  };
  run(turns);
  const short = run(turns);
  return { rssGrowth: (run(turns * 10) - short) / 2 ** 20, rounds };
}
