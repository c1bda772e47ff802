import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { createLedger, placeKey } from "./ledger.ts";
import { createTurn } from "./turn/turn.ts";

const topic = chatV2.topics.text;
const plan = (eventId: string, messageId = "msg", own = topic) =>
  ({ kind: "plan", topic: own, eventId, conversationId: "conv", messageId }) as const;
const ack = (eventId: string, offset: number, partition = 1) =>
  ({ kind: "ack", topic, eventId, partition, offset }) as const;
const turn = (messageId = "msg", schema: typeof chatV1 | typeof chatV2 = chatV2) =>
  createTurn(schema, "conv", messageId, 10);

describe("the ledger", () => {
  it("has each turn's planned events, in the order of the plan, by version", () => {
    const ledger = createLedger();
    expect(ledger.plan(plan("b"))).toBe(chatV2);
    ledger.plan(plan("a"));
    ledger.plan(plan("other", "other"));
    expect(ledger.plan(plan("a", "msg", chatV1.topics.text))).toBe(chatV1);
    expect(ledger.plannedFor(turn())).toEqual([
      {
        schema: "chat.v2",
        eventId: "b",
        turn: { conversationId: "conv", messageId: "msg" },
        acks: [],
        rejected: undefined,
        indefinite: false,
      },
      expect.objectContaining({ eventId: "a" }),
    ]);
    expect(ledger.plannedFor(turn("other")).map(({ eventId }) => eventId)).toEqual(["other"]);
    expect(ledger.plannedFor(turn("msg", chatV1)).map(({ schema }) => schema)).toEqual(["chat.v1"]);
    expect(ledger.plannedFor(turn("unplanned"))).toEqual([]);
  });

  it("plans an event once: for the turn that came first", () => {
    const ledger = createLedger();
    ledger.plan(plan("a"));
    ledger.plan(plan("a"));
    ledger.plan(plan("a", "other"));
    expect(ledger.plannedFor(turn())).toHaveLength(1);
    expect(ledger.plannedFor(turn("other"))).toEqual([]);
  });

  it("knows what became of each send, whether it was planned or not", () => {
    const ledger = createLedger();
    ledger.acknowledge(ack("a", 7));
    ledger.acknowledge(ack("a", 9));
    ledger.plan(plan("a"));
    ledger.reject({ kind: "rejected", topic, eventId: "b", error: "too large" });
    ledger.leaveOpen({ kind: "indefinite", topic, eventId: "c" });
    expect([...ledger.all()]).toMatchObject([
      {
        eventId: "a",
        turn: { messageId: "msg" },
        acks: [
          { topic, partition: 1, offset: 7 },
          { topic, partition: 1, offset: 9 },
        ],
        rejected: undefined,
        indefinite: false,
      },
      { eventId: "b", turn: undefined, acks: [], rejected: { topic, error: "too large" }, indefinite: false },
      { eventId: "c", rejected: undefined, indefinite: true },
    ]);
  });

  it("knows which events were acknowledged at a place", () => {
    const ledger = createLedger();
    const place = { topic, partition: 1, offset: 7 };
    expect(ledger.isClaimed(place, "a")).toBe(false);
    ledger.acknowledge(ack("a", 7));
    ledger.acknowledge(ack("b", 7));
    expect(["a", "b", "c"].map((id) => ledger.isClaimed(place, id))).toEqual([true, true, false]);
    expect(ledger.isClaimed({ ...place, offset: 8 }, "a")).toBe(false);
    expect(placeKey(place)).toBe(`${topic}/1/7`);
  });

  it("refuses a topic of no version", () => {
    expect(() => createLedger().plan(plan("a", "msg", "other"))).toThrow(
      "[observation] topic other is of no schema version",
    );
  });
});
