import { createManualClock, createRandom, type ManualClock } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../wire/index.ts";
import { type Markers, type TransactionalProducer, TransactionCoordinator } from "./coordinator.ts";

const partition = { topic: "t", partition: 0 };

function setUp(markerDelayMs = 0): { clock: ManualClock; coordinator: TransactionCoordinator; markers: Markers[] } {
  const clock = createManualClock();
  const markers: Markers[] = [];
  let nextId = 100n;
  const coordinator = new TransactionCoordinator({
    clock,
    random: createRandom(1),
    maxTimeoutMs: 900_000,
    markerDelayMs,
    newProducerId: () => nextId++,
    writeMarkers: (written) => markers.push(written),
  });
  return { clock, coordinator, markers };
}

function start(coordinator: TransactionCoordinator, transactionalId = "tx"): TransactionalProducer {
  const { producerId, producerEpoch } = coordinator.initProducerId(transactionalId, 60_000, undefined);
  return { transactionalId, producerId, producerEpoch };
}

describe("InitProducerId", () => {
  it("gives an id and epoch 0, then the same id and the next epoch, which fences", () => {
    const { coordinator } = setUp();
    const first = start(coordinator);
    expect(first).toMatchObject({ producerId: 100n, producerEpoch: 0 });
    expect(start(coordinator)).toMatchObject({ producerId: 100n, producerEpoch: 1 });
    expect(coordinator.addPartitions(first, [partition])).toBe(ErrorCode.PRODUCER_FENCED);
    expect(start(coordinator, "other").producerId).toBe(101n);
  });

  it.each([
    ["", 60_000, "INVALID_REQUEST"],
    ["tx", 0, "INVALID_TRANSACTION_TIMEOUT"],
    ["tx", 900_001, "INVALID_TRANSACTION_TIMEOUT"],
  ] as const)("refuses id %j with timeout %d", (id, timeout, error) => {
    expect(setUp().coordinator.initProducerId(id, timeout, undefined).errorCode).toBe(ErrorCode[error]);
  });

  it("aborts what is open, and succeeds when the client comes again", () => {
    const { coordinator, markers } = setUp();
    const first = start(coordinator);
    coordinator.addPartitions(first, [partition]);
    expect(coordinator.initProducerId("tx", 60_000, undefined).errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(markers).toEqual([
      { producerId: 100n, producerEpoch: 1, commit: false, partitions: [partition], groups: [] },
    ]);
    expect(start(coordinator)).toMatchObject({ producerId: 100n, producerEpoch: 2 });
    expect(coordinator.end(first, true)).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it("bumps for a producer that tells its identity, repeats a lost answer, and fences older ones", () => {
    const { coordinator } = setUp();
    const { producerId } = start(coordinator);
    const know = (producerEpoch: number): ReturnType<typeof coordinator.initProducerId> =>
      coordinator.initProducerId("tx", 60_000, { producerId, producerEpoch });
    expect(know(0)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    expect(know(0)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    expect(know(1)).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    expect(know(0).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
    expect(coordinator.initProducerId("tx", 60_000, { producerId: 5n, producerEpoch: 2 }).errorCode).toBe(
      ErrorCode.PRODUCER_FENCED,
    );
  });

  it("takes a new id when the epochs run out", () => {
    const { coordinator } = setUp();
    start(coordinator);
    const transaction = coordinator.transactions.get("tx");
    if (transaction !== undefined) transaction.producerEpoch = 32_766;
    expect(start(coordinator)).toMatchObject({ producerId: 101n, producerEpoch: 0 });
  });
});

describe("a transaction", () => {
  it("commits partitions and groups; the same end again is fine, the other one not", () => {
    const { coordinator, markers } = setUp();
    const producer = start(coordinator);
    expect(coordinator.end(producer, true)).toBe(ErrorCode.INVALID_TXN_STATE);
    coordinator.addPartitions(producer, [partition, partition]);
    coordinator.addGroup(producer, "g");
    expect(coordinator.end(producer, true)).toBe(ErrorCode.NONE);
    expect(markers).toEqual([
      { producerId: 100n, producerEpoch: 0, commit: true, partitions: [partition], groups: ["g"] },
    ]);
    expect(coordinator.end(producer, true)).toBe(ErrorCode.NONE);
    expect(coordinator.end(producer, false)).toBe(ErrorCode.INVALID_TXN_STATE);
    expect(markers).toHaveLength(1);
    expect(coordinator.addPartitions(producer, [partition])).toBe(ErrorCode.NONE);
  });

  it("holds the producer off until its markers are written", async () => {
    const { coordinator, clock, markers } = setUp(50);
    const producer = start(coordinator);
    coordinator.addPartitions(producer, [partition]);
    coordinator.end(producer, false);
    expect(markers).toEqual([]);
    expect(coordinator.addPartitions(producer, [partition])).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(coordinator.end(producer, false)).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(coordinator.end(producer, true)).toBe(ErrorCode.INVALID_TXN_STATE);
    expect(coordinator.initProducerId("tx", 60_000, undefined).errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    await clock.advance(50);
    expect(markers).toHaveLength(1);
    expect(coordinator.addPartitions(producer, [partition])).toBe(ErrorCode.NONE);
  });

  it("is aborted when its time is over, and its producer fenced", async () => {
    const { coordinator, clock, markers } = setUp();
    const producer = start(coordinator);
    coordinator.addPartitions(producer, [partition]);
    await clock.advance(60_000);
    expect(markers).toMatchObject([{ commit: false, producerEpoch: 1 }]);
    expect(coordinator.end(producer, true)).toBe(ErrorCode.PRODUCER_FENCED);
    expect(clock.pending).toBe(0);
  });

  it("vouches for the partitions that were added, while it is open", () => {
    const { coordinator } = setUp();
    const producer = start(coordinator);
    const verify = (): number => coordinator.verify(producer, ({ partitions }) => partitions.has("t-0"));
    expect(verify()).toBe(ErrorCode.INVALID_TXN_STATE);
    coordinator.addPartitions(producer, [partition]);
    expect(verify()).toBe(ErrorCode.NONE);
    coordinator.end(producer, true);
    expect(verify()).toBe(ErrorCode.INVALID_TXN_STATE);
  });

  it("is unknown under another producer id", () => {
    const { coordinator } = setUp();
    const producer = start(coordinator);
    expect(coordinator.addGroup({ ...producer, producerId: 1n }, "g")).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(coordinator.addGroup({ ...producer, transactionalId: "x" }, "g")).toBe(
      ErrorCode.INVALID_PRODUCER_ID_MAPPING,
    );
    expect(coordinator.addGroup({ ...producer, transactionalId: "" }, "g")).toBe(ErrorCode.INVALID_REQUEST);
  });
});
