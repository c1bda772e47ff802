import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompletionType, ErrorSeverity, TextPosition } from "./chat/v1.ts";
import { chatV1 } from "./chat-versions.ts";
import { SchemasError } from "./error.ts";
import { chartEvent, completionEvent, type EventHead, errorEvent, statusEvent, textEvent } from "./events.ts";
import { decodeEnvelope, encodeEnvelope } from "./record-codec.ts";

const head: EventHead = {
  eventId: "e1",
  conversationId: "conv_456",
  messageId: "msg_1",
  taskId: "task_1",
  timestamp: { seconds: 1_761_733_800n, nanos: 1 },
};

function codeOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof SchemasError) return error.code;
    throw error;
  }
}

describe("event constructors", () => {
  it("makes the five kinds of event", () => {
    expect(statusEvent(head, { message: "Querying database..." }).event).toMatchObject({
      case: "status",
      value: { message: "Querying database..." },
    });
    expect(textEvent(head, { text: "Sales", position: "AFTER" }).event).toMatchObject({
      case: "text",
      value: { text: "Sales", position: TextPosition.AFTER },
    });
    expect(chartEvent(head, { chartType: "bar", configJson: "{}" }).event).toMatchObject({
      case: "chart",
      value: { chartType: "bar", configJson: "{}" },
    });
    expect(errorEvent(head, { severity: "FATAL", code: "X", message: "y" }).event).toMatchObject({
      case: "error",
      value: { severity: ErrorSeverity.FATAL, code: "X", message: "y" },
    });
    expect(completionEvent(head, { type: "TASK" }).event).toMatchObject({
      case: "completion",
      value: { type: CompletionType.TASK, message: "" },
    });
  });

  it("fills the head, with an empty task_id by default", () => {
    const { taskId: _, ...turn } = head;
    expect(statusEvent(turn, { message: "m" })).toMatchObject({ ...turn, taskId: "" });
    expect(statusEvent(head, { message: "m" })).toMatchObject(head);
  });

  it("does not keep the caller's timestamp object", () => {
    const timestamp = { seconds: 1n, nanos: 2 };
    const event = statusEvent({ ...head, timestamp }, { message: "m" });
    timestamp.nanos = 3;
    expect(event.timestamp?.nanos).toBe(2);
  });

  it.each(["eventId", "conversationId", "messageId"])("refuses an empty %s", (name) => {
    expect(codeOf(() => statusEvent({ ...head, [name]: "" }, { message: "m" }))).toBe("event");
  });

  it.each([
    { seconds: -62_135_596_801n, nanos: 0 },
    { seconds: 253_402_300_800n, nanos: 0 },
    { seconds: 0n, nanos: -1 },
    { seconds: 0n, nanos: 1_000_000_000 },
    { seconds: 0n, nanos: 0.5 },
  ])("refuses the timestamp $seconds s $nanos ns", (timestamp) => {
    expect(codeOf(() => statusEvent({ ...head, timestamp }, { message: "m" }))).toBe("event");
  });

  it("refuses names that an enum does not have, UNSPECIFIED among them", () => {
    for (const name of ["UNSPECIFIED", "before", "", "toString", 1]) {
      expect(codeOf(() => textEvent(head, { text: "t", position: name as "BEFORE" }))).toBe("event");
      expect(codeOf(() => errorEvent(head, { severity: name as "ERROR", code: "c", message: "m" }))).toBe("event");
      expect(codeOf(() => completionEvent(head, { type: name as "TASK" }))).toBe("event");
    }
  });

  it("refuses what is not a string", () => {
    for (const value of [undefined, null, 7, {}]) {
      expect(codeOf(() => statusEvent(head, { message: value as string }))).toBe("event");
      expect(codeOf(() => statusEvent({ ...head, taskId: (value ?? 7) as string }, { message: "m" }))).toBe("event");
    }
  });

  it("refuses lone surrogates wherever they stand", () => {
    const surrogate = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
    const illFormed = fc
      .tuple(fc.string(), surrogate, fc.string())
      .map(([before, lone, after]) => before + lone + after);
    fc.assert(
      fc.property(illFormed, (text) => {
        expect(codeOf(() => statusEvent(head, { message: text }))).toBe("string");
        expect(codeOf(() => textEvent(head, { text, position: "BEFORE" }))).toBe("string");
        expect(codeOf(() => chartEvent(head, { chartType: text, configJson: "{}" }))).toBe("string");
        expect(codeOf(() => chartEvent(head, { chartType: "bar", configJson: text }))).toBe("string");
        expect(codeOf(() => errorEvent(head, { severity: "ERROR", code: text, message: "m" }))).toBe("string");
        expect(codeOf(() => completionEvent(head, { type: "TASK", message: text }))).toBe("string");
        expect(codeOf(() => statusEvent({ ...head, eventId: text }, { message: "m" }))).toBe("string");
        expect(codeOf(() => statusEvent({ ...head, taskId: text }, { message: "m" }))).toBe("string");
      }),
    );
  });

  it("makes events that come back from their bytes as they were, whatever the texts", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (first, second) => {
        for (const event of [
          statusEvent(head, { message: first }),
          textEvent(head, { text: first, position: "STANDALONE" }),
          chartEvent(head, { chartType: first, configJson: second }),
          errorEvent(head, { severity: "WARNING", code: first, message: second }),
          completionEvent({ ...head, taskId: "" }, { type: "CONVERSATION", message: first }),
        ]) {
          expect(decodeEnvelope(chatV1, encodeEnvelope(chatV1, event))).toMatchObject({ ok: true, envelope: event });
        }
      }),
    );
  });
});
