import type { Observation } from "@ondash/contract";
import { chatV1, encodeRecord, type OutgoingRecord, type SendOutcome, statusEvent } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { createOwnRecords } from "./own-records.ts";

const utf8 = new TextEncoder();

function event(conversationId: string): OutgoingRecord {
  const head = { eventId: "e", conversationId, messageId: "m", taskId: "", timestamp: { seconds: 1n, nanos: 0 } };
  return { ...encodeRecord(chatV1, statusEvent(head, { message: "hello" }), 8), partition: 0 };
}

function observed({ topic, partition, key, headers, value }: OutgoingRecord, offset: number): Observation {
  return { kind: "record", topic, partition, offset, timestamp: 0, key, headers, value };
}

/** A filter for the conversation "mine", and a sink whose outcomes are given by hand. */
function setUp() {
  const passed: string[] = [];
  const own = createOwnRecords(new Set(["mine"]), (observation) => {
    if (observation.kind === "record") passed.push(`record ${observation.offset}`);
    else if (observation.kind === "skip") passed.push(`skip ${observation.from}-${observation.to}`);
    else passed.push(observation.kind);
  });
  const outcomes: ((outcome: SendOutcome) => void)[] = [];
  const sink = own.watch({ send: () => new Promise((resolve) => outcomes.push(resolve)) });
  return { own, sink, passed, outcomes };
}

const rubbish: OutgoingRecord = { ...event("mine"), key: utf8.encode("theirs"), value: utf8.encode("rubbish") };

describe("createOwnRecords", () => {
  it("passes the planned conversation's records, and turns others into offsets without a record", () => {
    const { own, passed } = setUp();
    own.observe(observed(event("mine"), 0));
    own.observe(observed(event("theirs"), 1));
    own.observe(observed({ ...rubbish, key: utf8.encode("mine") }, 2));
    own.observe(observed(rubbish, 3));
    own.observe(observed({ ...rubbish, key: null, value: null }, 4));
    own.observe({ kind: "skip", topic: rubbish.topic, partition: 0, from: 5, to: 6, why: "control" });
    expect(passed).toEqual(["record 0", "skip 1-1", "record 2", "skip 3-3", "skip 4-4", "skip 5-6"]);
  });

  it("goes by the envelope, not by the key, where the envelope can be read", () => {
    const { own, passed } = setUp();
    own.observe(observed({ ...event("theirs"), key: utf8.encode("mine") }, 0));
    own.observe(observed({ ...event("mine"), key: utf8.encode("theirs") }, 1));
    expect(passed).toEqual(["skip 0-0", "record 1"]);
  });

  it("waits with a strange record until the send under way is answered: it may be ours", async () => {
    const { own, sink, passed, outcomes } = setUp();
    const sending = sink.send(rubbish);
    own.observe(observed(rubbish, 0));
    own.observe(observed(event("mine"), 1));
    expect(passed).toEqual([]);
    outcomes[0]?.({ status: "acknowledged", partition: 0, offset: 0 });
    await sending;
    expect(passed).toEqual(["record 0", "record 1"]);
  });

  it("lets it go as foreign when the answer names another offset, or refuses", async () => {
    const { own, sink, passed, outcomes } = setUp();
    const sending = [sink.send(rubbish), sink.send(rubbish)];
    own.observe(observed(rubbish, 0));
    outcomes[0]?.({ status: "rejected", error: "MESSAGE_TOO_LARGE" });
    await sending[0];
    expect(passed).toEqual([]);
    outcomes[1]?.({ status: "acknowledged", partition: 0, offset: 7 });
    await sending[1];
    expect(passed).toEqual(["skip 0-0"]);
    own.observe(observed(rubbish, 7));
    expect(passed).toEqual(["skip 0-0", "record 7"]);
  });

  it("does not hold back other partitions", () => {
    const { own, sink, passed } = setUp();
    void sink.send(rubbish);
    own.observe(observed(rubbish, 0));
    own.observe(observed({ ...rubbish, partition: 1 }, 5));
    expect(passed).toEqual(["skip 5-5"]);
  });

  it("waits no longer when the sink has failed", async () => {
    const { own, passed } = setUp();
    const sink = own.watch({ send: () => Promise.reject(new Error("closed")) });
    const sending = sink.send(rubbish);
    own.observe(observed(rubbish, 0));
    await expect(sending).rejects.toThrow("closed");
    expect(passed).toEqual(["skip 0-0"]);
  });

  it("knows in a transaction, too, what may be ours", () => {
    const { own } = setUp();
    const isOurs = (record: OutgoingRecord): boolean => {
      const seen = observed(record, 0);
      return seen.kind === "record" && own.concerns(seen);
    };
    expect(isOurs(event("mine"))).toBe(true);
    expect(isOurs({ ...rubbish, key: utf8.encode("mine") })).toBe(true);
    expect([isOurs(event("theirs")), isOurs(rubbish), isOurs({ ...rubbish, key: null })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("takes as ours what an earlier observer's ledger names", () => {
    const passed: string[] = [];
    const { topic } = rubbish;
    const own = createOwnRecords(new Set(["mine"]), (observation) => passed.push(observation.kind), [
      { topic, partition: 0, offset: 1 },
    ]);
    own.observe(observed(rubbish, 0));
    own.observe(observed(rubbish, 1));
    expect(passed).toEqual(["skip", "record"]);
  });
});
