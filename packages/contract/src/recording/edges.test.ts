import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { END, ends, HEADER, RECORD } from "../../test/support/recording.ts";
import { isContractError } from "../error.ts";
import type { Observation } from "../observation.ts";
import { formatRecordingLine } from "./format.ts";
import { MAX_LINE_BYTES } from "./json-line.ts";
import { createRecordingParser, parseRecording } from "./parser.ts";

const join = (lines: readonly (string | object)[], feed = "\n"): string =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join(feed);

/** Why a recording of these lines behind a header can't be read; else what its lines say. */
function read(lines: readonly (string | object)[], header: string | object = HEADER): readonly Observation[] | string {
  try {
    return parseRecording(join([header, ...lines]), "f").slice(1);
  } catch (error) {
    if (!isContractError(error)) throw error;
    return error.detail;
  }
}

const skip = { topic: RECORD.topic, partition: 1, from: 17, to: 18, why: "control" };
const bare = { recording: "ondash/1", partitions: 2 };

/** A line of so many bytes. */
function long(length: number): object {
  const line = { asked: 1, x: "" };
  return { ...line, x: "x".repeat(length - JSON.stringify(line).length) };
}

describe("a line of a recording", () => {
  it.each(["7", '"x"', "true", "null", "[]"])("is a JSON object, not %s", (line) => {
    expect(read([line])).toBe("f:2: not a JSON object");
  });

  it("may be nested 64 deep, brackets in strings not counted", () => {
    const nested = (open: string, close: string, depth: number): string =>
      `{"asked":1,"x":${open.repeat(depth)}1${close.repeat(depth)}}`;
    const deep = "f:2: nested deeper than 64 levels";
    expect(read([nested("[", "]", 63)])).toHaveLength(1);
    expect(read([nested("[", "]", 64)])).toBe(deep);
    expect(read([nested('{"a":', "}", 63)])).toHaveLength(1);
    expect(read([nested('{"a":', "}", 64)])).toBe(deep);
    // What was closed counts no more.
    expect(read([`{"asked":1,"x":[${"[],{},".repeat(100)}1]}`])).toHaveLength(1);
    expect(read([`{"asked":1,"x":"\\"${"[{".repeat(100)}"}`])).toHaveLength(1);
    expect(read([`{"asked":1,"x":"\\\\","y":${"[".repeat(64)}${"]".repeat(64)}}`])).toBe(deep);
  });

  it("may end in CRLF, and is blank with nothing before that", () => {
    expect(parseRecording(join([HEADER, { asked: 1 }, ""], "\r\n"), "f")).toHaveLength(2);
    expect(read(["\r", END])).toBe("f:2: a blank line");
  });

  it("is counted for itself against the limit of its length", () => {
    const parser = createRecordingParser({ file: "f" });
    const push = (content: string): number => parser.push(new TextEncoder().encode(content)).length;
    expect(push(join([HEADER, long(MAX_LINE_BYTES / 2 + 1_000), '{"asked":2}', '{"asked":3}']))).toBe(3);
    expect(push("\n")).toBe(1);
  });

  it("may have 16,777,216 bytes and no more", () => {
    expect(MAX_LINE_BYTES).toBe(16_777_216);
    expect(read([long(MAX_LINE_BYTES)])).toHaveLength(1);
    expect(read([long(MAX_LINE_BYTES + 1)])).toBe("f:2: a line of more than 16777216 bytes");
    expect(read([long(MAX_LINE_BYTES + 1), END])).toBe("f:2: a line of more than 16777216 bytes");
  });

  it("is too long whatever pieces it comes in", () => {
    const parser = createRecordingParser({ file: "f" });
    const piece = new Uint8Array(MAX_LINE_BYTES / 2 + 1).fill(0x20);
    parser.push(new TextEncoder().encode(`${HEADER}\n`));
    parser.push(piece);
    piece[piece.length - 1] = 0x0a;
    parser.push(piece.subarray(0, 4));
    expect(() => parser.push(piece)).toThrow("[recording] f:2: a line of more than 16777216 bytes");
  });

  it("is named by eight of its members when it is of an unknown kind", () => {
    const members = Object.fromEntries(Array.from("abcdefghi", (name) => [name, 1]));
    expect(read([members])).toBe('f:2: a line of an unknown kind, with "a", "b", "c", "d", "e", "f", "g", "h"');
    expect(read(["{}"])).toBe("f:2: a line of an unknown kind");
  });
});

describe("a member of a line", () => {
  it.each<[line: object, why: string]>([
    [{ skip: 7 }, '"skip" of a skip line must be an object'],
    [{ skip: null }, '"skip" of a skip line must be an object'],
    [{ skip: [] }, '"skip" of a skip line must be an object'],
    [{ plan: "x" }, '"plan" of a plan line must be an object'],
    [{ ack: { event_id: 7 } }, '"event_id" of an ack line must be a string'],
    [{ ...RECORD, topic: null }, '"topic" of a record line must be a string'],
    [{ ...RECORD, key: 7 }, '"key" of a record line must be a string, {"base64": "…"} or null'],
    [{ ...RECORD, key: ["x"] }, '"key" of a record line must be a string, {"base64": "…"} or null'],
    [{ ...RECORD, key: {} }, '"key" of a record line has no "base64"'],
    [
      { ...RECORD, key: { base64: "x" } },
      '"key" of a record line must be base64 as of RFC 4648 section 4, with padding',
    ],
    [{ ...RECORD, value: 7 }, '"value" of a record line must be base64 or null'],
    [{ ...RECORD, value: { base64: "" } }, '"value" of a record line must be base64 or null'],
    [{ ...RECORD, headers: {} }, '"headers" of a record line must be an array'],
    [{ ...RECORD, headers: [["a", null], 7] }, '"headers[1]" of a record line must be a pair of a name and a value'],
    [{ ...RECORD, headers: [[7, "x"]] }, '"headers[0]" of a record line must be a pair of a name and a value'],
    [{ ...RECORD, headers: [["a", "b", "c"]] }, '"headers[0]" of a record line must be a pair of a name and a value'],
    [{ ...RECORD, headers: [["a", 7]] }, '"headers[0]" of a record line must be a string, {"base64": "…"} or null'],
    [{ ...RECORD, leaderEpoch: -2 }, '"leaderEpoch" of a record line must be an integer from -1 to 2^53-1'],
    [
      { end: { [RECORD.topic]: 7 } },
      `"end.${RECORD.topic}" of an end line must be an array of integers from 0 to 2^53-1`,
    ],
    [
      { end: { [RECORD.topic]: [0, -1] } },
      `"end.${RECORD.topic}" of an end line must be an array of integers from 0 to 2^53-1`,
    ],
    [{ end: ends, producersDone: 1 }, '"producersDone" of an end line must be true or false'],
    [{ asked: "1" }, '"asked" of an asked line must be an integer from 0 to 2^53-1'],
  ])("is of its type: %j", (line, why) => {
    expect(read([line])).toBe(`f:2: ${why}`);
  });

  it("may be at the edge of what it may be", () => {
    const last = 2 ** 53 - 1;
    const record = { ...RECORD, partition: 2 ** 31 - 1, offset: last, timestamp: -1, leaderEpoch: -1 };
    expect(read([record])).toMatchObject([{ partition: 2 ** 31 - 1, offset: last, timestamp: -1, leaderEpoch: -1 }]);
    expect(read([{ skip: { ...skip, to: 17 } }])).toMatchObject([{ from: 17, to: 17 }]);
    expect(read([{ gap: { ...skip, to: 17 } }])).toMatchObject([{ from: 17, to: 17 }]);
    const [zero] = read([JSON.stringify(RECORD).replace('"offset":17', '"offset":-0')]);
    expect(zero).toMatchObject({ offset: 0 });
    expect(zero).not.toMatchObject({ offset: -0 });
  });
});

describe("the lines of a recording together", () => {
  it("may skip as aborted what was read, for KAF-05 to say", () => {
    expect(read([RECORD, { skip: { ...skip, why: "aborted" } }])).toHaveLength(2);
    expect(read([RECORD, { skip }])).toBe(`f:3: a control skip over offset 17 of ${RECORD.topic}/1, which is a record`);
  });

  it("may have a record at its start offset, and an end right above what was seen", () => {
    const header = { ...bare, start: { ...ends, [RECORD.topic]: [0, 17] } };
    expect(read([RECORD, { end: { ...ends, [RECORD.topic]: [0, 18] }, producersDone: true }], header)).toHaveLength(2);
    expect(read([{ skip }, { end: { ...ends, [RECORD.topic]: [0, 18] }, producersDone: true }], header)).toBe(
      `f:3: "end" of ${RECORD.topic}/1 is 18, and offset 18 was seen`,
    );
    const zero = [
      { ...RECORD, offset: 0 },
      { end: { ...ends, [RECORD.topic]: [0, 1] }, producersDone: true },
    ];
    expect(read(zero)).toHaveLength(2);
    const [high, low] = [{ ...RECORD, offset: 20 }, RECORD];
    expect(read([high, low, { end: { ...ends, [RECORD.topic]: [0, 20] }, producersDone: true }], header)).toBe(
      `f:4: "end" of ${RECORD.topic}/1 is 20, and offset 20 was seen`,
    );
  });

  it("may be of partitions that start and end do not have", () => {
    const few = Object.fromEntries(Object.keys(ends).map((topic) => [topic, [0]]));
    const header = { ...bare, start: few };
    expect(read([RECORD, { end: few, producersDone: true }], header)).toHaveLength(2);
    const one = { [chatV1.topics.chart]: [0, 0] };
    expect(read([{ skip }, { end: one, producersDone: false }], { ...bare, start: one })).toHaveLength(2);
  });

  it("name the topics of each version seen at their end, be it in a gap, a skip or a record", () => {
    const gap = { topic: chatV2.topics.text, partition: 0, from: 0, to: 0 };
    const end = { end: Object.fromEntries(chatV1.topicList.map((topic) => [topic, [99, 99]])), producersDone: true };
    const missing = `f:3: "end" does not name ${chatV2.topicList[0]}`;
    expect(read([RECORD, end], bare)).toHaveLength(2);
    expect(read([{ gap }, end], bare)).toBe(missing);
    expect(read([{ skip: { ...gap, why: "control" } }, end], bare)).toBe(missing);
    expect(read([{ ...RECORD, topic: gap.topic, headers: [], value: null }, end], bare)).toBe(missing);
    expect(read([end], bare)).toHaveLength(1);
  });

  it("have barriers in any numbering that grows, from 0", () => {
    expect(read([{ asked: 0 }, { asked: 5 }, { barrier: 0, ends }, { barrier: 5, ends }])).toHaveLength(4);
    expect(read([{ asked: 5 }, { asked: 4 }])).toBe("f:3: barrier 4 is asked for after 5");
  });

  it("are written without what is not known", () => {
    expect(formatRecordingLine({ kind: "start", partitions: 2, start: undefined })).toBe(JSON.stringify(bare));
    const record = read([RECORD])[0] as Observation;
    expect(JSON.parse(formatRecordingLine(record))).toEqual(RECORD);
    const empty = { ...RECORD, key: null, value: null, headers: [["a", null]] };
    expect(JSON.parse(formatRecordingLine(read([empty])[0] as Observation))).toEqual(empty);
    expect(JSON.parse(formatRecordingLine(read([{ ...RECORD, leaderEpoch: 3 }])[0] as Observation))).toEqual({
      ...RECORD,
      leaderEpoch: 3,
    });
  });
});
