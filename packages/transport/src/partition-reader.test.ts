import type { RecordObservation } from "@ondash/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fetchedBatch as batch } from "../test/support/fetched.ts";
import type { FetchedBatch } from "./fetch/fetched.ts";
import { createPartitionReader, type LogObservation } from "./partition-reader.ts";

function read(start: number, ...answers: readonly (readonly FetchedBatch[])[]) {
  const observed: LogObservation[] = [];
  const reader = createPartitionReader("t", 0, start, (observation) => observed.push(observation));
  for (const answer of answers) reader.take(answer);
  return { reader, lines: observed.map(line) };
}

/** `record 3`, `aborted 4-5`, `gap 6-6`. */
function line(observation: LogObservation): string {
  if (observation.kind === "record") return `record ${observation.offset}`;
  const what = observation.kind === "skip" ? observation.why : "gap";
  return `${what} ${observation.from}-${observation.to}`;
}

describe("partition reader", () => {
  it("ignores what lies before the offset asked for: a batch comes as a whole", () => {
    const { reader, lines } = read(2, [batch([0, 1, 2, 3])]);
    expect(lines).toEqual(["record 2", "record 3"]);
    expect(reader.position).toBe(4);
  });

  it("names offsets that are missing between records as a gap, and those at the end of a batch", () => {
    const { reader, lines } = read(0, [batch(0), batch(3, { lastOffset: 6 })]);
    expect(lines).toEqual(["record 0", "gap 1-2", "record 3", "gap 4-6"]);
    expect(reader.fetchOffset).toBe(7);
  });

  it("names the offsets of a batch that compaction has emptied as a gap", () => {
    const { reader, lines } = read(2, [batch([], { lastOffset: 4 }), batch(5), batch([], { lastOffset: 8 })]);
    expect(lines).toEqual(["gap 2-4", "record 5", "gap 6-8"]);
    expect([reader.position, reader.fetchOffset]).toEqual([9, 9]);
  });

  it("resolves two interleaved transactions in order of their offsets, leaking nothing of the aborted one", () => {
    const a = { transaction: "a" };
    const b = { transaction: "b" };
    const first = [batch(0, a), batch(1, b), batch(2, a), batch(3, b)];
    const { reader, lines } = read(0, first, [batch(4, { ...b, control: "abort" })]);
    expect(lines).toEqual([]);
    expect([reader.position, reader.fetchOffset]).toEqual([0, 5]);
    reader.take([batch(5, a), batch(6, { ...a, control: "commit" }), batch(7)]);
    const all = read(
      0,
      first,
      [batch(4, { ...b, control: "abort" })],
      [batch(5, a), batch(6, { ...a, control: "commit" }), batch(7)],
    );
    expect(all.lines).toEqual([
      "record 0",
      "aborted 1-1",
      "record 2",
      "aborted 3-3",
      "control 4-4",
      "record 5",
      "control 6-6",
      "record 7",
    ]);
    expect(all.reader.position).toBe(8);
  });

  it("holds what comes behind an open transaction, which its position shows", () => {
    const { reader, lines } = read(10, [batch(10), batch(11, { transaction: "a" }), batch(12)]);
    expect(lines).toEqual(["record 10"]);
    expect([reader.position, reader.fetchOffset]).toEqual([11, 13]);
  });

  it("does not hold what nobody cares about, nor ever shows it as a record", () => {
    const observed: LogObservation[] = [];
    const isOurs = ({ offset }: RecordObservation): boolean => offset !== 1 && offset !== 2;
    const reader = createPartitionReader("t", 0, 0, (observation) => observed.push(observation), isOurs);
    const a = { transaction: "a" };
    reader.take([batch(0), batch(1, a), batch(2, a), batch(3)]);
    expect(observed.map(line)).toEqual(["record 0", "control 1-2", "record 3"]);
    expect(reader.position).toBe(4);
    // The same transaction may hold something else, too.
    reader.take([batch(4, a), batch(5)]);
    expect(reader.position).toBe(4);
    reader.take([batch(6, { ...a, control: "abort" })]);
    expect(observed.map(line).slice(3)).toEqual(["aborted 4-4", "record 5", "control 6-6"]);
  });

  it("takes a marker of a transaction of which nothing was read as a control record only", () => {
    expect(read(0, [batch(0, { transaction: "a", control: "abort" })]).lines).toEqual(["control 0-0"]);
  });

  it("gives offsets up as a gap, also between held ones", () => {
    const { reader, lines } = read(0, [batch(0, { transaction: "a" })]);
    reader.giveUpTo(3);
    expect(lines).toEqual([]);
    expect([reader.position, reader.fetchOffset]).toEqual([0, 3]);
    reader.giveUpTo(2);
    expect(reader.fetchOffset).toBe(3);
  });

  /** A log: per entry, whose it is (plain, or one of three transactional producers) or whose transaction ends there. */
  const logs = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant("data" as const), by: fc.constantFrom("", "p", "q", "r") }),
      },
      fc.record({ kind: fc.constantFrom("commit" as const, "abort" as const), by: fc.constantFrom("p", "q", "r") }),
      fc.record({ kind: fc.constant("hole" as const), by: fc.constant("") }),
    ),
    { maxLength: 40 },
  );

  it("gives what the whole log says, however it is cut into answers", () => {
    fc.assert(
      fc.property(logs, fc.array(fc.nat(6), { minLength: 1, maxLength: 40 }), fc.nat(5), (log, cuts, start) => {
        const entries = log.map(({ kind, by }, index) => ({ kind, by, offset: start + index }));
        const batches = entries
          .filter(({ kind }) => kind !== "hole")
          .map(({ kind, by, offset }) =>
            batch(offset, {
              transaction: by === "" ? undefined : by,
              control: kind === "commit" || kind === "abort" ? kind : undefined,
            }),
          );
        // The fate of an entry, read off the whole log: what a reader with foresight would say.
        const fates = entries.map(({ kind, by, offset }) => {
          if (kind === "hole") return "gap";
          if (kind !== "data") return "control";
          if (by === "") return "record";
          const marker = entries.find((other) => other.offset > offset && other.by === by && other.kind !== "data");
          return marker === undefined ? "open" : marker.kind === "commit" ? "record" : "aborted";
        });
        const lastRead = batches.at(-1)?.lastOffset ?? start - 1;
        const readFates = fates.slice(0, lastRead + 1 - start);
        const open = readFates.indexOf("open");
        const expected = (open < 0 ? readFates : readFates.slice(0, open)).map(
          (fate, index) => `${fate} ${start + index}`,
        );

        const observed: LogObservation[] = [];
        const reader = createPartitionReader("t", 0, start, (observation) => observed.push(observation));
        let rest = batches;
        for (let turn = 0; rest.length > 0; turn++) {
          // An answer may begin before the position, as a batch does.
          const size = 1 + (cuts[turn % cuts.length] ?? 0);
          const from = Math.max(0, batches.length - rest.length - (turn % 2));
          const answer = batches.slice(from, batches.length - rest.length + size);
          if (turn % 3 > 0) {
            reader.announce(answer);
            expect(reader.fetchOffset).toBe((answer.at(-1)?.lastOffset ?? 0) + 1);
          }
          reader.take(answer);
          rest = rest.slice(size);
        }

        const actual = observed.flatMap((observation) => {
          if (observation.kind === "record") return [`record ${observation.offset}`];
          const what = observation.kind === "gap" ? "gap" : observation.why;
          return Array.from(
            { length: observation.to - observation.from + 1 },
            (_, i) => `${what} ${observation.from + i}`,
          );
        });
        expect(actual).toEqual(expected);
        expect(reader.position).toBe(start + expected.length);
        expect(reader.fetchOffset).toBe(lastRead + 1);
      }),
      { numRuns: 500 },
    );
  });
});
