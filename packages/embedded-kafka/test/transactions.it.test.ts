import { expect, it } from "vitest";
import { collect, type Fixture, startFixture } from "./clients.ts";

const quick = { maxWaitTimeInMs: 50, heartbeatInterval: 100 };

async function consume(fixture: Fixture, readUncommitted: boolean, n: number): Promise<(string | null)[]> {
  const consumer = fixture.client.consumer({ groupId: `g-${readUncommitted}`, readUncommitted, ...quick });
  await consumer.connect();
  await consumer.subscribe({ topic: "a", fromBeginning: true });
  const received = await (await collect(consumer)).take(n);
  const values = received.map(({ value }) => value);
  await consumer.disconnect();
  return values;
}

it.each([0, 30])("shows committed records only, with markers up to %d ms late", async (transactionMarkerDelayMs) => {
  await using fixture = await startFixture({ transactionMarkerDelayMs });
  fixture.kafka.createTopic({ name: "a" });
  const producer = fixture.use(
    fixture.client.producer({ transactionalId: "tx", idempotent: true, maxInFlightRequests: 1 }),
  );
  await producer.connect();
  for (const [value, commit] of [
    ["1", true],
    ["2", false],
    ["3", true],
    ["4", false],
    ["5", true],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: "a", messages: [{ value }] });
    if (commit) await transaction.commit();
    else await transaction.abort();
  }
  expect(await consume(fixture, false, 3)).toEqual(["1", "3", "5"]);
  expect(await consume(fixture, true, 5)).toEqual(["1", "2", "3", "4", "5"]);
});

it("commits offsets with the transaction, or not at all", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const admin = fixture.use(fixture.client.admin());
  const producer = fixture.use(
    fixture.client.producer({ transactionalId: "tx", idempotent: true, maxInFlightRequests: 1 }),
  );
  await Promise.all([admin.connect(), producer.connect()]);
  const committed = async (): Promise<string | undefined> =>
    (await admin.fetchOffsets({ groupId: "g", topics: ["a"] }))[0]?.partitions[0]?.offset;
  const sendOffset = async (offset: string, end: "commit" | "abort"): Promise<void> => {
    const transaction = await producer.transaction();
    const topics = [{ topic: "a", partitions: [{ partition: 0, offset }] }];
    await transaction.sendOffsets({ consumerGroupId: "g", topics });
    await transaction[end]();
  };
  await sendOffset("3", "abort");
  expect(await committed()).toBe("-1");
  await sendOffset("7", "commit");
  expect(await committed()).toBe("7");
});

it("fences a producer whose transactional id is taken over", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const options = { transactionalId: "tx", idempotent: true, maxInFlightRequests: 1 };
  const old = fixture.use(fixture.client.producer(options));
  await old.connect();
  const transaction = await old.transaction();
  await transaction.send({ topic: "a", messages: [{ value: "1" }] });
  const next = fixture.use(fixture.client.producer(options));
  await next.connect();
  const takeOver = await next.transaction();
  await takeOver.send({ topic: "a", messages: [{ value: "2" }] });
  // kafkajs speaks old versions, in which a fenced producer is one of an invalid epoch.
  await expect(transaction.commit()).rejects.toMatchObject({ type: "INVALID_PRODUCER_EPOCH" });
  await takeOver.commit();
  expect(await consume(fixture, false, 1)).toEqual(["2"]);
});
