import { createMonitor, type Observation } from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { profileOf, profiles } from "./profile.ts";
import { type Facts, simulate } from "./simulate.ts";
import { createPool } from "./template.ts";

/** Observations and facts of a small run. */
function run(name: string, seed: number, turns = 60): { observations: readonly Observation[]; facts: Facts } {
  const monitor = createMonitor();
  const observations: Observation[] = [];
  const pool = createPool("both", { tasks: 2, length: 6, trailing: false }, 1, 60);
  const simulation = simulate(profileOf(name), seed, { published: "both", turns, pool, driver: monitor });
  for (const observation of simulation) {
    observations.push(observation);
    monitor.observe(observation);
  }
  return { observations, facts: simulation.facts };
}

const placeOf = (o: Observation): string => (o.kind === "record" ? `${o.topic}/${o.partition}@${o.offset}` : "");

describe.each(profiles)("the profile $name", ({ name }) => {
  it("gives the same run for the same seed, and another one for another", () => {
    expect(run(name, 1)).toEqual(run(name, 1));
    expect(run(name, 2).observations).not.toEqual(run(name, 1).observations);
  });

  it("reads every partition in its order, with nothing left out", () => {
    const next = new Map<string, number>();
    for (const o of run(name, 3).observations) {
      if (o.kind === "start") {
        for (const [topic, offsets] of Object.entries(o.start ?? {}))
          for (const [partition, offset] of offsets.entries()) next.set(`${topic}/${partition}`, offset);
      }
      if (o.kind !== "record" && o.kind !== "skip") continue;
      const key = `${o.topic}/${o.partition}`;
      const [from, to] = o.kind === "record" ? [o.offset, o.offset] : [o.from, o.to];
      expect(from).toBeLessThanOrEqual(next.get(key) ?? 0);
      next.set(key, Math.max(next.get(key) ?? 0, to + 1));
    }
  });

  it("grants barriers after they were asked for, with ends that lie at what was appended by then", () => {
    const asked = new Set<number>();
    let last = 0;
    for (const o of run(name, 4).observations) {
      if (o.kind === "asked") asked.add(o.id);
      if (o.kind !== "barrier") continue;
      expect(asked.has(o.id)).toBe(true);
      expect(o.id).toBeGreaterThan(last);
      last = o.id;
    }
    expect(last).toBeGreaterThan(0);
  });
});

describe("profiles do what they say", () => {
  const redelivered = (observations: readonly Observation[]): number => {
    const places = observations.filter(({ kind }) => kind === "record").map(placeOf);
    return places.length - new Set(places).size;
  };

  it("near-empty has two turns, and reads no more than it must", () => {
    const { facts } = run("near-empty", 1);
    expect(facts.turns).toBe(2);
  });

  it("rewinds, duplicates and restarts deliver records again", () => {
    for (const name of ["rewinds", "duplicates", "restarts"]) {
      const { observations, facts } = run(name, 1, 300);
      expect(redelivered(observations), name).toBeGreaterThan(facts.events / 20);
    }
  });

  it("transactions has aborted records and control markers", () => {
    const { observations } = run("transactions", 1);
    const why = new Set(observations.flatMap((o) => (o.kind === "skip" ? [o.why] : [])));
    expect(why).toEqual(new Set(["control", "aborted"]));
  });

  it("restarts has leader epochs that go up, and barriers that are never granted", () => {
    const { observations } = run("restarts", 1, 600);
    const epochs = new Set(observations.flatMap((o) => (o.kind === "record" ? [o.leaderEpoch] : [])));
    expect(epochs.size).toBeGreaterThan(1);
    expect([...epochs].every((epoch) => epoch !== undefined && epoch >= 7)).toBe(true);
    const count = (kind: string): number => observations.filter((o) => o.kind === kind).length;
    expect(count("asked")).toBeGreaterThan(count("barrier"));
  });

  it("lagging reads one topic later than the others", () => {
    const { observations } = run("lagging", 1, 300);
    const positions = new Map<string, number>();
    /** How far each topic was behind when barriers were granted, in all. */
    const behind = new Map<string, number>();
    for (const o of observations) {
      if (o.kind === "record") positions.set(`${o.topic}/${o.partition}`, o.offset + 1);
      if (o.kind !== "barrier") continue;
      for (const [topic, ends] of Object.entries(o.ends)) {
        const missing = ends.map((end, partition) =>
          Math.max(0, end - (positions.get(`${topic}/${partition}`) ?? end)),
        );
        behind.set(
          topic,
          missing.reduce((sum, count) => sum + count, behind.get(topic) ?? 0),
        );
      }
    }
    const sums = [...behind.values()].toSorted((a, b) => a - b);
    // The same topic of both versions, far behind the other eight.
    expect(sums.at(-2)).toBeGreaterThan(4 * (sums.at(-3) ?? 0));
  });

  it("multi-task has turns of many tasks", () => {
    const { shape } = profileOf("multi-task").draw(createRandom(1));
    const [version] = createPool("chat.v2", shape, 1, 200)
      .turns.map(({ versions }) => versions[0]?.events ?? 0)
      .toSorted((a, b) => b - a);
    expect(version).toBeGreaterThan(25);
  });
});
