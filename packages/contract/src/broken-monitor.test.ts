import { chatV2 } from "@ondash/schemas";
import { describe, expect, it, vi } from "vitest";
import { allOperators } from "../test/simulator/all-operators.ts";
import { profileOf } from "../test/simulator/profile.ts";
import { proveLegal } from "../test/simulator/prove-legal.ts";
import { proveOperator } from "../test/simulator/prove-operators.ts";
import { type BarrierLaw, barrierLaw } from "./barrier.ts";
import type * as partitionLog from "./log/partition-log.ts";
import { createMonitorWith, type LiveBounds } from "./monitor.ts";
import type { Monitor, MonitorOptions } from "./monitor-types.ts";

const SEED = 42;
const bounds: LiveBounds = { window: 1_024, tombstones: 1_024, records: 1_024 };

/** False alarms on legal turns of a profile. */
function alarms(create: () => Monitor, profile = "near-empty", turns = 600): number {
  return proveLegal(profileOf(profile), { seed: SEED, turns, create }).alarms;
}

/** Mutants of operators that a monitor does not find as it should. */
function missed(create: () => Monitor, name: string): number {
  return allOperators
    .filter((operator) => operator.name.startsWith(name))
    .map((operator) => proveOperator(operator, { seed: SEED, mutants: 120, create }).faults)
    .reduce((sum, faults) => sum + faults, 0);
}

const withLaw = (law: Partial<BarrierLaw>) => (): Monitor => createMonitorWith({}, { ...barrierLaw, ...law });
const withBounds =
  (own: Partial<LiveBounds>, options: MonitorOptions = {}) =>
  (): Monitor =>
    createMonitorWith(options, barrierLaw, { ...bounds, ...own });

describe("the near-empty profile", { timeout: 300_000 }, () => {
  it("has nothing against the monitor as it is", () => {
    expect(alarms(withLaw({}), "near-empty", 2_000)).toBe(0);
    expect(missed(withLaw({}), "ORD-05")).toBe(0);
  });

  // Each of the plausible mistakes, put in the place of what is right, must show.
  it.each<[mistake: string, create: () => Monitor]>([
    ["decides as soon as ends are granted", withLaw({ reached: () => true })],
    ["takes a position one short of the end for enough", withLaw({ reached: (position, end) => position >= end - 1 })],
    ["takes the offset below the end for late", withLaw({ late: (offset, end) => offset >= end - 1 })],
    [
      "takes a barrier that was asked for before the end was observed",
      withLaw({ covers: (at, asked) => at >= asked - 1 }),
    ],
    ["takes any barrier", withLaw({ covers: () => true })],
    ["keeps one tombstone", withBounds({ tombstones: 1 })],
    ["has a window of two sequences", withBounds({ window: 2 })],
  ])("shows a monitor that %s", (_, create) => {
    expect(alarms(create)).toBeGreaterThan(0);
  });

  it("shows a window that is one too narrow for its longest turn", () => {
    // Its turns differ in length, so that there is one window that just holds all.
    const widths = Array.from({ length: 24 }, (_, index) => index + 1);
    const enough = widths.filter((window) => alarms(withBounds({ window }), "near-empty", 300) === 0);
    expect(enough.length).toBeGreaterThan(0);
    expect(enough).toEqual(widths.slice(-enough.length));
    expect(enough.length).toBeLessThan(widths.length - 4);
  });
});

describe("mutants among legal turns", { timeout: 300_000 }, () => {
  it("show a monitor that takes an event at the end offset itself for timely", () => {
    expect(missed(withLaw({ late: (offset, end) => offset > end }), "ORD-05")).toBeGreaterThan(0);
  });

  it("show a monitor that never takes an event for late", () => {
    expect(missed(withLaw({ late: () => false }), "ORD-05")).toBeGreaterThan(0);
  });

  it("show a monitor that keeps no more than one tombstone", () => {
    expect(missed(withBounds({ tombstones: 1 }), `ORD-05 ${chatV2.name}`)).toBeGreaterThan(0);
  });
});

describe("redeliveries", { timeout: 300_000 }, () => {
  it.each(["duplicates", "rewinds", "restarts"])(
    "show, in the profile %s, a monitor that takes them for new",
    async (profile) => {
      vi.resetModules();
      vi.doMock("./log/partition-log.ts", async (original) => {
        const module = await original<typeof partitionLog>();
        const createPartitionLog: typeof partitionLog.createPartitionLog = (...args) => {
          const log = module.createPartitionLog(...args);
          const arrive = log.arrive.bind(log);
          return Object.defineProperty(log, "arrive", {
            value: (offset: number) => {
              arrive(offset);
              return "new";
            },
          });
        };
        return { ...module, createPartitionLog };
      });
      const broken = await import("./monitor.ts");
      vi.doUnmock("./log/partition-log.ts");
      expect(alarms(() => broken.createMonitor(), profile)).toBeGreaterThan(0);
    },
  );
});
