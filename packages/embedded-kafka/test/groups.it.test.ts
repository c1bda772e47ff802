import { expect, it } from "vitest";
import { collect, startFixture } from "./clients.ts";

const quick = { maxWaitTimeInMs: 50, heartbeatInterval: 100 };

it("shares the partitions between two consumers, and gives them all to the one that stays", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a", partitions: 4 });
  const producer = fixture.use(fixture.client.producer());
  await producer.connect();
  const send = (value: string): Promise<unknown> =>
    producer.send({ topic: "a", messages: [0, 1, 2, 3].map((partition) => ({ partition, value })) });

  const first = fixture.use(fixture.client.consumer({ groupId: "g", ...quick }));
  const second = fixture.client.consumer({ groupId: "g", ...quick });
  await Promise.all([first.connect(), second.connect()]);
  const joins = { first: 0, second: 0 };
  const shares = new Map<string, number[]>();
  const settled = Promise.withResolvers<void>();
  const alone = Promise.withResolvers<void>();
  const note = (name: "first" | "second", assignment: number[]): void => {
    joins[name] += 1;
    shares.set(name, assignment);
    if ((shares.get("first")?.length ?? 0) === 2 && (shares.get("second")?.length ?? 0) === 2) settled.resolve();
    if (joins.second > 0 && name === "first" && assignment.length === 4) alone.resolve();
  };
  first.on("consumer.group_join", ({ payload }) => note("first", payload.memberAssignment["a"] ?? []));
  second.on("consumer.group_join", ({ payload }) => note("second", payload.memberAssignment["a"] ?? []));
  await first.subscribe({ topic: "a", fromBeginning: true });
  await second.subscribe({ topic: "a", fromBeginning: true });
  const one = await collect(first);
  const two = await collect(second);
  await settled.promise;
  expect([...(shares.get("first") ?? []), ...(shares.get("second") ?? [])].toSorted((a, b) => a - b)).toEqual([
    0, 1, 2, 3,
  ]);

  await send("both");
  await Promise.all([one.take(2), two.take(2)]);
  expect([...one.received, ...two.received].map(({ partition }) => partition).toSorted((a, b) => a - b)).toEqual([
    0, 1, 2, 3,
  ]);

  await second.disconnect();
  await alone.promise;
  await send("alone");
  const all = await one.take(6);
  expect(all.filter(({ value }) => value === "alone")).toHaveLength(4);
});

it("lets a consumer go on where its group stopped", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const producer = fixture.use(fixture.client.producer());
  await producer.connect();
  await producer.send({ topic: "a", messages: [{ value: "1" }, { value: "2" }] });
  for (const expected of [["1", "2"], ["3"]]) {
    const consumer = fixture.client.consumer({ groupId: "g", ...quick });
    await consumer.connect();
    await consumer.subscribe({ topic: "a", fromBeginning: true });
    const { take } = await collect(consumer);
    const received = await take(expected.length);
    expect(received.map(({ value }) => value)).toEqual(expected);
    // Commits what was consumed.
    await consumer.disconnect();
    await producer.send({ topic: "a", messages: [{ value: "3" }] });
  }
});

it("describes a group while it is used and when it is empty, and forgets it", async () => {
  await using fixture = await startFixture({ nodes: 2 });
  fixture.kafka.createTopic({ name: "a" });
  const admin = fixture.use(fixture.client.admin());
  const consumer = fixture.client.consumer({ groupId: "g", ...quick });
  await Promise.all([admin.connect(), consumer.connect()]);
  const joined = new Promise<unknown>((resolve) => {
    consumer.on("consumer.group_join", resolve);
  });
  await consumer.subscribe({ topic: "a" });
  await collect(consumer);
  await joined;
  const { groups } = await admin.describeGroups(["g", "other"]);
  // kafkajs asks each coordinator for its own.
  expect(groups.toSorted((a, b) => a.groupId.localeCompare(b.groupId))).toMatchObject([
    {
      groupId: "g",
      state: "Stable",
      protocolType: "consumer",
      members: [{ clientId: "test", clientHost: "/127.0.0.1" }],
    },
    { groupId: "other", state: "Dead", members: [] },
  ]);
  await expect(admin.deleteGroups(["g"])).rejects.toMatchObject({ groups: [{ error: { type: "NON_EMPTY_GROUP" } }] });
  await consumer.disconnect();
  expect((await admin.describeGroups(["g"])).groups).toMatchObject([{ state: "Empty", members: [] }]);
  await admin.deleteGroups(["g"]);
  expect((await admin.describeGroups(["g"])).groups).toMatchObject([{ state: "Dead" }]);
});

it("waits for records without asking again", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const consumer = fixture.use(fixture.client.consumer({ groupId: "g", maxWaitTimeInMs: 10_000 }));
  const producer = fixture.use(fixture.client.producer());
  await Promise.all([consumer.connect(), producer.connect()]);
  await consumer.subscribe({ topic: "a", fromBeginning: true });
  let fetches = 0;
  consumer.on("consumer.fetch_start", () => fetches++);
  const first = new Promise<void>((resolve) => {
    consumer.on("consumer.fetch_start", () => resolve());
  });
  const { take } = await collect(consumer);
  await first;
  await producer.send({ topic: "a", messages: [{ value: "v" }] });
  await take(1);
  // The one that was parked brought it, or the next one that found it there.
  expect(fetches).toBeLessThanOrEqual(2);
  // The end of a consumer waits for what it asked: gives it.
  await Promise.all([consumer.disconnect(), producer.send({ topic: "a", messages: [{ value: "last" }] })]);
});
