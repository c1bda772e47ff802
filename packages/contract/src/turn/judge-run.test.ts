import { type ChatSchema, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status, text } from "../../test/support/facts.ts";
import { barrierLaw, createBarriers } from "../barrier.ts";
import type { EventBody } from "../event.ts";
import { createLedger } from "../ledger.ts";
import { createLogs } from "../log/logs.ts";
import { createOutcomes } from "../outcomes.ts";
import type { FactSources } from "./assemble.ts";
import { createTurnJudge } from "./judge-run.ts";
import { createTurnResults } from "./results.ts";
import type { Turn } from "./turn.ts";
import { createTurns } from "./turns.ts";

const CONVERSATION = 2;
const topic = chatV2.topics.status;
const whole = [status(), text(4), completion(CONVERSATION, 3)];
const name = "turn msg of conversation conv (chat.v2)";

/** Turns, their judge, and what it reports. */
function world({ producersDone = true } = {}) {
  const turns = createTurns(100);
  const ledger = createLedger();
  const logs = createLogs(barrierLaw, 10);
  const outcomes = createOutcomes();
  const results = createTurnResults();
  const topics = [...chatV1.topicList, ...chatV2.topicList];
  const ends = Object.fromEntries(topics.map((each) => [each, [0]]));
  logs.start(ends);
  const sources: FactSources = {
    law: barrierLaw,
    barriers: createBarriers(barrierLaw, 10),
    logs,
    ledger,
    turns,
    end: { kind: "end", ends, producersDone },
    goesOn: false,
  };
  const add = (turn: Turn, body: EventBody, sequence: number): void => {
    const event = soundEvent(body, sequence);
    turn.add({ event, place: { ...placeOf(turn.schema, event), partition: 0 }, asked: 0 });
  };
  const judge = createTurnJudge(() => sources, outcomes, results);
  return {
    judge,
    outcomes,
    results,
    turns,
    add,
    /** The turn, with its first events; sequences from 1. */
    publish: (schema: ChatSchema = chatV2, bodies = whole): Turn => {
      const turn = turns.at(schema, "conv", "msg");
      for (const [index, body] of bodies.entries()) add(turn, body, index + 1);
      return turn;
    },
    plan: (): Turn => {
      ledger.plan({ kind: "plan", topic, eventId: "e1", conversationId: "conv", messageId: "msg" });
      return turns.at(chatV2, "conv", "msg");
    },
    reject: (): void => ledger.reject({ kind: "rejected", topic, eventId: "e1", error: "NO" }),
    miss: (): void => logs.at(topic, 0).gap(0, 0),
    verdict: (): string =>
      results
        .list()
        .map(({ verdict }) => verdict)
        .join(),
  };
}

describe("the judge of a run's turns", () => {
  it("judges both versions with the first of them, and neither again", () => {
    const { judge, publish, outcomes, results } = world();
    const [older, newer] = [publish(chatV1), publish(chatV2)];
    for (const turn of [older, newer, older]) judge.judge(turn);
    const rules = outcomes.rules(new Set());
    expect([rules["ORD-09"], rules["ORD-06"]]).toEqual([
      { status: "held", count: 1 },
      { status: "held", count: 2 },
    ]);
    expect(results.list()).toEqual([{ conversationId: "conv", messageId: "msg", verdict: "passed", blocks: ["text"] }]);
    expect(judge.reasons).toEqual([]);
  });

  it("reports a turn that was planned only where its events are missed", () => {
    const refused = world();
    const turn = refused.plan();
    refused.reject();
    refused.judge.judge(turn);
    expect([refused.results.list(), refused.outcomes.violations]).toEqual([[], []]);
    const missing = world();
    missing.judge.judge(missing.plan());
    expect([missing.verdict(), missing.outcomes.violations.map(({ messageId }) => messageId)]).toEqual([
      "failed",
      ["msg"],
    ]);
  });

  describe("leaves a turn inconclusive", () => {
    it("for what leaves the run open", () => {
      const { judge, publish, verdict } = world({ producersDone: false });
      judge.judge(publish(chatV2, whole.slice(0, 2)));
      expect([verdict(), judge.reasons]).toEqual([
        "inconclusive",
        [`${name} has not ended, and the producer is not known to be done`],
      ]);
    });

    it("for a broken record, which is the record's fault: no matter what else the turn lacks", () => {
      const { judge, publish, verdict } = world({ producersDone: false });
      const turn = publish(chatV2, whole.slice(0, 2));
      turn.spoil("a record breaks REC-01");
      judge.judge(turn);
      expect([verdict(), judge.reasons]).toEqual(["inconclusive", []]);
    });

    it("for a gap, which is a reason of the run's by itself", () => {
      const { judge, publish, miss, verdict } = world();
      const turn = publish();
      miss();
      judge.judge(turn);
      expect([verdict(), judge.reasons]).toEqual(["inconclusive", []]);
    });

    it("for sequences too far apart, and says so", () => {
      const { judge, publish, add, verdict } = world();
      const turn = publish(chatV2, whole.slice(0, 1));
      add(turn, text(4), 500);
      judge.judge(turn);
      expect([verdict(), judge.reasons]).toEqual([
        "inconclusive",
        [`${name} can't be judged: sequence 500 came while 2 was missing: further apart than the window of 100`],
      ]);
    });
  });
});

describe("what a stored message is compared with", () => {
  it("is its turn, the same for every message", () => {
    const { judge, publish } = world();
    publish();
    const found = judge.find("chat.v2", "conv", "msg");
    expect(found).toMatchObject({ schema: chatV2, messageId: "msg", ended: true });
    expect(judge.find("chat.v2", "conv", "msg")).toBe(found);
  });

  it("is nothing where nothing of the turn was observed: in its version, and for all that was planned", () => {
    const { judge, publish, plan, reject } = world();
    expect(judge.find("chat.v2", "conv", "msg")).toBeUndefined();
    const other = world();
    other.publish(chatV1);
    expect(other.judge.find("chat.v2", "conv", "msg")).toBeUndefined();
    plan();
    reject();
    publish(chatV1);
    expect(judge.find("chat.v2", "conv", "msg")).toBeUndefined();
  });

  it("may have been in the broken record of a turn that is not known", () => {
    for (const planned of [false, true]) {
      const { judge, plan, reject, turns } = world();
      if (planned) plan();
      reject();
      turns.spoilConversation(chatV2, "conv", "a record breaks REC-01");
      expect(judge.find("chat.v2", "conv", "msg")).toEqual({ why: "a record breaks REC-01" });
      expect(judge.find("chat.v1", "conv", "msg")).toBeUndefined();
    }
  });

  it("can't be told where the turn's order is broken or a record of it", () => {
    const { judge, publish, add } = world();
    add(publish(chatV2, whole.slice(0, 1)), completion(CONVERSATION, 3), 3);
    expect(judge.find("chat.v2", "conv", "msg")).toEqual({ why: "the turn breaks ORD-04" });
    const spoiled = world();
    spoiled.publish().spoil("a record breaks REC-01");
    expect(spoiled.judge.find("chat.v2", "conv", "msg")).toEqual({ why: "a record breaks REC-01" });
  });

  it("is no longer known once the turn was let go of, in that version", () => {
    const { judge, publish, turns } = world();
    const turn = publish();
    publish(chatV1);
    judge.judge(turn);
    expect(judge.isForgotten("chat.v2", "conv", "msg")).toBe(false);
    judge.forget(turn);
    turns.forget(turn);
    expect([judge.isForgotten("chat.v2", "conv", "msg"), judge.isForgotten("chat.v1", "conv", "msg")]).toEqual([
      true,
      false,
    ]);
    expect(judge.find("chat.v2", "conv", "msg")).toEqual({
      why: "the turn was judged long ago, and its events are no longer kept",
    });
    expect(judge.find("chat.v1", "conv", "msg")).toMatchObject({ schema: chatV1 });
  });
});
