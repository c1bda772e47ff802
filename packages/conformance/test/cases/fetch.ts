import { expect } from "vitest";
import { batchOf, type Case, errorName, fetchFrom, makeTopic, produce } from "../context.ts";
import { valuesOf } from "../read-records.ts";

export const fetchCases: readonly Case[] = [
  {
    title: "offset out of range: OFFSET_OUT_OF_RANGE beyond the end and below the start; the end itself is empty",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      await produce(connection, topic, batchOf(["a", "b"]));
      expect((await fetchFrom(connection, topic, 3)).error).toBe("OFFSET_OUT_OF_RANGE");
      const atEnd = await fetchFrom(connection, topic, 2);
      expect([atEnd.error, atEnd.records.length, atEnd.highWatermark]).toEqual(["NONE", 0, 2]);
      const { topics } = await connection.request("DeleteRecords", 1, {
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 1n }] }],
        timeoutMs: 10_000,
      });
      expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, lowWatermark: 1n });
      expect((await fetchFrom(connection, topic, 0)).error).toBe("OFFSET_OUT_OF_RANGE");
    },
  },
  {
    title: "unknown topic and partition: Fetch answers UNKNOWN_TOPIC_OR_PARTITION at once, however long it may wait",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      expect((await fetchFrom(connection, context.name(), 0, { maxWaitMs: 600_000 })).error).toBe(
        "UNKNOWN_TOPIC_OR_PARTITION",
      );
      expect((await fetchFrom(connection, topic, 0, { partition: 4, maxWaitMs: 600_000 })).error).toBe(
        "UNKNOWN_TOPIC_OR_PARTITION",
      );
    },
  },
  {
    title: "a Fetch is parked until there are records",
    async run(context) {
      const [reader, writer] = [await context.connect(), await context.connect()];
      const topic = await makeTopic(context, writer);
      const parked = fetchFrom(reader, topic, 0, { maxWaitMs: 600_000 });
      await produce(writer, topic, batchOf(["a"]));
      expect(valuesOf((await parked).records)).toEqual(["0:a"]);
    },
  },
  {
    title: "a parked Fetch is answered when its time is over",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const { error, records } = await fetchFrom(connection, topic, 0, { maxWaitMs: 30 });
      expect([error, records.length]).toEqual(["NONE", 0]);
    },
  },
  {
    title: "requests of one connection are served one after another: a parked Fetch holds up what follows it",
    async run(context) {
      const [connection, writer] = [await context.connect(), await context.connect()];
      const topic = await makeTopic(context, writer);
      const answered: string[] = [];
      const parked = connection
        .request("Fetch", 11, {
          maxWaitMs: 600_000,
          minBytes: 1,
          maxBytes: 1 << 20,
          sessionEpoch: -1,
          topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 << 20 }] }],
        })
        .then(() => answered.push("fetch"));
      const behind = connection.request("ApiVersions", 0, {}).then(() => answered.push("versions"));
      // Another connection is served meanwhile, and its record is what the parked one waits for.
      await writer.request("ApiVersions", 0, {});
      answered.push("other");
      await produce(writer, topic, batchOf(["a"]));
      await Promise.all([parked, behind]);
      expect(answered).toEqual(["other", "fetch", "versions"]);
    },
  },
  {
    title: "an offset inside a batch gives the whole batch",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      await produce(connection, topic, batchOf(["a", "b", "c"]));
      expect(valuesOf((await fetchFrom(connection, topic, 1)).records)).toEqual(["0:a", "1:b", "2:c"]);
    },
  },
  {
    title: "byte limits are soft for the first batch, so that a reader always gets on",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      await produce(connection, topic, batchOf(["x".repeat(5_000)]));
      await produce(connection, topic, batchOf(["y"]));
      const { records } = await fetchFrom(connection, topic, 0, { maxBytes: 1, partitionMaxBytes: 1 });
      expect(valuesOf(records)).toEqual([`0:${"x".repeat(5_000)}`]);
    },
  },
  {
    title: "ListOffsets: -2 is the start, -1 the end, a time the first record that is not older",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const now = BigInt(Date.now());
      for (const delta of [-3_000n, -1_000n, -2_000n]) {
        await produce(connection, topic, batchOf([`${delta}`], { baseTimestamp: now + delta }));
      }
      const list = async (timestamp: bigint, name = topic): Promise<readonly (string | number)[]> => {
        const { topics } = await connection.request("ListOffsets", 4, {
          replicaId: -1,
          isolationLevel: 0,
          topics: [{ name, partitions: [{ partitionIndex: 0, timestamp, currentLeaderEpoch: -1 }] }],
        });
        const answer = topics[0]?.partitions[0];
        return [errorName(answer?.errorCode ?? -1), Number(answer?.offset ?? -9n)];
      };
      expect(await list(-2n)).toEqual(["NONE", 0]);
      expect(await list(-1n)).toEqual(["NONE", 3]);
      expect(await list(now - 3_000n)).toEqual(["NONE", 0]);
      expect(await list(now - 2_500n)).toEqual(["NONE", 1]);
      expect(await list(now)).toEqual(["NONE", -1]);
      expect((await list(-1n, context.name()))[0]).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    },
  },
  {
    title: "DeleteRecords above the high watermark is OFFSET_OUT_OF_RANGE, -1 means up to it, below the start nothing",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      await produce(connection, topic, batchOf(["a", "b"]));
      const remove = async (offset: bigint): Promise<readonly [string, number]> => {
        const { topics } = await connection.request("DeleteRecords", 1, {
          topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
          timeoutMs: 10_000,
        });
        const answer = topics[0]?.partitions[0];
        return [errorName(answer?.errorCode ?? -1), Number(answer?.lowWatermark ?? -9n)];
      };
      expect((await remove(3n))[0]).toBe("OFFSET_OUT_OF_RANGE");
      expect(await remove(-1n)).toEqual(["NONE", 2]);
      expect(await remove(1n)).toEqual(["NONE", 2]);
    },
  },
  {
    title: "read_committed stops at an open transaction; an aborted one is named, its records and marker take offsets",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const { newTransaction } = await import("./transactions.ts");
      const transaction = await newTransaction(context, connection, topic);
      await transaction.send("t");
      await produce(connection, topic, batchOf(["p"]));
      const open = await fetchFrom(connection, topic, 0, { isolationLevel: 1 });
      expect([open.records.length, open.lastStableOffset, open.highWatermark]).toEqual([0, 0, 2]);
      await transaction.end(false);
      const aborted = await fetchFrom(connection, topic, 0, { isolationLevel: 1, minBytes: 1 });
      expect(valuesOf(aborted.records)).toEqual(["0:t", "1:p", "2:control"]);
      expect(aborted.aborted).toEqual([{ producerId: transaction.producerId, firstOffset: 0 }]);
    },
  },
];
