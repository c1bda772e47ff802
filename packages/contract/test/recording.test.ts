import {
  createRecordingParser,
  formatRecordingLine,
  judgeObservations,
  type Observation,
  parseRecording,
} from "@ondash/contract";
import { chatSchemas, chatV2, type RecordHeader } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { salesChart } from "./support/chat.ts";
import { storedMessage } from "./support/message-operators.ts";
import { ends, HEADER, RECORD, topics } from "./support/recording.ts";
import { stage } from "./support/scenario.ts";

const bytes = fc.oneof(
  fc.uint8Array(),
  fc.string({ unit: "grapheme" }).map((text) => new TextEncoder().encode(text)),
);
const nullable = fc.option(bytes);
const offset = fc.maxSafeNat();
const topic = fc.constantFrom(...topics);
const place = { topic, partition: fc.nat(0x7fff_ffff), offset };
const send = { eventId: fc.string(), topic };
const header = fc.tuple(fc.string(), nullable) as fc.Arbitrary<RecordHeader>;

/** Observations of every kind that may stand between the header and the end, each for itself. */
const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("record" as const),
      ...place,
      timestamp: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
      key: nullable,
      headers: fc.array(header, { maxLength: 3 }),
      value: nullable,
      leaderEpoch: fc.nat(),
    },
    { requiredKeys: ["kind", "topic", "partition", "offset", "timestamp", "key", "headers", "value"] },
  ),
  fc.tuple(topic, fc.nat(9), offset, offset).map(([of, partition, a, b]) => ({
    kind: "gap" as const,
    topic: of,
    partition,
    from: Math.min(a, b),
    to: Math.max(a, b),
  })),
  fc.record({ kind: fc.constant("plan" as const), ...send, conversationId: fc.string(), messageId: fc.string() }),
  fc.record({ kind: fc.constant("ack" as const), ...place, eventId: fc.string() }),
  fc.record({ kind: fc.constant("rejected" as const), ...send, error: fc.string() }),
  fc.record({ kind: fc.constant("indefinite" as const), ...send }),
);

describe("a recording", { timeout: 60_000 }, () => {
  it("is read as it was written, whatever was observed", () => {
    fc.assert(
      fc.property(
        fc.array(observation),
        fc.nat(50),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (list, size, feed, last) => {
          const skips = list.flatMap((o, index): Observation[] =>
            o.kind === "gap"
              ? [
                  {
                    ...o,
                    kind: "skip",
                    why: index % 2 === 0 ? "aborted" : "control",
                    topic: "ondash.llm.v2.error",
                    partition: 10,
                  },
                ]
              : [],
          );
          const run: Observation[] = [
            { kind: "start", partitions: 2, start: undefined },
            ...list,
            ...skips,
            { kind: "asked", id: 1 },
            { kind: "asked", id: 3 },
            { kind: "barrier", id: 3, ends },
          ];
          const text = run.map(formatRecordingLine).join(feed) + (last ? feed : "");
          expect(parseRecording(text, "f")).toEqual(run);
          // Cut into pieces anywhere, from a buffer that is used again, it is the same.
          const parser = createRecordingParser({ file: "f" });
          const whole = new TextEncoder().encode(text);
          const buffer = new Uint8Array(size + 1);
          const pieces: Observation[] = [];
          for (let at = 0; at < whole.length; at += buffer.length) {
            const piece = whole.subarray(at, at + buffer.length);
            buffer.set(piece);
            pieces.push(...parser.push(buffer.subarray(0, piece.length)));
            buffer.fill(0);
          }
          expect([...pieces, ...parser.end()]).toEqual(run);
        },
      ),
    );
  });

  it.each(chatSchemas)("gives the verdict of the live run ($name)", (schema) => {
    const run = stage(schema);
    const events = run.turn(salesChart);
    run.send(...events);
    run.barrier();
    run.observe({ kind: "message", schema: schema.name, message: storedMessage(schema, events) });
    const observations: Observation[] = [
      { kind: "start", partitions: 8, start: run.log.start },
      ...run.observations,
      { kind: "end", ends: run.log.ends(), producersDone: true },
    ];
    const read = parseRecording(observations.map(formatRecordingLine).join("\n"), "f");
    expect(read).toEqual(observations);
    expect(judgeObservations(read)).toEqual(judgeObservations(observations));
  });

  it("takes a UTF-8 key as base64, CRLF, unknown members, and no end", () => {
    const record = { ...RECORD, key: { base64: "Y29udl80NTY=" }, future: 1 };
    const read = parseRecording(`${HEADER}\r\n${JSON.stringify(record)}\r\n`, "f");
    expect(read[1]).toMatchObject({ key: new TextEncoder().encode("conv_456") });
    expect(read[1]).not.toHaveProperty("future");
  });
});

it("names versions by topic: both may stand in one recording", () => {
  expect(
    judgeObservations(
      parseRecording(
        `${HEADER}\n${JSON.stringify({ ...RECORD, value: null })}\n${JSON.stringify({ ...RECORD, topic: chatV2.topics.text, value: null })}\n`,
        "f",
      ),
    ).schema,
  ).toBe("both");
});
