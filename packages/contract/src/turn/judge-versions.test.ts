import { type ChatSchema, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status, text } from "../../test/support/facts.ts";
import { barrierLaw, createBarriers } from "../barrier.ts";
import { compareRules } from "../catalogue.ts";
import { createLedger } from "../ledger.ts";
import { createLogs } from "../log/logs.ts";
import type { FactSources } from "./assemble.ts";
import { type JudgedVersion, judgeVersions, neverWas } from "./judge-versions.ts";
import { createTurns } from "./turns.ts";

const CONVERSATION = 2;

/** Turns of both versions, and their judge. */
function world() {
  const turns = createTurns(100);
  const ledger = createLedger();
  const topics = [...chatV1.topicList, ...chatV2.topicList];
  const ends = Object.fromEntries(topics.map((topic) => [topic, [0]]));
  const sources: FactSources = {
    law: barrierLaw,
    barriers: createBarriers(barrierLaw, 10),
    logs: createLogs(barrierLaw, 10),
    ledger,
    turns,
    end: { kind: "end", ends, producersDone: true },
    goesOn: false,
  };
  return {
    turns,
    ledger,
    plan: (eventId: string): void =>
      void ledger.plan({
        kind: "plan",
        topic: chatV2.topics.status,
        eventId,
        conversationId: "conv",
        messageId: "msg",
      }),
    publish: (schema: ChatSchema, word = "hello"): void => {
      const turn = turns.at(schema, "conv", "msg");
      const bodies = [status(), text(4, word), completion(CONVERSATION, 3)];
      for (const [index, body] of bodies.entries()) {
        const event = soundEvent(body, index + 1);
        turn.add({ event, place: { ...placeOf(schema, event), partition: 0 }, asked: 0 });
      }
    },
    judge: (): JudgedVersion[] => judgeVersions(turns.versions("conv", "msg"), sources),
  };
}
const ids = (version: JudgedVersion | undefined) => version?.checks.map(([id]) => id);
const check = (version: JudgedVersion | undefined, rule: string): unknown =>
  version?.checks.find(([id]) => id === rule)?.[1];

describe("a turn in both versions", () => {
  it("has what they say of each other charged to the newer one, in the order of the catalogue", () => {
    const { publish, judge } = world();
    publish(chatV1);
    publish(chatV2, "other");
    const [older, newer] = judge();
    expect([older?.turn.schema, newer?.turn.schema]).toEqual([chatV1, chatV2]);
    expect(check(older, "ORD-09")).toBeUndefined();
    expect(check(newer, "ORD-09")).toMatchObject({ status: "violated" });
    expect(ids(newer)).toEqual((ids(newer) ?? []).toSorted(compareRules));
    expect([older?.contentIsUnprovable, newer?.contentIsUnprovable, newer?.spoiled]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("agrees", () => {
    const { publish, judge } = world();
    publish(chatV1);
    publish(chatV2);
    expect(check(judge()[1], "ORD-09")).toEqual({ status: "held" });
  });

  it("can't be compared where a record of one of them is broken", () => {
    const { publish, judge, turns } = world();
    publish(chatV1);
    turns.at(chatV2, "conv", "msg").spoil("broken");
    const [older, newer] = judge();
    expect([check(older, "GRM-01"), check(newer, "GRM-01"), check(newer, "ORD-09")]).toEqual([
      { status: "held" },
      { status: "unprovable", why: "broken" },
      { status: "unprovable", why: "broken" },
    ]);
    expect([older?.contentIsUnprovable, newer?.contentIsUnprovable]).toEqual([undefined, "broken"]);
  });
});

describe("a turn in one version", () => {
  it.each([
    [chatV1, chatV2],
    [chatV2, chatV1],
  ])("says nothing of the other, unless a record of that may be its counterpart", (own, other) => {
    const { publish, judge, turns } = world();
    publish(own);
    expect(judge()).toHaveLength(1);
    expect(check(judge()[0], "ORD-09")).toBeUndefined();
    turns.spoilConversation(own, "conv", "own");
    expect(check(judge()[0], "ORD-09")).toBeUndefined();
    turns.spoilConversation(other, "conv", "a broken record");
    expect(check(judge()[0], "ORD-09")).toEqual({ status: "unprovable", why: "a broken record" });
  });

  it("is not compared with a version of which nothing but the plan is known", () => {
    const { publish, judge, plan, turns } = world();
    publish(chatV1);
    turns.at(chatV2, "conv", "msg");
    plan("x");
    const judged = judge();
    expect(judged).toHaveLength(2);
    expect(judged.map((version) => check(version, "ORD-09"))).toEqual([undefined, undefined]);
  });
});

describe("a turn never was", () => {
  const planned = (change: (own: ReturnType<typeof world>) => void): boolean | undefined => {
    const own = world();
    own.turns.at(chatV2, "conv", "msg");
    change(own);
    const [version] = own.judge();
    return version && neverWas(version);
  };

  it("if all that was planned was refused, or may not have been written", () => {
    expect(planned(() => undefined)).toBe(true);
    expect(
      planned(({ plan, ledger }) => {
        for (const eventId of ["x", "y"]) plan(eventId);
        ledger.reject({ kind: "rejected", topic: chatV2.topics.status, eventId: "x", error: "no" });
        ledger.leaveOpen({ kind: "indefinite", topic: chatV2.topics.status, eventId: "y" });
      }),
    ).toBe(true);
  });

  it("but not if something was, or should have been", () => {
    expect(planned(({ publish }) => publish(chatV2))).toBe(false);
    expect(planned(({ turns }) => turns.at(chatV2, "conv", "msg").spoil("broken"))).toBe(false);
    expect(planned(({ plan }) => plan("missing"))).toBe(false);
    const absent = (ledger: ReturnType<typeof createLedger>): void =>
      ledger.acknowledge({ kind: "ack", topic: chatV2.topics.status, eventId: "x", partition: 0, offset: 5 });
    expect(
      planned(({ plan, ledger }) => {
        plan("x");
        absent(ledger);
      }),
    ).toBe(false);
    expect(
      planned(({ plan, ledger }) => {
        for (const eventId of ["x", "missing"]) plan(eventId);
        absent(ledger);
      }),
    ).toBe(false);
  });
});
