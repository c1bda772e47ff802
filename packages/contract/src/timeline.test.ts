import { chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { describe, expect, it } from "vitest";
import { chart, completion, failure, placeOf, soundEvent, status, text } from "../test/support/facts.ts";
import type { EventBody } from "./event.ts";
import { createTimeline } from "./timeline.ts";

const says = (body: EventBody): string | undefined => {
  const timeline = createTimeline();
  const event = soundEvent(body);
  timeline.add(chatV2, event, placeOf(chatV2, event));
  return timeline.entries(() => [])[0]?.says;
};

describe("a timeline", () => {
  it.each<[body: EventBody, line: string]>([
    [status("Hm", 0, 4), '"Hm"'],
    [status("Hm", 2), '"Hm" 2'],
    [status("Hm", 2, 4), '"Hm" 2/4'],
    [text(TextPosition.BEFORE, "Look:"), '"Look:" BEFORE'],
    [text(9, "Look:"), '"Look:" 9'],
    [chart("radar"), "radar"],
    [failure(ErrorSeverity.FATAL), 'FATAL E1: "it failed"'],
    [completion(CompletionType.TASK), 'TASK "done"'],
    [completion(CompletionType.CONVERSATION, 0, ""), "CONVERSATION"],
  ])("tells an event in one line: %j", (body, line) => {
    expect(says(body)).toBe(line);
  });

  it("has turns in order of observation, events in emission order, times from the turn's first", () => {
    const timeline = createTimeline();
    const add = (
      sequence: number,
      messageId: string,
      nanos: number | undefined,
      schema = chatV2 as typeof chatV1 | typeof chatV2,
    ) => {
      const event = soundEvent(status(), sequence, { messageId });
      const timestamp = nanos === undefined ? undefined : { seconds: 5n, nanos };
      timeline.add(schema, { ...event, timestamp }, placeOf(schema, event));
    };
    add(2, "b", 3_500_000);
    add(1, "a", 9_000_000);
    add(1, "b", 1_000_000);
    add(3, "b", 500_000);
    add(4, "b", undefined);
    add(5, "b", 1_000_000, chatV1);
    add(6, "b", undefined, chatV1);
    add(4, "b", 1_000_000, chatV1);
    timeline.add(chatV2, { ...soundEvent(status()), body: undefined }, { topic: "x", partition: 0, offset: 0 });
    const entries = timeline.entries(({ offset }) => (offset === 2 ? ["ORD-01"] : []));
    expect(entries.map(({ schema, messageId, eventId, at, rules }) => [schema, messageId, eventId, at, rules])).toEqual(
      [
        ["chat.v2", "b", "e1", 0.5, []],
        ["chat.v2", "b", "e2", 3, ["ORD-01"]],
        ["chat.v2", "b", "e3", 0, []],
        ["chat.v2", "b", "e4", null, []],
        ["chat.v2", "a", "e1", 0, []],
        ["chat.v1", "b", "e4", 0, []],
        ["chat.v1", "b", "e5", 0, []],
        ["chat.v1", "b", "e6", null, []],
      ],
    );
    expect(entries[0]).toEqual({
      conversationId: "conv",
      messageId: "b",
      taskId: "",
      eventId: "e1",
      kind: "status",
      schema: "chat.v2",
      at: 0.5,
      says: '"working"',
      record: { topic: chatV2.topics.status, partition: 2, offset: 1 },
      rules: [],
    });
  });
});
