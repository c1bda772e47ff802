import { type ChatSchema, chatSchemas, chatV1, chatV2, partitionOf, type RecordHeader } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { brokenRecord, contrastOf, recordFacts, soundEvent, status, told } from "../../test/support/facts.ts";
import type { SoundEvent } from "../event.ts";
import type { RecordFacts } from "./facts.ts";
import { recordRules } from "./record-rules.ts";

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const place = (topic: string) => ({ topic, partition: 3, offset: 17 });

function judge(id: string, facts: RecordFacts) {
  const rule = recordRules.find(([name]) => name === id)?.[1];
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule(facts);
}
const says = (id: string, facts: RecordFacts) => contrastOf(judge(id, facts));

describe("REC rules", () => {
  it("are in the order of the catalogue", () => {
    expect(recordRules.map(([id]) => id)).toEqual(
      Array.from({ length: 13 }, (_, index) => `REC-${`${index + 1}`.padStart(2, "0")}`),
    );
  });

  it.each(chatSchemas)("hold or are idle for a sound record ($name)", (schema) => {
    const event = soundEvent(status());
    const facts = recordFacts(schema, event, {
      record: { partition: partitionOf(bytes("conv"), 8) },
      headers: headersOf(schema, event),
    });
    const outcomes = recordRules.map(([id, rule]) => [id, rule(facts).status]);
    expect(Object.fromEntries(outcomes.filter(([, outcome]) => outcome !== "held"))).toEqual(
      schema.sequenced ? {} : { "REC-11": "idle", "REC-12": "idle" },
    );
  });

  it("are idle for a record that does not decode, but for REC-01, REC-05 and REC-10", () => {
    const facts = brokenRecord(chatV2, new Uint8Array(3));
    const busy = recordRules.filter(([, rule]) => rule(facts).status !== "idle").map(([id]) => id);
    expect(busy).toEqual(["REC-01", "REC-05", "REC-10"]);
  });
});

describe("REC-01", () => {
  it("shows the first sixteen bytes", () => {
    const value = Uint8Array.from({ length: 17 }, (_, index) => index);
    const hex = "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f";
    expect(told(judge("REC-01", brokenRecord(chatV1, value)))).toEqual({
      expected: "the bare protobuf bytes of chat.v1.EventEnvelope",
      actual: "cut short (byte 3)",
      notes: [`value: 17 bytes, ${hex} …`],
      records: [place(chatV1.topics.status)],
      eventIds: [],
    });
    expect(told(judge("REC-01", brokenRecord(chatV1, value.subarray(0, 16))))).toMatchObject({
      notes: [`value: 16 bytes, ${hex}`],
    });
  });

  it.each<[value: Uint8Array | null, actual: string]>([
    [null, "a tombstone (null)"],
    [new Uint8Array(), "an empty value"],
  ])("has nothing to show of %s", (value, actual) => {
    expect(told(judge("REC-01", brokenRecord(chatV1, value)))).toMatchObject({ actual, notes: [] });
  });
});

describe("REC-02, REC-03 and REC-13", () => {
  const event = soundEvent(status());
  const arms = (knownArms: string[], unknownArms: number[] = []) =>
    recordFacts(chatV2, event, { decoded: { knownArms, unknownArms } });

  it("want one arm", () => {
    const one = "one of status, text, chart, error, completion";
    expect(says("REC-02", arms(["text"]))).toBe("held");
    expect(says("REC-02", arms(["text", "chart"]))).toEqual([one, "text and chart"]);
    expect(says("REC-02", arms([], [21, 22]))).toEqual([one, "only arms the schema does not know (field 21, 22)"]);
    expect(says("REC-02", arms([]))).toEqual([one, "no arm at all"]);
    // An unknown arm beside a known one is for REC-13 to say.
    expect(says("REC-02", arms(["text"], [21]))).toBe("held");
  });

  it("want the arm in its topic, where there is one", () => {
    const topics = chatV2.topics;
    expect(told(judge("REC-03", recordFacts(chatV2, event, { record: { topic: topics.text } })))).toEqual({
      expected: topics.status,
      actual: topics.text,
      records: [place(topics.text)],
      eventIds: ["e1"],
    });
    expect(says("REC-03", arms([]))).toBe("idle");
    expect(says("REC-03", arms(["status", "text"]))).toBe("idle");
    expect(says("REC-03", arms(["status"]))).toBe("held");
  });

  it("want no fields that the schema does not know", () => {
    const unknown = (unknownArms: number[]) =>
      recordFacts(chatV2, event, { decoded: { unknownFields: true, unknownArms } });
    expect(says("REC-13", unknown([]))).toEqual(["only fields of the schema", "unknown fields"]);
    expect(says("REC-13", unknown([21, 22]))).toEqual([
      "only fields of the schema",
      "unknown fields, among them field 21, 22",
    ]);
  });

  it("name no event whose id is empty", () => {
    const facts = recordFacts(chatV2, { ...event, eventId: "" }, { decoded: { unknownFields: true } });
    expect(told(judge("REC-13", facts))).toMatchObject({ eventIds: [] });
  });
});

describe("REC-04 and REC-05", () => {
  const event = soundEvent(status());
  const keyed = (key: Uint8Array | null, rest = {}) => recordFacts(chatV2, event, { record: { key, ...rest } });

  it("compare the key with the conversation, byte by byte", () => {
    expect(says("REC-04", keyed(bytes("conv")))).toBe("held");
    expect(says("REC-04", keyed(bytes("con")))).toEqual(['"conv"', '"con"']);
    expect(says("REC-04", keyed(bytes("conv2")))).toEqual(['"conv"', '"conv2"']);
    expect(says("REC-04", keyed(bytes("conw")))).toEqual(['"conv"', '"conw"']);
    expect(says("REC-04", keyed(bytes("\u{feff}conv")))).toEqual(['"conv"', '"\u{feff}conv"']);
    expect(says("REC-04", keyed(null))).toEqual(['"conv"', "no key (null)"]);
    expect(says("REC-04", keyed(Uint8Array.of(0xff, 0xfe)))).toEqual(['"conv"', "2 bytes that are not UTF-8"]);
    const long = { ...event, conversationId: "x".repeat(90) };
    expect(says("REC-04", recordFacts(chatV2, long, { record: { key: bytes(`${long.conversationId}y`) } }))).toEqual([
      `…"${"x".repeat(20)}"`,
      `…"${"x".repeat(20)}y"`,
    ]);
    const nobody = { ...event, conversationId: "" };
    expect(says("REC-04", recordFacts(chatV2, nobody, { record: { key: null } }))).toEqual(['""', "no key (null)"]);
  });

  it("compute the partition, unless there is no key or KAF-01 has the partition", () => {
    const right = partitionOf(bytes("conv"), 8);
    const wrong = (right + 1) % 8;
    expect(says("REC-05", keyed(bytes("conv"), { partition: right }))).toBe("held");
    expect(says("REC-05", keyed(bytes("conv"), { partition: wrong }))).toEqual([
      `partition ${right}: murmur2("conv") mod 8`,
      `partition ${wrong}`,
    ]);
    expect(says("REC-05", keyed(null, { partition: wrong }))).toBe("idle");
    expect(says("REC-05", keyed(bytes("conv"), { partition: 8 }))).toBe("idle");
    const odd = Uint8Array.of(0xff);
    expect(says("REC-05", keyed(odd, { partition: (partitionOf(odd, 8) + 1) % 8 }))).toEqual([
      `partition ${partitionOf(odd, 8)}: murmur2(1 bytes that are not UTF-8) mod 8`,
      `partition ${(partitionOf(odd, 8) + 1) % 8}`,
    ]);
  });
});

describe("REC-10", () => {
  it("counts key, value, and names and values of headers, to 524,288 bytes", () => {
    const sized = (value: number) =>
      recordFacts(chatV2, soundEvent(status()), {
        record: { value: new Uint8Array(value), key: new Uint8Array(4) },
        headers: [
          ["ümlaut", new Uint8Array(3)],
          ["none", null],
        ],
      });
    const rest = 4 + 7 + 3 + 4;
    expect(says("REC-10", sized(524_288 - rest))).toBe("held");
    expect(says("REC-10", sized(524_289 - rest))).toEqual([
      "at most 524288 bytes of key, value and headers",
      "524289 bytes",
    ]);
    const bare = recordFacts(chatV2, soundEvent(status()), {
      record: { value: null, key: null },
      headers: [["x", new Uint8Array(524_288)]],
    });
    expect(says("REC-10", bare)).toEqual([expect.anything(), "524289 bytes"]);
  });
});

describe("REC-11", () => {
  const event = soundEvent(status());
  const good = headersOf(chatV2, event);
  const headers = (change: (list: RecordHeader[]) => RecordHeader[], changed: object = {}) =>
    says("REC-11", recordFacts(chatV2, { ...event, ...changed }, { headers: change([...good]) }));
  const set = (name: string, value: Uint8Array | null) => (list: RecordHeader[]) =>
    list.map((header): RecordHeader => (header[0] === name ? [name, value] : header));

  it("wants each header once, in lower case, as UTF-8", () => {
    expect(headers((list) => list)).toBe("held");
    expect(headers((list) => [...list, ["other", null]])).toBe("held");
    expect(headers((list) => list.filter(([name]) => name !== "ce_id"))).toEqual([
      "ce_id exactly once",
      "ce_id 0 times",
    ]);
    expect(headers((list) => [...list, ["ce_id", bytes("e1")]])).toEqual(["ce_id exactly once", "ce_id 2 times"]);
    expect(headers((list) => [...list, ["CE_ID", bytes("e1")]])).toEqual(["ce_id in lower case", '"CE_ID"']);
    expect(
      headers((list) => list.map(([name, value]) => (name === "ce_id" ? ["Ce_Id", value] : [name, value]))),
    ).toEqual(["ce_id in lower case", '"Ce_Id"']);
    expect(headers(set("ce_id", null))).toEqual(["ce_id as UTF-8", "ce_id null"]);
    expect(headers(set("ce_id", Uint8Array.of(0xff)))).toEqual(["ce_id as UTF-8", "ce_id not UTF-8"]);
  });

  it.each<[name: string, wrong: string, expected: string]>([
    ["ce_specversion", "0.3", 'ce_specversion "1.0"'],
    ["ce_id", "e2", 'ce_id "e1"'],
    ["ce_source", "/ondash-llm/", "ce_source /ondash-llm/<one or more characters>"],
    ["ce_source", "x/ondash-llm/y", "ce_source /ondash-llm/<one or more characters>"],
    ["ce_type", "chat.v2.text", 'ce_type "chat.v2.status"'],
    ["ce_subject", "con", 'ce_subject "conv"'],
    ["ce_time", "2025-10-29T10:30:00Z", "ce_time RFC 3339 text of 2025-10-29T10:30:00.000000001Z"],
    ["ce_time", "yesterday", "ce_time RFC 3339 text of 2025-10-29T10:30:00.000000001Z"],
    ["content-type", "application/json", 'content-type "application/protobuf"'],
  ])("wants %s to agree: %s", (name, wrong, expected) => {
    expect(headers(set(name, bytes(wrong)))).toEqual([expected, `${name} ${JSON.stringify(wrong)}`]);
  });

  it("takes a source with line breaks, and any RFC 3339 text of the instant", () => {
    expect(headers(set("ce_source", bytes("/ondash-llm/\n\u{1f600}")))).toBe("held");
    expect(headers(set("ce_time", bytes("2025-10-29T11:30:00.000000001+01:00")))).toBe("held");
  });

  it("does not compare what the envelope lacks", () => {
    expect(headers((list) => list, { timestamp: undefined, body: undefined })).toBe("held");
    expect(headers((list) => list, { timestamp: { seconds: 5n, nanos: -1 } })).toEqual([
      "ce_time RFC 3339 text of a timestamp that is not valid",
      expect.stringContaining("ce_time"),
    ]);
  });

  it("tells all that is wrong", () => {
    expect(headers((list) => set("ce_specversion", bytes("2"))(set("ce_id", null)(list)))).toEqual([
      'ce_specversion "1.0"; ce_id as UTF-8',
      'ce_specversion "2"; ce_id null',
    ]);
  });
});

/** What the headers of a sound event say, written down here once more. */
function headersOf(schema: ChatSchema, { eventId, conversationId, body }: SoundEvent): RecordHeader[] {
  const values = {
    ce_specversion: "1.0",
    ce_id: eventId,
    ce_source: "/ondash-llm/x",
    ce_type: `${schema.name}.${body.kind}`,
    ce_subject: conversationId,
    ce_time: "2025-10-29T10:30:00.000000001Z",
    "content-type": "application/protobuf",
  };
  return Object.entries(values).map(([name, value]) => [name, bytes(value)]);
}
