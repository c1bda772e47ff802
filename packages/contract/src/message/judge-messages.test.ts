import { chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType } from "@ondash/schemas/chat/v1";
import { ChartEvent_ChartType } from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import { chart, completion, soundEvent, status, text, told, turnFacts } from "../../test/support/facts.ts";
import { OPEN, turnOf } from "../../test/support/turn-facts.ts";
import { isContractError } from "../error.ts";
import type { TurnFacts } from "../turn/facts.ts";
import { judgeMessage, type MessageSources, readGivenMessage } from "./judge-messages.ts";

const STORED = {
  id: "msg",
  conversationId: "conv",
  role: "ROLE_ASSISTANT",
  status: "MESSAGE_STATUS_COMPLETE",
  content: [{ text: { text: "hello" } }, { chart: { chartType: "CHART_TYPE_BAR", configJson: "{}" } }],
};
const events = turnOf(
  status(),
  text(1),
  chart("bar", ChartEvent_ChartType.BAR),
  completion(CompletionType.CONVERSATION, 4),
);

type Found = ReturnType<MessageSources["find"]>;
function judge(
  found: Found,
  rest: { readonly gap?: string; readonly change?: object; readonly schema?: "chat.v1" } = {},
) {
  const { gap, change, schema = "chat.v2" } = rest;
  const asked: unknown[] = [];
  const message = readGivenMessage({ kind: "message", schema, message: { ...STORED, ...change } });
  const judged = judgeMessage(message, {
    gap,
    find: (...ids) => {
      asked.push(ids);
      return found;
    },
  });
  return { judged, asked, statuses: judged?.checks.map(([, check]) => check.status) };
}
const all = (outcome: string) => Array.from({ length: 4 }, () => outcome);

describe("a stored message", () => {
  it("is judged against its turn", () => {
    const { judged, asked, statuses } = judge(turnFacts(chatV2, events));
    expect(judged).toMatchObject({ schema: "chat.v2", conversationId: "conv", messageId: "msg" });
    expect(judged?.checks.map(([id]) => id)).toEqual(["MSG-01", "MSG-02", "MSG-03", "MSG-04"]);
    expect(asked).toEqual([["chat.v2", "conv", "msg"]]);
    expect(statuses).toEqual(all("held"));
  });

  it("is judged against each of its events once, and only those that make a block", () => {
    const again = turnFacts(chatV2, [...events.slice(0, 2), ...events.slice(1)]);
    expect(judge(again).statuses).toEqual(all("held"));
    const wrong = { content: [STORED.content[0], { chart: { chartType: "CHART_TYPE_PIE", configJson: "{}" } }] };
    const { judged } = judge(again, { change: wrong });
    expect(told(judged?.checks[1]?.[1] as never)).toMatchObject({ eventIds: ["e3"] });
    const other = judge(again, { change: { content: [{ text: { text: "bye" } }, STORED.content[1]] } });
    expect(told(other.judged?.checks[1]?.[1] as never)).toMatchObject({ eventIds: ["e2"] });
  });

  it("may be judged many times, for turns of its own", () => {
    const [one, other] = [
      turnFacts(chatV2, events),
      turnFacts(chatV2, events.toSpliced(2, 1, soundEvent(status(), 3))),
    ];
    expect(judge(one).statuses).toEqual(all("held"));
    expect(judge(one).statuses).toEqual(all("held"));
    expect(judge(other).statuses).toEqual(["violated", "held", "held", "held"]);
  });

  it("is nobody's business when it is not the assistant's", () => {
    expect(judge(undefined, { change: { role: "ROLE_USER" } })).toMatchObject({ judged: undefined, asked: [] });
  });

  it("has content of a turn that was not observed, unless it may have been missed", () => {
    const { judged } = judge(undefined);
    expect(judged?.checks.map(([, check]) => told(check))).toEqual([
      { expected: "the turn's texts and charts", actual: "no turn", records: [] },
      { status: "idle" },
      { status: "idle" },
      { status: "idle" },
    ]);
    expect(judge(undefined, { gap: "a gap" }).judged?.checks[0]?.[1]).toEqual({ status: "unprovable", why: "a gap" });
    expect(judge(undefined, { gap: "a gap" }).statuses).toEqual(["unprovable", "idle", "idle", "idle"]);
    expect(judge(undefined, { change: { content: [] } }).statuses).toEqual(all("idle"));
  });

  it("proves nothing of a turn that can't be compared, or has not ended", () => {
    expect(judge({ why: "a broken record" }).judged?.checks[0]?.[1]).toEqual({
      status: "unprovable",
      why: "a broken record",
    });
    const state = (rest: Partial<TurnFacts>) => judge(turnFacts(chatV2, events, rest)).judged?.checks[1]?.[1];
    const cut = { producersDone: true, ended: true };
    expect(state(OPEN)).toEqual({ status: "unprovable", why: "the turn has not ended" });
    expect(state({ ended: false, run: { ...cut, ended: false } })).toMatchObject({ why: "the turn has not ended" });
    expect(state({ ended: false, run: { ...cut, producersDone: false } })).toMatchObject({
      why: "the turn has not ended",
    });
    expect(state({ ended: false, run: cut })).toEqual({ status: "held" });
    expect(state({ run: OPEN.run })).toEqual({ status: "held" });
    expect(state({ gap: "a gap" })).toEqual({ status: "unprovable", why: "a gap" });
  });

  it("has no MSG-04 in chat.v1", () => {
    const change = { role: "assistant", status: undefined, content: [{ text: { text: "hello" } }] };
    const { status: _, ...stored } = { ...STORED, ...change };
    const message = readGivenMessage({ kind: "message", schema: "chat.v1", message: stored });
    const checks = (found: Found) =>
      judgeMessage(message, { gap: undefined, find: () => found })?.checks.map(([, check]) => check.status);
    expect(checks(turnFacts(chatV1, turnOf(status(), text(1), completion(2))))).toEqual([
      "held",
      "held",
      "held",
      "idle",
    ]);
    expect(checks({ why: "x" })).toEqual(["unprovable", "unprovable", "unprovable", "idle"]);
  });
});

describe("reading a stored message", () => {
  const failure = (schema: string, message: unknown): unknown => {
    try {
      return readGivenMessage({ kind: "message", schema, message });
    } catch (error) {
      return isContractError(error) ? error : undefined;
    }
  };

  it("refuses a version that is not known, and what is no message of it", () => {
    expect(failure("chat.v3", {})).toMatchObject({ code: "message", detail: 'there is no schema version "chat.v3"' });
    for (const schema of ["chat.v1", "chat.v2"]) {
      expect(failure(schema, { id: 7 })).toMatchObject({
        code: "message",
        detail: expect.stringContaining(`not a ${schema}.Message in ProtoJSON: `) as string,
        cause: expect.any(Error) as Error,
      });
    }
    expect(failure("chat.v2", { other: 1 })).toMatchObject({ code: "message" });
  });

  it("has the same shape for both versions", () => {
    const metadata = {
      tasks: [{ taskId: "t", state: "TASK_STATE_FAILED" }],
      errors: [{ code: "E", message: "m" }],
    };
    const content = [{ text: { text: "x" } }, {}, { chart: { chartType: "bar", configJson: "[]" } }];
    const v1 = { id: "m", conversationId: "c", role: "assistant", content };
    expect(failure("chat.v1", { ...v1, metadata: { ...metadata, tasks: [{ taskId: "t", state: "odd" }] } })).toEqual({
      schema: chatV1,
      stored: {
        id: "m",
        conversationId: "c",
        fromAssistant: true,
        blocks: [
          { kind: "text", text: "x" },
          { kind: "nothing" },
          { kind: "chart", chartType: "bar", typeNumber: undefined, configJson: "[]" },
        ],
        tasks: [{ id: "t", state: "odd" }],
        errors: [{ code: "E", message: "m" }],
        status: undefined,
      },
    });
    const empty = { id: "", conversationId: "", fromAssistant: false, blocks: [], tasks: [], errors: [] };
    expect(failure("chat.v1", {})).toEqual({ schema: chatV1, stored: { ...empty, status: undefined } });
    expect(failure("chat.v2", {})).toEqual({ schema: chatV2, stored: { ...empty, status: "unspecified" } });
    const custom = { chart: { chartType: "CHART_TYPE_CUSTOM", customChartType: "radar", configJson: "[]" } };
    const v2 = { ...v1, role: "ROLE_ASSISTANT", status: "MESSAGE_STATUS_FAILED", content: [content[0], {}, custom] };
    expect(failure("chat.v2", { ...v2, metadata })).toEqual({
      schema: chatV2,
      stored: {
        id: "m",
        conversationId: "c",
        fromAssistant: true,
        blocks: [
          { kind: "text", text: "x" },
          { kind: "nothing" },
          { kind: "chart", chartType: "radar", typeNumber: 7, configJson: "[]" },
        ],
        tasks: [{ id: "t", state: "failed" }],
        errors: [{ code: "E", message: "m" }],
        status: "failed",
      },
    });
  });
});
