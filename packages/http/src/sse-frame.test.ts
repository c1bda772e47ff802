import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventFrame, heartbeatFrame } from "./sse-frame.ts";

function parse(text: string): EventSourceMessage[] {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => messages.push(message),
    onError: (error) => {
      throw error;
    },
  });
  parser.feed(text);
  return messages;
}

describe("a frame", () => {
  it("is read as what was written, line breaks as LF", () => {
    const data = fc
      .array(fc.oneof(fc.string(), fc.constantFrom("\n", "\r", "\r\n", " ", ":", "data: ", "\u2028", "id: 1")))
      .map((parts) => parts.join(""));
    const kind = fc.option(fc.constantFrom("status", "completion"), { nil: undefined });
    fc.assert(
      fc.property(data, kind, (text, name) => {
        const frames = heartbeatFrame + eventFrame({ kind: name, id: "2.a.b", data: text }) + heartbeatFrame;
        expect(parse(frames)).toEqual([{ event: name, id: "2.a.b", data: text.replaceAll(/\r\n|\r/g, "\n") }]);
      }),
    );
  });

  it("is one line of data for JSON", () => {
    const frame = eventFrame({ kind: "text", id: "1", data: JSON.stringify({ text: "a\nb\r" }) });
    expect(frame).toBe('event: text\nid: 1\ndata: {"text":"a\\nb\\r"}\n\n');
  });
});
