import type { Observation } from "@ondash/contract";
import type { OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { sendsOf, topicsOf, world } from "../../test/support/world.ts";
import { createProber } from "./certainty.ts";

const byMessage = (record: OutgoingRecord): OutgoingRecord => ({ ...record, key: new TextEncoder().encode("msg_1") });

describe("createProber", () => {
  const bad = sendsOf("sales-chart", "chat.v1").map(byMessage);
  const observations = (count: number): Observation[] => {
    const log = world(topicsOf(bad));
    for (const record of bad.slice(0, count)) log.append(record);
    while (log.lag > 0) log.read(0);
    return log.observations;
  };

  it("keeps what it found", () => {
    const prober = createProber();
    expect(prober.probe(observations(0), 0)).toEqual([]);
    const first = prober.probe(observations(1), 0);
    expect(first.map(({ rule }) => rule)).toEqual(["REC-04"]);
    expect(prober.probe(observations(2), 0)).toBe(first);
  });

  it("looks when a barrier is granted that shows that what was read already is late", () => {
    const sends = sendsOf("sales-chart", "chat.v1");
    const late = sends.findLast(({ topic }) => topic.endsWith("text")) as OutgoingRecord;
    const log = world(topicsOf(sends));
    for (const record of sends.filter((one) => one !== late)) log.append(record);
    while (log.lag > 0) log.read(0);
    log.ask();
    const { ends } = log.end() as Extract<Observation, { kind: "end" }>;
    log.append(late);
    while (log.lag > 0) log.read(0);
    const prober = createProber();
    expect(prober.probe(log.observations, 0)).toEqual([]);
    const barrier: Observation = { kind: "barrier", id: 1, ends };
    expect(prober.probe([...log.observations, barrier], 0).map(({ rule }) => rule)).toEqual(["ORD-05"]);
  });

  it("looks at the topics before anything has come", () => {
    const topics = topicsOf(bad);
    const start = Object.fromEntries(topics.map((topic, index) => [topic, Array.from({ length: index + 1 }, () => 0)]));
    const prober = createProber();
    expect(prober.probe([{ kind: "start", partitions: 8, start }], 0).map(({ rule }) => rule)).toEqual(["KAF-01"]);
  });

  it("judges a long run anew only when enough has come", () => {
    const prober = createProber(4);
    const long = observations(7);
    expect(prober.probe(long.slice(0, 1), 0)).toEqual([]);
    // Up to the limit each observation counts; above it a 32nd of so few is each one, too.
    expect(prober.probe(long.slice(0, 2), 0)).toHaveLength(1);
    const patient = createProber(0);
    const many: Observation[] = long.slice(0, 1);
    for (let offset = 0; offset < 100; offset++) {
      many.push({ kind: "skip", topic: "ondash.llm.error", partition: 0, from: offset, to: offset, why: "control" });
    }
    expect(patient.probe(many, 0)).toEqual([]);
    const record = long[1] as Observation;
    expect(patient.probe([...many, record], 0)).toEqual([]);
    const eager = createProber(0);
    eager.probe(many, 0);
    // A turn was decided: however little came, it is looked at.
    expect(eager.probe([...many, record], 1)).toHaveLength(1);
    expect(patient.probe([...many, ...long.slice(1, 5)], 0)).toHaveLength(4);
  });
});
