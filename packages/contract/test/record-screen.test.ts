import { createScreen, judgeObservations, type Observation } from "@ondash/contract";
import { chatV2, createSkimmer, decodeEnvelope, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { records as recordsOf } from "./support/chat.ts";
import { twoLooks } from "./support/two-looks.ts";

const sound = validTurn(chatV2, { length: 8 }).map(({ events }) =>
  events.map((event) => encodeRecord(chatV2, event, 8)),
);

/** Something done to one record's bytes, key or headers. */
const damage = fc.oneof(
  fc.record({ do: fc.constant("flip" as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ do: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({ do: fc.constant("insert" as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    do: fc.constant("header" as const),
    at: fc.nat(6),
    change: fc.constantFrom("drop", "twice", "case", "flip", "null"),
  }),
  fc.record({ do: fc.constant("key" as const), at: fc.nat(), bit: fc.nat(7) }),
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(record: OutgoingRecord, how: Damage): OutgoingRecord {
  const value = [...(record.value ?? [])];
  const key = [...(record.key ?? [])];
  switch (how.do) {
    case "flip":
      value[how.at % value.length] = (value[how.at % value.length] ?? 0) ^ (1 << how.bit);
      return { ...record, value: Uint8Array.from(value) };
    case "cut":
      return { ...record, value: Uint8Array.from(value.slice(0, how.at % value.length)) };
    case "insert":
      return { ...record, value: Uint8Array.from(value.toSpliced(how.at % value.length, 0, how.byte)) };
    case "key":
      key[how.at % key.length] = (key[how.at % key.length] ?? 0) ^ (1 << how.bit);
      return { ...record, key: Uint8Array.from(key) };
    default: {
      const [name = "", content = null] = record.headers[how.at] ?? [];
      const changed = Uint8Array.from(content ?? []).map((byte, index) => (index === 3 ? byte ^ 1 : byte));
      const headers = {
        drop: [],
        twice: [[name, content] as const, [name, content] as const],
        case: [[name.toUpperCase(), content] as const],
        flip: [[name, changed] as const],
        null: [[name, null] as const],
      }[how.change];
      return { ...record, headers: record.headers.toSpliced(how.at, 1, ...(headers ?? [])) };
    }
  }
}

function run(records: readonly OutgoingRecord[]): Observation[] {
  const ends = Object.fromEntries(chatV2.topicList.map((topic) => [topic, Array.from({ length: 8 }, () => 0)]));
  const start = structuredClone(ends);
  const read = records.map((record): Observation => {
    const list = ends[record.topic] ?? [];
    const offset = list[record.partition] ?? 0;
    list[record.partition] = offset + 1;
    return { kind: "record", ...record, offset, timestamp: 1 };
  });
  return [{ kind: "start", partitions: 8, start }, ...read, { kind: "end", ends, producersDone: true }];
}

describe("a screen", () => {
  it("never calls a run legal in which one record was damaged and the monitor objects", () => {
    fc.assert(
      fc.property(sound, fc.nat(), damage, (turn, which, how) => {
        const observations = run(
          turn.map((record, index) => (index === which % turn.length ? damaged(record, how) : record)),
        );
        expect(twoLooks(observations).judgement).toEqual(judgeObservations(observations));
      }),
      { numRuns: 1_500 },
    );
  });

  it("leaves a step beyond the total to the monitor, whether it decodes the record or not", () => {
    for (const conversation of ["conv_456", "\u{10ffff}"]) {
      const steps = [{ status: "x", step: 3, total: 1 }, { completion: "CONVERSATION" }] as const;
      const observations = run(recordsOf(chatV2, steps, { conversation }));
      const { judgement, how } = twoLooks(observations);
      expect(how).toBe("suspect");
      expect(judgement).toEqual(judgeObservations(observations));
      expect(judgement.warnings.map(({ rule }) => rule)).toEqual(["GRM-07"]);
    }
  });

  it("looks at what encoders write and no closer: one look is enough", () => {
    fc.assert(
      fc.property(sound, (records) => {
        const screen = createScreen();
        for (const observation of run(records)) screen.observe(observation);
        expect(["legal", "suspect"]).toContain(screen.finish().kind);
      }),
    );
  });
});

describe("a skimmer", () => {
  it("finds in what an encoder wrote what decoding finds", () => {
    const skim = createSkimmer(chatV2);
    const text = (bytes: Uint8Array, start: number, end: number): string =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
    fc.assert(
      fc.property(sound, (records) => {
        for (const { value } of records) {
          const decoding = decodeEnvelope(chatV2, value);
          if (value === null || !decoding.ok) throw new Error("the arbitrary makes sound records");
          expect(skim.read(value)).toBe(true);
          const { envelope } = decoding;
          expect(text(value, skim.eventIdStart, skim.eventIdEnd)).toBe(envelope.eventId);
          expect(text(value, skim.conversationIdStart, skim.conversationIdEnd)).toBe(envelope.conversationId);
          expect(text(value, skim.messageIdStart, skim.messageIdEnd)).toBe(envelope.messageId);
          expect(text(value, skim.taskIdStart, skim.taskIdEnd)).toBe(envelope.taskId);
          expect(skim.sequence).toBe(envelope.sequence);
          expect([skim.arm]).toEqual(decoding.arms);
        }
      }),
    );
  });

  it("accepts of damaged bytes only what has one arm and nothing unknown at the top, and lengths that fit", () => {
    const skim = createSkimmer(chatV2);
    fc.assert(
      fc.property(sound, fc.nat(), damage, (records, which, how) => {
        const record = records[which % records.length];
        if (record === undefined) return;
        const { value } = damaged(record, how);
        if (value === null || !skim.read(value)) return;
        const parts = [
          skim.eventIdEnd,
          skim.conversationIdEnd,
          skim.messageIdEnd,
          skim.taskIdEnd,
          skim.timestampEnd,
          skim.armEnd,
        ];
        expect(Math.max(...parts)).toBeLessThanOrEqual(value.length);
        const decoding = decodeEnvelope(chatV2, value);
        if (decoding.ok) expect(decoding.arms).toEqual([skim.arm]);
      }),
      { numRuns: 1_000 },
    );
  });
});
