import type { OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import {
  ARMS,
  type ArmName,
  armNames,
  fieldsOf,
  look,
  lookAt,
  makeRecord,
  SECONDS,
  varint,
  type WireField,
  wire,
  without,
} from "../../test/support/screened-record.ts";

const all = (count: number, result: string): string[] => Array.from({ length: count }, () => result);
const raw = (...bytes: number[]): WireField => ({ raw: Uint8Array.from(bytes) });
const bodyOf = (arm: ArmName, body: readonly WireField[]): unknown => lookAt({ arm, body });
/** The arm, with what comes after it in the envelope: nothing, or its ids. */
const ends: readonly ((fields: readonly WireField[]) => WireField[])[] = [
  (fields) => [...fields],
  (fields) => fields.toReversed(),
];
/** It may look closer, but must not be wrong. */
const EITHER = ["glance", "left"];

describe("a record screen leaves to the rules", () => {
  it("bodies with a field twice, of another wire type, or unknown", () => {
    const unknown: readonly WireField[] = [
      ...[0, 5, 15, 16, 31, 33].map((number): WireField => [number, 1]),
      ...[5, 6, 17, 33].map((number): WireField => [number, "x"]),
      raw(0x0d, 1, 2, 3, 4),
      raw(0x09, 1, 2, 3, 4, 5, 6, 7, 8),
      raw(0x0b, 0x0c),
      raw(0x8a, 0, 1, 0x78),
    ];
    for (const arm of armNames) {
      const body = ARMS[arm];
      for (const field of body) {
        if ("raw" in field) continue;
        const [number, value] = field;
        const other: WireField = [number, typeof value === "number" ? "x" : 1];
        expect(bodyOf(arm, [...body, field])).toBe("left");
        expect(bodyOf(arm, [...without(body, number), other])).toBe("left");
        expect(bodyOf(arm, [...body, other])).toBe("left");
      }
      for (const field of unknown) {
        expect(bodyOf(arm, [...body, field])).toBe("left");
        expect(bodyOf(arm, [field, ...body])).toBe("left");
      }
      // Fields of the other kinds of events.
      for (const other of [4, 3, 2, 1].flatMap((number): WireField[] => [
        [number, 1],
        [number, "x"],
      ])) {
        expect(EITHER).toContain(bodyOf(arm, [...body, other]));
        expect(EITHER).toContain(bodyOf(arm, [other]));
      }
    }
  });

  it("bodies that are cut short, whatever comes after them", () => {
    for (const arm of armNames) {
      const bytes = wire(ARMS[arm]);
      for (const fields of ends) {
        for (let length = 0; length < bytes.length; length++) {
          const body = [{ raw: bytes.subarray(0, length) }];
          expect(EITHER).toContain(lookAt({ arm, body, fields }));
        }
        for (const field of ARMS[arm]) {
          const last = wire([field]);
          const others = ARMS[arm].filter((one) => one !== field);
          for (let length = 1; length < last.length; length++) {
            expect(lookAt({ arm, body: [...others, { raw: last.subarray(0, length) }], fields })).toBe("left");
          }
        }
      }
    }
    for (const fields of ends) {
      for (const end of [raw(0x0a, 9, 0x78), raw(0x0a), raw(0x0a, 0x80), raw(0x0a, 2, 0x78)]) {
        expect(lookAt({ body: [end], fields })).toBe("left");
      }
      expect(lookAt({ body: [], fields })).toBe("left");
    }
  });

  it("numbers of more than 49 bits, not those that are written a little longer than need be", () => {
    const step = (...bytes: number[]): unknown => lookAt({ body: [[1, "x"], raw(0x10, ...bytes)] });
    for (let more = 0; more <= 6; more++) expect(step(...varint(5, more))).toBe("glance");
    for (let more = 7; more <= 9; more++) expect(EITHER).toContain(step(...varint(5, more)));
    for (let more = 10; more <= 20; more++) expect(step(...varint(5, more))).toBe("left");
    for (const value of [127, 128, 300, 16_384, 2 ** 21, 2 ** 28, 2 ** 32 - 1])
      expect(step(...varint(value))).toBe("glance");
    for (const value of [2 ** 32, 2 ** 42, 2 ** 49]) expect(EITHER).toContain(step(...varint(value)));
    // What follows belongs to the number still, or to nothing.
    expect(step(128, 128, 128, 128, 128, 128, 128, 0x18, 5)).toBe("left");
    for (const fields of ends) expect(lookAt({ body: [[1, "x"], raw(0x10)], fields })).toBe("left");
  });

  it("timestamps out of range, with fields that are not its own, or cut short", () => {
    const time = (...fields: readonly WireField[]): unknown => lookAt({ time: fields });
    const seconds: WireField = [1, SECONDS];
    expect([time(seconds), time(seconds, [2, 1]), time([2, 5_000_000], seconds), time()]).toEqual(all(4, "glance"));
    expect(time([1, 253_402_300_799], [2, 999_999_999])).toBe("glance");
    expect(time([2, 1])).toBe("glance");
    expect(EITHER).toContain(time([1, 5], [2, 7], seconds, [2, 9]));
    expect([time(seconds, [2, 1_000_000_000]), time([1, 253_402_300_800])]).toEqual(["left", "left"]);
    for (const number of [0, 3, 4]) {
      for (const value of [0, 1]) expect(time(seconds, [number, value])).toBe("left");
    }
    expect([time([1, "x"]), time(seconds, [2, "x"])]).toEqual(["left", "left"]);
    expect([time(seconds, raw(0x10)), time(seconds, raw(0x10, 0x80)), time(raw(0x08))]).toEqual(all(3, "left"));
    // Before 1970.
    expect(EITHER).toContain(time(raw(8, ...Array.from({ length: 9 }, () => 255), 1)));
    // What follows a timestamp is not its own.
    for (const fields of ends) expect(lookAt({ time: [seconds, raw(0x10)], fields })).toBe("left");
    expect(lookAt({ fields: (fields) => without(fields, 5) })).toBe("left");
  });

  it("ids that are missing or no UTF-8, wherever they stand", () => {
    const bad = [Uint8Array.of(0xff), Uint8Array.of(0x78, 0xc3), Uint8Array.of(0xc3, 0x78)];
    for (const name of ["event", "conversation", "message"] as const) {
      for (const fields of ends) {
        expect(lookAt({ [name]: "", fields })).toBe("left");
        for (const id of bad) expect(lookAt({ [name]: id, fields })).toBe("left");
        for (const id of ["é", "x".repeat(130), "x".repeat(1_100)])
          expect(EITHER).toContain(lookAt({ [name]: id, fields }));
        expect(lookAt({ [name]: "x".repeat(120), fields })).toBe("glance");
      }
    }
    const taskAt = (at: number) => (fields: readonly WireField[]) =>
      fields.toSpliced(3, 1).toSpliced(at, 0, ...fields.slice(3, 4));
    for (const id of bad) for (let at = 0; at < 7; at++) expect(lookAt({ task: id, fields: taskAt(at) })).toBe("left");
    // Without a task, where the task's id of the record before it was says nothing.
    expect(lookAt({ body: fieldsOf({ 1: "é x" }), fields: (fields) => fields.toReversed() })).toBe("glance");
    expect(lookAt({ event: "x".repeat(900) })).toBe("glance");
  });

  it("keys, topics, partitions, sequences and headers that are not the envelope's", () => {
    const record = makeRecord();
    const key = record.key ?? new Uint8Array();
    const others: readonly Partial<OutgoingRecord>[] = [
      ...[null, new Uint8Array(), key.toReversed(), key.slice(1), key.slice(0, -1)].map((other) => ({ key: other })),
      ...[null, new Uint8Array(), Uint8Array.of(0xff)].map((value) => ({ value })),
      { headers: [] },
    ];
    for (const other of others) expect(look({ ...record, ...other })).toBe("left");
    for (let partition = 0; partition < 10; partition++) {
      expect(look({ ...record, partition })).toBe(partition === record.partition ? "glance" : "left");
    }
    for (let topic = 0; topic < 5; topic++) expect(look(record, { topic })).toBe(topic === 0 ? "glance" : "left");
    const sequence = (value: number): unknown => lookAt({ fields: (fields) => [...without(fields, 6), [6, value]] });
    expect([0, 1, 2 ** 32 - 1].map(sequence)).toEqual(["left", "glance", "glance"]);
    expect(lookAt({ fields: (fields) => without(fields, 6) })).toBe("left");
    // Without a conversation neither key nor partition say anything.
    expect(look({ ...makeRecord({ conversation: "" }), key: new Uint8Array() })).toBe("left");
  });
});
