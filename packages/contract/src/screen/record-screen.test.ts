import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import {
  ARMS,
  type ArmName,
  armNames,
  fieldsOf,
  look,
  lookAt,
  makeRecord,
  type WireField,
  without,
} from "../../test/support/screened-record.ts";
import { createRecordScreen } from "./record-screen.ts";

const all = (count: number, result: string): string[] => Array.from({ length: count }, () => result);
/** The last of an envelope's fields, its arm, comes first. */
const armFirst = (fields: readonly WireField[]): WireField[] => [...fields.slice(-1), ...fields.slice(0, -1)];
/** The task's id comes first. */
const taskFirst = (fields: readonly WireField[]): WireField[] => [...fields.slice(3, 4), ...fields.toSpliced(3, 1)];
const reversed = (fields: readonly WireField[]): WireField[] => fields.toReversed();

/** What becomes of an arm whose field has one value after the other. */
function looks(arm: ArmName, number: number, values: readonly (number | string | Uint8Array)[], task = ""): unknown[] {
  return values.map((value) => lookAt({ arm, body: [...without(ARMS[arm], number), [number, value]], task }));
}

describe("a record screen sees at a glance", () => {
  it("what an encoder writes of each kind of event, in any order of fields", () => {
    for (const arm of armNames) {
      for (const body of [ARMS[arm], ARMS[arm].toReversed()]) {
        for (const fields of [armFirst, reversed]) expect(lookAt({ arm, body, fields })).toBe("glance");
        expect(lookAt({ arm, body })).toBe("glance");
      }
    }
    for (const task of ["t", "task 1"]) {
      for (const arm of armNames) {
        const body = arm === "completion" ? fieldsOf({ 1: 1 }) : ARMS[arm];
        expect(lookAt({ arm, body, task })).toBe("glance");
        for (const fields of [armFirst, taskFirst, reversed]) {
          expect(lookAt({ arm, body, task, fields })).toBe("glance");
        }
      }
    }
  });

  it.each<[arm: ArmName, number: number, task: string, known: readonly number[]]>([
    ["text", 2, "", [1, 2, 3]],
    ["text", 2, "t", [1, 2, 3]],
    ["chart", 3, "", [1, 2, 3, 4, 5, 6]],
    ["error", 1, "", [1, 2, 3]],
    ["completion", 1, "", [2]],
    ["completion", 1, "t", [1]],
    ["completion", 3, "", [7]],
    ["completion", 3, "t", []],
    ["status", 2, "t", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 2 ** 32 - 1]],
    ["status", 3, "", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 2 ** 32 - 1]],
  ])("those numbers that the rules allow: %s, field %d, task %j", (arm, number, task, known) => {
    const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53];
    expect(looks(arm, number, values, task)).toEqual(
      values.map((value) => (known.includes(value) ? "glance" : "left")),
    );
  });

  it("completions of a task that end its turn, and that don't", () => {
    const completion = (last: number, task: string): unknown =>
      lookAt({ arm: "completion", body: fieldsOf({ 1: 1, 3: last }), task });
    expect([0, 6, 7, 8].map((last) => completion(last, "t"))).toEqual(["glance", "left", "glance", "left"]);
    expect([0, 7].map((last) => completion(last, ""))).toEqual(["left", "left"]);
    expect(lookAt({ arm: "completion", body: fieldsOf({ 1: 2 }) })).toBe("left");
    for (const type of [0, 1, 2, 3]) {
      expect(lookAt({ arm: "completion", body: fieldsOf({ 1: type, 3: 7 }), task: "t" })).toBe(
        type === 1 ? "glance" : "left",
      );
    }
  });

  it("custom types of charts that are custom, and only those", () => {
    const chart = (...more: WireField[]): unknown => lookAt({ arm: "chart", body: [[2, "{}"], ...more] });
    expect(chart([3, 7], [4, "radar"])).toBe("glance");
    expect([chart([3, 7]), chart([3, 7], [4, ""]), chart([3, 8], [4, "radar"])]).toEqual(all(3, "left"));
    expect([chart([3, 1], [4, "radar"]), chart([3, 0], [4, "radar"]), chart([4, "radar"])]).toEqual(all(3, "left"));
    expect(lookAt({ arm: "chart", body: fieldsOf({ 3: 1 }) })).toBe("glance");
  });

  it("steps up to their total", () => {
    const status = (step: number, total: number): unknown => lookAt({ body: fieldsOf({ 1: "x", 2: step, 3: total }) });
    expect([status(3, 3), status(2, 3), status(3, 0), status(0, 3)]).toEqual(all(4, "glance"));
    expect([status(4, 3), status(2, 1)]).toEqual(["left", "left"]);
    expect(lookAt({ body: fieldsOf({ 1: "x", 2: 4, 3: 4 }).toReversed() })).toBe("glance");
  });

  it("texts with a visible character of ASCII, and is never wrong about others", () => {
    const bad = [[0xff], [0x61, 0xc3], [0xc3, 0x61], [0xed, 0xa0, 0x80], [0x61, 0xff, 0x61]].map((bytes) =>
      Uint8Array.from(bytes),
    );
    for (const [arm, number] of [
      ["status", 1],
      ["text", 1],
      ["error", 2],
      ["error", 3],
    ] as const) {
      expect(looks(arm, number, ["x", " x", "é x", "\u{10ffff}~", "!"])).toEqual(all(5, "glance"));
      expect(looks(arm, number, ["", " ", "\n", "\u{85}", " \u{2003} "])).toEqual(all(5, "left"));
      for (const result of looks(arm, number, ["é", "\u{7f}", "\u{feff}"]))
        expect(["glance", "left"]).toContain(result);
      expect(looks(arm, number, bad)).toEqual(all(5, "left"));
      expect(lookAt({ arm, body: without(ARMS[arm], number) })).toBe("left");
    }
    // A completion's message and a chart's configuration may be blank.
    for (const arm of ["completion", "chart"] as const) {
      expect(looks(arm, 2, ["x", "", " ", "é"])).toEqual(all(4, "glance"));
      expect(looks(arm, 2, bad)).toEqual(all(5, "left"));
      expect(lookAt({ arm, body: without(ARMS[arm], 2) })).toBe("glance");
    }
    // What is no UTF-8, but would do as the fields that follow.
    expect(lookAt({ body: fieldsOf({ 1: Uint8Array.of(0x10, 0x85, 0x01) }) })).toBe("left");
    // Nor is it about those that are no UTF-8 of a custom chart.
    for (const text of bad) expect(lookAt({ arm: "chart", body: fieldsOf({ 3: 7, 4: text }) })).toBe("left");
  });

  it("texts of up to 65,536 bytes with their length", () => {
    const text = (length: number): unknown => lookAt({ arm: "text", body: fieldsOf({ 1: "x".repeat(length), 2: 1 }) });
    expect([65_533, 65_537, 70_000].map(text)).toEqual(["glance", "left", "left"]);
    expect(["glance", "left"]).toContain(text(65_536));
    // Others may be longer.
    expect(lookAt({ body: fieldsOf({ 1: "x".repeat(65_537) }) })).toBe("glance");
  });

  it("records of up to 500,000 bytes", () => {
    const sized = (size: number, inHeader: boolean): unknown => {
      const filled = (config: number, header: number): ReturnType<typeof makeRecord> => {
        const record = makeRecord({ arm: "chart", body: fieldsOf({ 2: "x".repeat(config), 3: 1 }) });
        return { ...record, headers: [...record.headers, ["x", new Uint8Array(header)]] };
      };
      const base = filled(300_000, 100_000);
      const bytes = [base.key, base.value, ...base.headers.flatMap(([name, value]) => [name, value])];
      const left = size - bytes.reduce((sum, part) => sum + (part?.length ?? 0), 0);
      return look(filled(300_000 + (inHeader ? 0 : left), 100_000 + (inHeader ? left : 0)));
    };
    for (const inHeader of [true, false]) {
      expect(sized(500_000, inHeader)).toBe("glance");
      expect(sized(524_289, inHeader)).toBe("left");
    }
  });

  it("each record for itself, whatever came before it", () => {
    const screen = createRecordScreen(chatV2);
    for (const partitions of [8, 1, 2, 4, 8]) {
      const record = makeRecord();
      const partition = record.partition % partitions;
      expect(look({ ...record, partition }, { screen, partitions })).toBe("glance");
      expect(look({ ...record, partition: partition + 1 }, { screen, partitions })).toBe("left");
    }
    for (const partitions of [8, 1, 8]) {
      for (const conversation of ["a", "b", "a", "a", "c", "c", "b"]) {
        const ended = makeRecord({ conversation, arm: "completion", body: fieldsOf({ 1: 1, 3: 7 }), task: "t" });
        const status = makeRecord({
          conversation,
          body: fieldsOf({ 1: "x", 2: 3 }),
          time: fieldsOf({ 1: 5, 2: 6_000_000 }),
        });
        const text = makeRecord({ conversation, arm: "text", time: fieldsOf({ 1: 5 }) });
        for (const record of [ended, status, text, makeRecord({ conversation, arm: "error", time: [] })]) {
          const placed = partitions === 1 ? { ...record, partition: 0 } : record;
          expect(look(placed, { screen, partitions })).toBe("glance");
          expect(look({ ...placed, partition: placed.partition + 1 }, { screen, partitions })).toBe("left");
        }
      }
    }
  });
});
