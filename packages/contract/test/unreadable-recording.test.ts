import { createRecordingParser, isContractError, MAX_LINE_BYTES, parseRecording } from "@ondash/contract";
import { chatV1 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { END, ends, HEADER, RECORD, zero } from "./support/recording.ts";

/** What reading these lines fails with, without the file's name. */
function failure(...lines: (string | object)[]): string {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  return failureOf(new TextEncoder().encode(text));
}

function failureOf(whole: Uint8Array): string {
  try {
    parseRecording(whole, "dir/a b.jsonl");
  } catch (error) {
    if (!isContractError(error) || error.message !== `[recording] ${error.detail}`) throw error;
    const prefix = "dir/a b.jsonl:";
    return error.detail.startsWith(prefix) ? error.detail.slice(prefix.length) : `without its file: ${error.detail}`;
  }
  return "readable";
}

const skip = { topic: RECORD.topic, partition: 1, from: 17, to: 18, why: "control" };

describe("an unreadable recording", { timeout: 60_000 }, () => {
  it.each<[why: string, lines: (string | object)[], detail: string]>([
    ["is empty", [""], "1: the file is empty: want the header"],
    ["has no header", [RECORD], '1: the first line must be the header, {"recording":"ondash/1",…}'],
    ["has a line that is not JSON", [HEADER, "{"], "2: not a JSON object"],
    ["has a truncated last line", [HEADER, '{"asked":1'], "2: not a JSON object"],
    ["has an array for a line", [HEADER, "[]"], "2: not a JSON object"],
    ["has null for a line", [HEADER, "null"], "2: not a JSON object"],
    ["has a blank line", [HEADER, "", END], "2: a blank line"],
    ["has a blank last line", [HEADER, END, "", ""], "3: a blank line"],
    ["has a line of white space", [HEADER, " \t", END], "2: a blank line"],
    ["has a byte order mark", [`\u{feff}${HEADER}`], "1: a byte order mark"],
    ["has a second header", [HEADER, HEADER], "2: a second header"],
    ["has a line after the end", [HEADER, END, { asked: 1 }], '3: a line after "end"'],
    [
      "is of another version",
      [{ recording: "ondash/2", partitions: 2 }],
      '1: recording version "ondash/2" is not known: want "ondash/1"',
    ],
    ["has no partition count", [{ recording: "ondash/1" }], '1: the header has no "partitions"'],
    [
      "has no partitions",
      [{ recording: "ondash/1", partitions: 0 }],
      '1: "partitions" of the header must be an integer from 1 to 2^53-1',
    ],
    ["has a line of an unknown kind", [HEADER, { hello: 1 }], '2: a line of an unknown kind, with "hello"'],
    ["has a line of two kinds", [HEADER, { asked: 1, gap: {} }], "2: a line of 2 kinds at once: gap, asked"],
    ["lacks a member", [HEADER, { ...RECORD, timestamp: undefined }], '2: a record line has no "timestamp"'],
    ["lacks the key", [HEADER, { ...RECORD, key: undefined }], '2: a record line has no "key"'],
    [
      "has a topic of neither version",
      [HEADER, { ...RECORD, topic: "ondash.llm.v3.text" }],
      '2: a record line names topic "ondash.llm.v3.text", which is of no schema version',
    ],
    [
      "has such a topic in its header",
      [{ recording: "ondash/1", partitions: 2, start: { other: [0, 0] } }],
      '1: the header names topic "other", which is of no schema version',
    ],
    [
      "has a negative offset",
      [HEADER, { ...RECORD, offset: -1 }],
      '2: "offset" of a record line must be an integer from 0 to 2^53-1',
    ],
    [
      "has an offset of 2^53",
      [HEADER, { ...RECORD, offset: 2 ** 53 }],
      '2: "offset" of a record line must be an integer from 0 to 2^53-1',
    ],
    [
      "has half an offset",
      [HEADER, { ...RECORD, offset: 0.5 }],
      '2: "offset" of a record line must be an integer from 0 to 2^53-1',
    ],
    [
      "has a timestamp of -2",
      [HEADER, { ...RECORD, timestamp: -2 }],
      '2: "timestamp" of a record line must be an integer from -1 to 2^53-1',
    ],
    [
      "has a partition of 2^31",
      [HEADER, { ...RECORD, partition: 2 ** 31 }],
      '2: "partition" of a record line must be at most 2147483647',
    ],
    [
      "has base64 without padding",
      [HEADER, { ...RECORD, value: "AA" }],
      '2: "value" of a record line must be base64 as of RFC 4648 section 4, with padding',
    ],
    [
      "has URL-safe base64",
      [HEADER, { ...RECORD, value: "-_-_" }],
      '2: "value" of a record line must be base64 as of RFC 4648 section 4, with padding',
    ],
    [
      "has base64 with stray bits",
      [HEADER, { ...RECORD, value: "AB==" }],
      '2: "value" of a record line must be base64 as of RFC 4648 section 4, with padding',
    ],
    [
      "has a key with a lone surrogate",
      [HEADER, { ...RECORD, key: "\ud800" }],
      '2: "key" of a record line must be a string without lone surrogates',
    ],
    [
      "has a header that is no pair",
      [HEADER, { ...RECORD, headers: [["a"]] }],
      '2: "headers[0]" of a record line must be a pair of a name and a value',
    ],
    [
      "ends below an offset",
      [HEADER, RECORD, { end: { ...ends, [RECORD.topic]: [0, 17] }, producersDone: true }],
      '3: "end" of ondash.llm.text/1 is 17, and offset 17 was seen',
    ],
    [
      "has a record of a topic that start leaves out",
      [{ recording: "ondash/1", partitions: 2, start: { "ondash.llm.chart": [0, 0] } }, RECORD],
      '2: a record of ondash.llm.text, which "start" does not name',
    ],
    [
      "has a record below its start",
      [{ recording: "ondash/1", partitions: 2, start: { ...zero, [RECORD.topic]: [0, 18] } }, RECORD],
      "2: offset 17 of ondash.llm.text/1 is below its start offset 18",
    ],
    [
      "has a record inside a control skip",
      [HEADER, { skip }, RECORD],
      "3: a record at offset 17 of ondash.llm.text/1, inside a control skip",
    ],
    [
      "has a control skip over a record",
      [HEADER, RECORD, { skip }],
      "3: a control skip over offset 17 of ondash.llm.text/1, which is a record",
    ],
    [
      "has a skip for no known reason",
      [HEADER, { skip: { ...skip, why: "bored" } }],
      '2: "why" of a skip line must be "control" or "aborted"',
    ],
    [
      "has a skip backwards",
      [HEADER, { skip: { ...skip, to: 16 } }],
      '2: "to" of a skip line must not be below "from"',
    ],
    [
      "has an end that lacks a topic of start",
      [HEADER, { end: { [RECORD.topic]: [9, 9] }, producersDone: true }],
      '2: "end" does not name ondash.llm.status',
    ],
    [
      "has an end that lacks a topic of a version seen",
      [{ recording: "ondash/1", partitions: 2 }, RECORD, { end: { [RECORD.topic]: [99, 99] }, producersDone: true }],
      '3: "end" does not name ondash.llm.status',
    ],
    ["does not say whether producers are done", [HEADER, { end: ends }], '2: an end line has no "producersDone"'],
    ["has a barrier that was not asked for", [HEADER, { barrier: 1, ends }], '2: barrier 1 without its "asked"'],
    ["asks twice", [HEADER, { asked: 1 }, { asked: 1 }], "3: barrier 1 is asked for after 1"],
    [
      "grants twice",
      [HEADER, { asked: 1 }, { barrier: 1, ends }, { barrier: 1, ends }],
      "4: barrier 1 after barrier 1",
    ],
    [
      "grants out of order",
      [HEADER, { asked: 1 }, { asked: 2 }, { barrier: 2, ends }, { barrier: 1, ends }],
      "5: barrier 1 after barrier 2",
    ],
    [
      "has a message of no known version",
      [HEADER, { message: {}, schema: "chat.v3" }],
      '2: "schema" of a message line must be "chat.v1" or "chat.v2"',
    ],
    [
      "has a plan without a topic",
      [HEADER, { plan: { event_id: "e", conversation_id: "c", message_id: "m" } }],
      '2: a plan line has no "topic"',
    ],
  ])("%s", (_, lines, detail) => {
    expect(failure(...lines)).toBe(detail);
  });

  it("has a message that is no ProtoJSON", () => {
    expect(failure(HEADER, { message: { id: 7 }, schema: "chat.v1" })).toMatch(
      /^2: not a chat\.v1\.Message in ProtoJSON: /,
    );
  });

  it("is not UTF-8", () => {
    const line = new TextEncoder().encode(`${HEADER}\n{"asked":1,"x":"?"}`);
    line[line.indexOf(0x3f)] = 0xff;
    expect(failureOf(line)).toBe("2: not UTF-8");
  });

  it("has a record inside an aborted skip, which is for KAF-05 to say", () => {
    expect(failure(HEADER, { skip: { ...skip, why: "aborted" } }, RECORD)).toBe("readable");
  });

  it("has arrays of a wrong length, which is for KAF-01 to say", () => {
    expect(failure({ recording: "ondash/1", partitions: 2, start: { ...zero, [chatV1.topics.text]: [0] } }, END)).toBe(
      "readable",
    );
  });

  // The limits keep memory and time in bounds: both files are refused as they stream by, not after they were read.
  it("has a line of 50 MB, and is refused before it is read whole", () => {
    const parser = createRecordingParser({ file: "f" });
    parser.push(new TextEncoder().encode(`${HEADER}\n`));
    const chunk = new Uint8Array(1_048_576).fill(0x20);
    let pushed = 0;
    expect(() => {
      for (; pushed < 50; pushed++) parser.push(chunk);
    }).toThrow(`f:2: a line of more than ${MAX_LINE_BYTES} bytes`);
    expect(pushed).toBe(MAX_LINE_BYTES / chunk.length);
  });

  it("is nested deeply", () => {
    const deep = `{"message":${'{"a":'.repeat(3_000_000)}1`;
    expect(failure(HEADER, deep)).toBe("2: nested deeper than 64 levels");
    expect(failure(HEADER, `{"asked":1,"text":"${"[".repeat(1_000)}\\"${"{".repeat(1_000)}"}`)).toBe("readable");
  });
});
