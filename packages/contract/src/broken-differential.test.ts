import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { differences } from "../test/naive/differences.ts";
import { judgeNaively } from "../test/naive/judge-naively.ts";
import { isPossible, randomRun } from "../test/naive/random-run.ts";
import { recipes } from "../test/naive/recipes.ts";
import { type BarrierLaw, barrierLaw } from "./barrier.ts";
import type * as partitionLog from "./log/partition-log.ts";
import { createMonitorWith, type LiveBounds } from "./monitor.ts";
import type { Monitor } from "./monitor-types.ts";

const bounds: LiveBounds = { window: 1_024, tombstones: 1_024, records: 1_024 };
const withLaw = (law: Partial<BarrierLaw>) => (): Monitor => createMonitorWith({}, { ...barrierLaw, ...law });
const withBounds = (own: Partial<LiveBounds>) => (): Monitor =>
  createMonitorWith({}, barrierLaw, { ...bounds, ...own });

/** Random runs, the same each time, with what the naive judge makes of them. */
const judged = fc
  .sample(recipes(), { numRuns: 800, seed: 42 })
  .filter(({ sends }) => !sends.some(({ what }) => what === "a huge sequence"))
  .map(randomRun)
  .filter(isPossible)
  .map((run) => ({ run, naive: judgeNaively(run) }));

/** Whether a monitor and the naive judge say different things of one of the runs. */
function disagrees(create: () => Monitor): boolean {
  return judged.some(({ run, naive }) => {
    const monitor = create();
    for (const observation of run) monitor.observe(observation);
    return differences(monitor.finish(), naive).length > 0;
  });
}

describe("the comparison with the naive judge", { timeout: 300_000 }, () => {
  it("has nothing against the monitor as it is", () => {
    expect(disagrees(withLaw({}))).toBe(false);
  });

  it.each<[mistake: string, create: () => Monitor]>([
    ["takes a position one short of the end for enough", withLaw({ reached: (position, end) => position >= end - 1 })],
    ["waits for a position one beyond the end", withLaw({ reached: (position, end) => position > end })],
    ["takes the offset below the end for late", withLaw({ late: (offset, end) => offset >= end - 1 })],
    ["takes the end offset itself for timely", withLaw({ late: (offset, end) => offset > end })],
    ["takes a barrier that was asked for just before", withLaw({ covers: (index, asked) => index >= asked - 1 })],
    ["passes over the barrier that was asked for next", withLaw({ covers: (index, asked) => index > asked })],
    ["has a window of four sequences", withBounds({ window: 4 })],
    ["never finds an event late", withLaw({ late: () => false })],
    ["keeps no tombstone", withBounds({ tombstones: 0 })],
    ["does not remember what it read", withBounds({ records: 0 })],
  ])("shows a monitor that %s", (_, create) => {
    expect(disagrees(create)).toBe(true);
  });

  it("shows a monitor that takes a redelivery for a record of its own", async () => {
    vi.resetModules();
    vi.doMock("./log/partition-log.ts", async (original) => {
      const module = await original<typeof partitionLog>();
      const createPartitionLog: typeof partitionLog.createPartitionLog = (...args) => {
        const log = module.createPartitionLog(...args);
        const arrive = log.arrive.bind(log);
        return Object.defineProperty(log, "arrive", {
          value(offset: number) {
            arrive(offset);
            return "new";
          },
        });
      };
      return { ...module, createPartitionLog };
    });
    const broken = await import("./monitor.ts");
    vi.doUnmock("./log/partition-log.ts");
    expect(disagrees(() => broken.createMonitor())).toBe(true);
  });
});
