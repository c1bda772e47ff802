import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { told } from "../../test/support/facts.ts";
import { barrierLaw } from "../barrier.ts";
import { held, idle, unprovable } from "../finding.ts";
import { createLedger, type LedgerEntry } from "../ledger.ts";
import { createLogs } from "../log/logs.ts";
import type { EndObservation } from "../observation.ts";
import { fateOfAck } from "./acknowledgements.ts";
import { judgePartition, kafkaRuleIds, type PartitionFacts } from "./partition-rules.ts";

const topic = chatV2.topics.text;
const place = (offset: number) => ({ topic, partition: 3, offset });
const endAt = (offset: number): EndObservation => ({
  kind: "end",
  ends: { [topic]: [0, 0, 0, offset] },
  producersDone: true,
});

/** One partition, at first with nothing known of it; `start`: its start offset. */
function partition(start?: number) {
  const logs = createLogs(barrierLaw, 100);
  if (start !== undefined) logs.start({ [topic]: [0, 0, 0, start] });
  const log = logs.at(topic, 3);
  const ledger = createLedger();
  const facts = (rest: Partial<PartitionFacts> = {}): PartitionFacts => ({
    logs,
    ledger,
    end: undefined,
    log,
    partitions: 8,
    misshapen: false,
    acks: [],
    phantoms: [],
    ...rest,
  });
  const read = (offset: number, eventId = `e${offset}`): void => {
    log.arrive(offset);
    log.remember(offset, { hash: 0, eventId });
  };
  const judge = (id: string, rest: Partial<PartitionFacts> = {}) => {
    const check = judgePartition(facts(rest)).find(([name]) => name === id)?.[1];
    if (check === undefined) throw new Error(`no rule ${id}`);
    return check;
  };
  const ack = (offset: number, eventId = `e${offset}`) => {
    ledger.acknowledge({ kind: "ack", eventId, ...place(offset) });
    return { place: place(offset), eventId };
  };
  return { logs, log, ledger, facts, read, judge, ack };
}

it("the KAF rules are in the order of the catalogue", () => {
  expect(kafkaRuleIds).toEqual(["KAF-01", "KAF-02", "KAF-03", "KAF-04", "KAF-05", "KAF-06"]);
});

describe("KAF-01 of a partition", () => {
  it("holds below the partition count, unless the topics as a whole are charged with it", () => {
    const { judge } = partition();
    expect(judge("KAF-01", { partitions: 4 })).toEqual(held);
    expect(judge("KAF-01", { partitions: 3 }).status).toBe("violated");
    expect(judge("KAF-01", { partitions: 4, misshapen: true })).toEqual(idle);
    expect(judge("KAF-01", { partitions: 3, misshapen: true })).toEqual(idle);
  });

  it("shows the first record beyond it, if there is one", () => {
    const some = partition();
    some.read(5);
    expect(told(some.judge("KAF-01", { partitions: 2 }))).toEqual({
      expected: "partitions 0 to 1",
      actual: "partition 3",
      records: [place(5)],
    });
    expect(told(partition().judge("KAF-01", { partitions: 2 }))).toMatchObject({ records: [] });
  });
});

describe("KAF-02", () => {
  it("names the offsets that were not seen, to the end", () => {
    const { read, judge } = partition(0);
    read(0);
    read(3);
    expect(judge("KAF-02")).toMatchObject({
      finding: {
        message: `${topic}, partition 3: 2 offsets were not seen.`,
        actual: "offset 1–2 not seen",
        records: [],
      },
    });
    expect(told(judge("KAF-02", { end: endAt(5) }))).toMatchObject({ actual: "offset 1–2, 4 not seen" });
    const whole = partition(0);
    whole.read(0);
    expect(whole.judge("KAF-02", { end: endAt(1) })).toEqual(held);
    expect(whole.judge("KAF-02", { end: { ...endAt(1), ends: {} } })).toEqual(held);
  });
});

describe("KAF-03", () => {
  it("compares what was read again", () => {
    const { log, read, judge } = partition();
    read(5);
    expect(judge("KAF-03")).toEqual(idle);
    log.redeliver(5, true);
    expect(judge("KAF-03")).toEqual(held);
    log.redeliver(4, undefined);
    expect(judge("KAF-03")).toEqual(unprovable("1 redelivered offsets were too old to be compared"));
    log.redeliver(5, false);
    expect(told(judge("KAF-03"))).toEqual({
      expected: "the same key, headers and value at each read of an offset",
      actual: "another record",
      records: [place(5)],
    });
  });
});

describe("KAF-04", () => {
  it("wants the record where it was acknowledged", () => {
    const { read, judge, ack } = partition(0);
    read(0);
    read(2);
    expect(judge("KAF-04")).toEqual(idle);
    expect(judge("KAF-04", { acks: [ack(0), ack(2)] })).toEqual(held);
    expect(judge("KAF-04", { acks: [ack(0), ack(1)] })).toEqual(unprovable("1 acknowledged offsets were not read"));
    const lost = judge("KAF-04", { acks: [ack(0), ack(3)], end: endAt(3) });
    expect(lost).toMatchObject({ finding: { message: "An acknowledged record is not in the log." } });
    expect(told(lost)).toEqual({
      expected: `event e3 at ${topic}/3@3`,
      actual: "no record there",
      records: [],
      notes: [`${topic}, partition 3 was read up to offset 3`],
      eventIds: ["e3"],
    });
  });

  it("names eight events that are not there, and says when nothing was read", () => {
    const { judge, ack } = partition();
    const acks = Array.from({ length: 9 }, (_, index) => ack(index + 3));
    const check = judge("KAF-04", { acks, end: endAt(3) });
    expect(check).toMatchObject({ finding: { message: "9 acknowledged records are not in the log." } });
    expect(told(check)).toMatchObject({
      notes: [`nothing was read of ${topic}, partition 3`],
      eventIds: acks.slice(0, 8).map(({ eventId }) => eventId),
    });
  });

  it("shows the record that another acknowledgement put there", () => {
    const { read, judge, ack } = partition(0);
    read(0, "other");
    const acks = [ack(0, "mine"), ack(0, "other")];
    expect(told(judge("KAF-04", { acks }))).toMatchObject({
      expected: `event mine at ${topic}/3@0`,
      actual: "event other is there",
      records: [place(0)],
      eventIds: ["mine"],
    });
  });
});

describe("the fate of an acknowledged record", () => {
  it("follows from the log, its start and the end", () => {
    const { log, read, facts, ack } = partition(2);
    read(3, "other");
    read(7);
    log.skip(4, 4, "control");
    log.gap(5, 6);
    const fate = (offset: number, end?: number) =>
      fateOfAck(place(offset), "mine", { ...facts(), end: end === undefined ? undefined : endAt(end) });
    // Below the start, never read, another's that nobody claims, a skip, a gap, above the position.
    expect([1, 2, 3, 4, 5, 8].map((offset) => fate(offset))).toEqual([
      "unknown",
      "unknown",
      "present",
      "absent",
      "unknown",
      "unknown",
    ]);
    ack(3, "other");
    expect(fate(3)).toBe("absent");
    expect([fate(8, 8), fate(8, 9), fate(1, 1)]).toEqual(["absent", "unknown", "unknown"]);
    expect(fateOfAck(place(3), "other", facts())).toBe("present");
    expect(fateOfAck(place(7), "mine", facts())).toBe("present");
  });

  it("is unknown below a start offset whatever is told of it, and known at it", () => {
    const { log, facts } = partition(2);
    log.skip(0, 2, "control");
    const fates = [1, 2].map((offset) => fateOfAck(place(offset), "mine", facts()));
    expect(fates).toEqual(["unknown", "absent"]);
  });

  it("follows from the end alone where nothing was read", () => {
    const { facts } = partition();
    const elsewhere = { topic: chatV2.topics.chart, partition: 1, offset: 4 };
    const ends = { [chatV2.topics.chart]: [9, 4] };
    expect(fateOfAck(elsewhere, "mine", { ...facts(), end: { ...endAt(0), ends } })).toBe("absent");
    expect(fateOfAck({ ...elsewhere, partition: 0 }, "mine", { ...facts(), end: { ...endAt(0), ends } })).toBe(
      "unknown",
    );
    expect(fateOfAck({ ...elsewhere, partition: 2 }, "mine", { ...facts(), end: { ...endAt(0), ends } })).toBe(
      "unknown",
    );
    expect(fateOfAck(elsewhere, "mine", { ...facts(), end: { ...endAt(0), ends: {} } })).toBe("unknown");
    expect(fateOfAck(elsewhere, "mine", facts())).toBe("unknown");
    expect(fateOfAck(place(4), "mine", { ...facts(), end: endAt(4) })).toBe("absent");
  });

  it("is present where what lies there is no longer remembered", () => {
    const { log, facts, ack } = partition(0);
    log.arrive(0);
    ack(0, "other");
    expect(fateOfAck(place(0), "mine", facts())).toBe("present");
    log.remember(0, { hash: 0, eventId: undefined });
    expect(fateOfAck(place(0), "mine", facts())).toBe("present");
  });
});

describe("KAF-05 of a partition", () => {
  const entry: LedgerEntry = {
    schema: "chat.v2",
    eventId: "e5",
    turn: undefined,
    acks: [],
    rejected: { topic, error: "MESSAGE_TOO_LARGE" },
    indefinite: false,
  };

  it("wants nothing visible of an aborted transaction", () => {
    const { log, read, judge } = partition(0);
    log.skip(0, 0, "control");
    expect(judge("KAF-05")).toEqual(idle);
    log.skip(1, 2, "aborted");
    expect(judge("KAF-05")).toEqual(held);
    read(2);
    expect(told(judge("KAF-05"))).toEqual({
      expected: "no record inside an aborted range",
      actual: "a record at offset 2",
      records: [place(2)],
    });
  });

  it("wants nothing visible that was refused", () => {
    const { read, judge } = partition(0);
    read(5);
    expect(told(judge("KAF-05", { phantoms: [{ offset: 5, entry }] }))).toEqual({
      expected: "no record: the send was refused with MESSAGE_TOO_LARGE",
      actual: `${topic}/3@5`,
      records: [place(5)],
      eventIds: ["e5"],
    });
  });
});

describe("KAF-06", () => {
  it("wants no lower epoch at a higher offset", () => {
    const { log, judge } = partition();
    expect(judge("KAF-06")).toEqual(idle);
    log.epoch(4, 2);
    expect(judge("KAF-06")).toEqual(held);
    log.epoch(9, 1);
    expect(told(judge("KAF-06"))).toEqual({
      expected: "epoch 2 or higher from offset 4 on",
      actual: "epoch 1 at offset 9",
      records: [place(4), place(9)],
    });
  });
});
