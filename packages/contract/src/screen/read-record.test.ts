import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, type Step } from "../../test/support/chat.ts";
import { makeRecord, wire } from "../../test/support/screened-record.ts";
import { hashEvent } from "./hash-ids.ts";
import { createRecordReader, type RecordReader } from "./read-record.ts";
import { blankEvent, Kind, type ScreenedEvent } from "./screened-event.ts";

const encoder = new TextEncoder();

/** What a reader makes of a record, and the event that it filled in. */
function read(record: OutgoingRecord): { reading: ReturnType<RecordReader["read"]>; event: ScreenedEvent } {
  const event = blankEvent();
  const observed = { kind: "record", ...record, offset: 12, timestamp: 1 } as const;
  const topic = chatV2.topicList.indexOf(record.topic);
  return { reading: createRecordReader(chatV2, event).read(observed, topic, 8), event };
}

describe("a record reader", () => {
  it.each<[step: Step, facts: Partial<ScreenedEvent>]>([
    [{ status: "x" }, { kind: Kind.status }],
    [
      { status: "x", step: 3, total: 3 },
      { kind: Kind.status, step: 3 },
    ],
    [
      { status: "x", step: 3 },
      { kind: Kind.status, step: 3 },
    ],
    [{ text: "x", position: "BEFORE" }, { kind: Kind.before }],
    [{ text: "x", position: "AFTER" }, { kind: Kind.after }],
    [{ text: "x", position: "STANDALONE" }, { kind: Kind.standalone }],
    [{ chart: "bar" }, { kind: Kind.chart }],
    [{ error: "WARNING" }, { kind: Kind.warning }],
    [{ error: "ERROR" }, { kind: Kind.error }],
    [{ error: "FATAL" }, { kind: Kind.fatal }],
    [
      { completion: "TASK", task: "task 1" },
      { kind: Kind.task, last: 1 },
    ],
    [{ completion: "CONVERSATION" }, { kind: Kind.conversation, last: 1 }],
  ])("fills in the facts of a sound record: %j", (step, facts) => {
    const ids = { conversation: "c\u{10ffff}", message: "m\u{e9}" };
    const [record] = records(chatV2, [{ ...step, at: 1_999, id: "e1" }], ids);
    if (record === undefined) throw new Error("there is a record");
    const expected: ScreenedEvent = {
      ...blankEvent(),
      sequence: 1,
      time: 1_761_733_801_999,
      topic: chatV2.topicList.indexOf(record.topic),
      partition: record.partition,
      offset: 12,
      ...facts,
    };
    const texts = ["e1", ids.conversation, ids.message, step.task ?? ""].map((text) => encoder.encode(text));
    hashEvent(expected, ...(texts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]));
    expect(read(record)).toEqual({ reading: { kind: "sound" }, event: expected });
  });

  it("rounds times down to milliseconds", () => {
    const time = (seconds: number, nanos: number): number =>
      read(
        makeRecord({
          time: [
            [1, seconds],
            [2, nanos],
          ],
        }),
      ).event.time;
    expect([time(5, 0), time(5, 999_999), time(5, 1_000_000), time(5, 999_999_999)]).toEqual([
      5_000, 5_000, 5_001, 5_999,
    ]);
  });

  const key = (text: string): Partial<OutgoingRecord> => ({ key: encoder.encode(text) });
  const noTime = makeRecord({ fields: (fields) => fields.filter((field) => "raw" in field || field[0] !== 5) });
  it.each<[what: string, record: OutgoingRecord, conversations: readonly string[]]>([
    ["a rule is broken", { ...makeRecord(), headers: [] }, ["conv"]],
    ["the key is of another conversation", { ...makeRecord(), ...key("other") }, ["conv", "other"]],
    ["there is no key", { ...makeRecord(), key: null }, ["conv"]],
    ["the key is empty", { ...makeRecord(), ...key("") }, ["conv"]],
    ["the key is not UTF-8", { ...makeRecord(), key: Uint8Array.of(0xff) }, ["conv"]],
    ["it does not decode", { ...makeRecord(), value: Uint8Array.of(0xff) }, ["conv"]],
    ["it is a tombstone without a key", { ...makeRecord(), value: null, key: null }, []],
    ["it has no conversation", { ...makeRecord({ conversation: "" }), ...key("other") }, ["other"]],
    ["it has neither a conversation nor a key", { ...makeRecord({ conversation: "" }), key: null }, []],
    ["it has no message", { ...makeRecord({ message: "" }), ...key("other") }, ["conv", "other"]],
    ["it has neither a message nor a key", { ...makeRecord({ message: "" }), key: null }, []],
    ["it has no timestamp", noTime, ["conv"]],
    ["it has no body", makeRecord({ fields: (fields) => fields.slice(0, -1) }), ["conv"]],
    [
      "a step is beyond its total",
      makeRecord({
        body: [
          [1, "x"],
          [2, 4],
          [3, 3],
        ],
      }),
      ["conv"],
    ],
  ])("says whom it concerns that %s", (_, record, conversations) => {
    const { reading, event } = read(record);
    expect(reading.kind).toBe("broken");
    if (reading.kind === "broken") expect(new Set(reading.conversations)).toEqual(new Set(conversations));
    // Nothing was filled in.
    expect(event).toEqual(blankEvent());
  });

  it("names the turn of a sound record, however its bytes are written", () => {
    const reader = createRecordReader(chatV2, blankEvent());
    const names = (value: Uint8Array | null): unknown =>
      reader.namesOf({ kind: "record", ...makeRecord(), value, offset: 0, timestamp: 1 });
    const ids = { conversation: "\u{feff}c\u{e9}", message: "\u{feff}m" };
    const expected = { conversationId: "\u{feff}c\u{e9}", messageId: "\u{feff}m" };
    expect(names(makeRecord(ids).value)).toEqual(expected);
    // The last of a field that is there twice counts.
    const twice = makeRecord({ ...ids, fields: (fields) => [[2, "other"], [3, "other"], ...fields] }).value;
    expect(names(twice)).toEqual(expected);
    for (const value of [null, Uint8Array.of(0xff), wire([[1, Uint8Array.of(0xff)]])]) {
      expect(() => names(value)).toThrow(expect.objectContaining({ code: "observation" }));
      expect(() => names(value)).toThrow(/ a sound record does not decode: /);
    }
  });
});
