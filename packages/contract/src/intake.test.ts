import { toBinary } from "@bufbuild/protobuf";
import { type AnyEnvelope, type ChatSchema, chatSchemas, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { envelopes, salesChart } from "../test/support/chat.ts";
import { barrierLaw } from "./barrier.ts";
import { createIntake } from "./intake.ts";
import { createLogs } from "./log/logs.ts";
import type { RecordObservation } from "./observation.ts";
import { createOutcomes } from "./outcomes.ts";

/** An intake, and who takes what. */
function takingIn() {
  const logs = createLogs(barrierLaw, 10);
  const outcomes = createOutcomes();
  const taken: string[] = [];
  const intake = createIntake(logs, outcomes, {
    take: (_, event) => taken.push(`take ${event.eventId}`),
    spoilTurn: (_, event, __, ends) => taken.push(`spoil ${event.messageId}${ends ? " at its end" : ""}`),
    spoilConversation: (_, conversation) => taken.push(`spoil ${conversation} whole`),
    show: (_, event) => taken.push(`show ${event.eventId}`),
  });
  return { logs, outcomes, taken, intake };
}
const recordOf = (
  schema: ChatSchema,
  event: AnyEnvelope,
  rest: Partial<RecordObservation> = {},
): RecordObservation => ({
  kind: "record",
  ...encodeRecord(schema, event, 8),
  offset: 4,
  timestamp: 1,
  ...rest,
});
const eventsOf = (schema: ChatSchema) => envelopes(schema, salesChart);
const broken = { value: new Uint8Array([255]) };

describe("the intake", () => {
  it("gives a sound event to its turn, and shows it", () => {
    const { intake, taken } = takingIn();
    const [event] = eventsOf(chatV2);
    if (event === undefined) throw new Error("no event");
    intake.record(recordOf(chatV2, event), 8);
    expect([taken, intake.records, intake.redeliveries, [...intake.schemas]]).toEqual([
      ["show msg_789-event-1", "take msg_789-event-1"],
      1,
      0,
      ["chat.v2"],
    ]);
  });

  it.each(chatSchemas)(
    "says of which turn of $name a record is broken, and whether it would have ended it",
    (schema) => {
      const events = eventsOf(schema);
      const spoilt = (index: number, change: (event: AnyEnvelope) => void): readonly string[] => {
        const { intake, taken } = takingIn();
        const event = events[index];
        if (event === undefined) throw new Error("no event");
        const copy = structuredClone(event);
        change(copy);
        intake.record(recordOf(schema, copy, { key: new TextEncoder().encode("other") }), 8);
        return taken.filter((what) => what.startsWith("spoil"));
      };
      expect(spoilt(0, () => undefined)).toEqual(["spoil msg_789"]);
      expect(spoilt(6, () => undefined)).toEqual(["spoil msg_789 at its end"]);
      const open = envelopes(schema, salesChart, { final: -1 })[6];
      expect(spoilt(6, (event) => Object.assign(event, open))).toEqual([
        schema.sequenced ? "spoil msg_789" : "spoil msg_789 at its end",
      ]);
      expect(spoilt(0, (event) => void (event.messageId = ""))).toEqual(["spoil other whole"]);
      expect(spoilt(0, (event) => void (event.conversationId = ""))).toEqual(["spoil other whole"]);
    },
  );

  it.each(chatSchemas)("knows the turn of a record of $name that says nothing, or not when", (schema) => {
    const [event] = eventsOf(schema);
    if (event === undefined) throw new Error("no event");
    for (const left of [{ event: { case: undefined } }, { timestamp: undefined }]) {
      const { intake, taken, outcomes } = takingIn();
      const value = toBinary(schema.envelope, Object.assign(structuredClone(event), left));
      intake.record(recordOf(schema, event, { value }), 8);
      expect(taken.at(-1)).toBe("spoil msg_789");
      expect(outcomes.violations).toMatchObject([{ conversationId: "conv_456", messageId: "msg_789" }]);
    }
  });

  it("knows a broken record's conversation by its key, or not at all", () => {
    const [event] = eventsOf(chatV2);
    if (event === undefined) throw new Error("no event");
    const of = (key: Uint8Array | null): unknown => {
      const { intake, taken, outcomes } = takingIn();
      intake.record(recordOf(chatV2, event, { ...broken, key }), 8);
      const [violation] = outcomes.violations;
      return [...taken, violation?.conversationId, violation?.messageId];
    };
    expect(of(new TextEncoder().encode("conv"))).toEqual(["spoil conv whole", "conv", null]);
    expect(of(new Uint8Array())).toEqual(["spoil null whole", null, null]);
    expect(of(null)).toEqual(["spoil null whole", null, null]);
  });

  it("charges a broken record to its envelope's turn, whatever its key", () => {
    const [event] = eventsOf(chatV2);
    if (event === undefined) throw new Error("no event");
    const { intake, outcomes } = takingIn();
    intake.record(recordOf(chatV2, event, { key: new TextEncoder().encode("other") }), 8);
    expect(outcomes.violations).toMatchObject([{ conversationId: "conv_456", messageId: "msg_789" }]);
  });

  it("takes a record once, and compares what is read again while it is remembered", () => {
    const { intake, logs, taken } = takingIn();
    const [event, other] = eventsOf(chatV2);
    if (event === undefined || other === undefined) throw new Error("no event");
    const record = recordOf(chatV2, event);
    const log = logs.at(record.topic, record.partition);
    intake.record(record, 8);
    intake.record(record, 8);
    expect([intake.records, intake.redeliveries, taken.length, log.redeliveries]).toEqual([
      1,
      1,
      2,
      { count: 1, forgotten: 0, changed: undefined },
    ]);
    intake.record({ ...record, ...broken }, 8);
    expect(log.redeliveries).toEqual({ count: 2, forgotten: 0, changed: 4 });
    for (let offset = 5; offset < 15; offset++) intake.record({ ...record, offset }, 8);
    intake.record(record, 8);
    expect(log.redeliveries).toEqual({ count: 3, forgotten: 1, changed: 4 });
  });

  it("takes note of leader epochs, from 0 on: -1 says that there is none", () => {
    const [event] = eventsOf(chatV2);
    if (event === undefined) throw new Error("no event");
    const known = (rest: Partial<RecordObservation>): boolean => {
      const { intake, logs } = takingIn();
      const record = recordOf(chatV2, event, rest);
      intake.record(record, 8);
      return logs.at(record.topic, record.partition).epochs.known;
    };
    expect([known({}), known({ leaderEpoch: -1 }), known({ leaderEpoch: 0 })]).toEqual([false, false, true]);
  });
});
