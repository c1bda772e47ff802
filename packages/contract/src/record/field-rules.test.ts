import { chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { ChartEvent_ChartType } from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import {
  chart,
  completion,
  contrastOf,
  failure,
  recordFacts,
  soundEvent,
  status,
  text,
} from "../../test/support/facts.ts";
import type { EventBody } from "../event.ts";
import type { RecordFacts, RecordRule } from "./facts.ts";
import { enumsAreKnown, idsAreThere, sequenceIsWellFormed, textsAreUsable, timestampIsValid } from "./field-rules.ts";

const rules: Readonly<Record<string, RecordRule>> = {
  "REC-06": idsAreThere,
  "REC-07": enumsAreKnown,
  "REC-08": timestampIsValid,
  "REC-09": textsAreUsable,
  "REC-12": sequenceIsWellFormed,
};
const says = (id: string, facts: RecordFacts) => contrastOf(rules[id]?.(facts) ?? { status: "idle" });

const of = (body: EventBody | undefined, rest: object = {}, schema = chatV2 as RecordFacts["schema"]) =>
  recordFacts(schema, { ...soundEvent(status()), body, ...rest });

describe("REC-06", () => {
  it("wants the ids, each of them", () => {
    const all = "event_id, conversation_id and message_id";
    expect(says("REC-06", of(status(), { eventId: "" }))).toEqual([all, "no event_id"]);
    expect(says("REC-06", of(status(), { conversationId: "" }))).toEqual([all, "no conversation_id"]);
    expect(says("REC-06", of(status(), { messageId: "", eventId: "" }))).toEqual([all, "no event_id, no message_id"]);
    expect(says("REC-06", of(status(), { taskId: "" }))).toBe("held");
    expect(says("REC-06", of(undefined))).toBe("held");
  });

  it("wants a task_id on a TASK completion, and none on a CONVERSATION completion", () => {
    const [task, conversation] = [completion(CompletionType.TASK), completion(CompletionType.CONVERSATION)];
    expect(says("REC-06", of(task))).toEqual(["a task_id on a TASK completion", "none"]);
    expect(says("REC-06", of(task, { taskId: "t" }))).toBe("held");
    expect(says("REC-06", of(conversation, { taskId: "t" }))).toEqual([
      "no task_id on a CONVERSATION completion",
      '"t"',
    ]);
    expect(says("REC-06", of(conversation))).toBe("held");
    expect(says("REC-06", of(text(0), { taskId: "t" }))).toBe("held");
  });
});

describe("REC-07", () => {
  it.each<[body: EventBody, name: string, last: number]>([
    [text(TextPosition.STANDALONE), "text.position", 3],
    [failure(ErrorSeverity.FATAL), "error.severity", 3],
    [completion(CompletionType.CONVERSATION), "completion.type", 2],
  ])("wants known values: %j", (body, name, last) => {
    const key = name.split(".")[1] as string;
    for (const schema of chatSchemas) {
      expect(says("REC-07", of(body, {}, schema))).toBe("held");
      expect(says("REC-07", of({ ...body, [key]: 0 }, {}, schema))).toEqual([`${name} set`, "UNSPECIFIED (0)"]);
      expect(says("REC-07", of({ ...body, [key]: last + 1 }, {}, schema))).toEqual([
        `${name} of the schema`,
        `${last + 1}, which it does not know`,
      ]);
    }
  });

  it("wants custom_chart_type with CUSTOM and only there", () => {
    const { BAR, CUSTOM } = ChartEvent_ChartType;
    expect(says("REC-07", of(chart("bar", BAR)))).toBe("held");
    expect(says("REC-07", of(chart("radar", CUSTOM, "radar")))).toBe("held");
    expect(says("REC-07", of(chart("", CUSTOM)))).toEqual(["custom_chart_type with chart_type CUSTOM", "none"]);
    expect(says("REC-07", of(chart("bar", BAR, "radar")))).toEqual([
      "custom_chart_type only with chart_type CUSTOM",
      '"radar"',
    ]);
    expect(says("REC-07", of(chart("", 0)))).toEqual(["chart.chart_type set", "UNSPECIFIED (0)"]);
    expect(says("REC-07", of(chart("99", 99)))).toEqual([
      "chart.chart_type of the schema",
      "99, which it does not know",
    ]);
    expect(says("REC-07", of(chart("anything"), {}, chatV1))).toBe("held");
    expect(says("REC-07", of(status()))).toBe("held");
    expect(says("REC-07", of(undefined))).toBe("held");
  });
});

describe("REC-08", () => {
  it("wants a timestamp that is valid", () => {
    expect(says("REC-08", of(status(), { timestamp: undefined }))).toEqual(["timestamp set", "not set"]);
    expect(says("REC-08", of(status(), { timestamp: { seconds: 5n, nanos: 1_000_000_000 } }))).toEqual([
      "a year from 1 to 9999, and nanos from 0 to 999,999,999",
      "5 seconds since 1970, nanos 1000000000",
    ]);
  });
});

describe("REC-09", () => {
  it.each<[body: EventBody, actual: string | readonly [string, string]]>([
    [status(""), ["status.message not blank", "empty"]],
    [status(" \u{85}"), ["status.message not blank", 'only white space: " \u{85}"']],
    [status("\u{feff}"), "held"],
    [status(" x "), "held"],
    [text(1, "\n"), ["text.text not blank", 'only white space: "\\n"']],
    [failure(1, ""), ["error.code not blank", "empty"]],
    [failure(1, "E1", ""), ["error.message not blank", "empty"]],
    [chart(""), ["chart.chart_type not blank", "empty"]],
    // In chat.v2 the type is an enum, for REC-07 to judge.
    [chart("", 7), "held"],
    [completion(1, 0, ""), "held"],
  ])("wants no blank text: %j", (body, actual) => {
    expect(says("REC-09", of(body))).toEqual(actual);
  });

  it("is idle without an event", () => {
    expect(says("REC-09", of(undefined))).toBe("idle");
  });

  it("allows 65,536 bytes of UTF-8 in a text", () => {
    expect(says("REC-09", of(text(1, "é".repeat(32_768))))).toBe("held");
    expect(says("REC-09", of(text(1, `${"é".repeat(32_768)}x`)))).toEqual([
      "a text of at most 65536 bytes",
      "65537 bytes",
    ]);
    expect(says("REC-09", of(status("x".repeat(65_537))))).toBe("held");
  });
});

describe("REC-12", () => {
  const numbered = (sequence: number, body: EventBody | undefined = status()) => of(body, { sequence });

  it("wants sequences from 1", () => {
    expect(says("REC-12", numbered(0))).toEqual(["sequence at least 1", "0"]);
    expect(says("REC-12", numbered(1))).toBe("held");
    expect(says("REC-12", of(undefined, { sequence: 1 }))).toBe("held");
    expect(says("REC-12", of(status(), { sequence: 0 }, chatV1))).toBe("idle");
  });

  it("wants last_sequence to be the event's own, and on CONVERSATION", () => {
    const [task, conversation] = [CompletionType.TASK, CompletionType.CONVERSATION];
    expect(says("REC-12", numbered(5, completion(task, 5)))).toBe("held");
    expect(says("REC-12", numbered(5, completion(task)))).toBe("held");
    expect(says("REC-12", numbered(5, completion(conversation, 5)))).toBe("held");
    expect(says("REC-12", numbered(5, completion(task, 4)))).toEqual(["last_sequence 0 or 5 (its own sequence)", "4"]);
    expect(says("REC-12", numbered(5, completion(conversation)))).toEqual([
      "last_sequence 5 on a CONVERSATION completion",
      "none",
    ]);
    expect(says("REC-12", numbered(5, { ...status(), lastSequence: 4 } as EventBody))).toBe("held");
  });
});
