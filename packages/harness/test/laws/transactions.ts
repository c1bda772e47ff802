import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkRecording, openRecorder } from "@ondash/harness";
import { plan } from "@ondash/scenario";
import { encodeRecord, type OutgoingRecord, type SchemaName, schemaOf, statusEvent } from "@ondash/schemas";
import { beginTransaction, type TestTransaction } from "@ondash/transport/testing";
import { describe, expect, it } from "vitest";
import { fillingPauses } from "../support/between.ts";
import { essence } from "../support/essence.ts";
import { scenario, shareKafka, type TestKafka, temporaryFolder } from "../support/kafka.ts";
import { PARTITIONS, startWatching } from "../support/watch.ts";

const FOREIGN = "conversation of somebody else";

let turns = 0;

/** The records of the sales chart, of a conversation that nobody else has. */
function salesChart(version: SchemaName): readonly OutgoingRecord[] {
  const options = { partitions: PARTITIONS, schema: version, salt: `transaction ${process.pid} ${turns++}` };
  return plan(scenario("sales-chart"), options).sends.map(({ record }) => record);
}

/** A legal event of another conversation in a place where no partitioner puts it: among the turn's own records. */
function foreign(topic: string, partition: number): OutgoingRecord {
  const head = { conversationId: FOREIGN, messageId: "m", taskId: "", timestamp: { seconds: 1n, nanos: 0 } };
  const event = statusEvent({ ...head, eventId: `f${turns++}` }, { message: "busy" });
  return { ...encodeRecord(schemaOf("chat.v1"), event, PARTITIONS), topic, partition };
}

/** Begins a transaction with a record of another conversation in every partition of the five topics. */
async function occupyAllPartitions({ broker }: TestKafka): Promise<TestTransaction> {
  const open = await beginTransaction(broker);
  for (const topic of schemaOf("chat.v1").topicList) {
    for (let partition = 0; partition < PARTITIONS; partition++) await open.send(foreign(topic, partition));
  }
  return open;
}

/** Transactions of others, and a turn in a transaction: what a verdict waits for, and what it never sees. */
export function describeTransactions(kafka: () => TestKafka): void {
  describe("a transaction of somebody else that stays open in every partition", () => {
    it.each(["sales-chart", "sales-chart-lost-chart", "sales-chart-late-text", "sales-chart-tombstone"])(
      "holds no verdict up: %s",
      async (name) => {
        await using shared = await shareKafka(kafka());
        await using folder = await temporaryFolder();
        const undisturbed = await shared.run(name, { createTopics: true, salt: `${name} alone` });

        await using open = await occupyAllPartitions(shared);
        const { topicList } = schemaOf("chat.v1");
        const file = join(folder.path, "run.jsonl");
        using recorder = openRecorder(file);
        const live = await shared.run(name, {
          recorder,
          salt: `${name} with others`,
          speed: 1,
          // And between any two of the turn's own records another one, in each partition of a topic.
          clock: fillingPauses(async (pause) => {
            const topic = topicList[pause % topicList.length] ?? "";
            for (let at = 0; at < PARTITIONS; at++) await open.send(foreign(topic, at));
          }),
        });
        expect(live.unmet).toEqual([]);
        expect(essence(live)).toEqual(essence(undisturbed));
        // It was open all the time, and is still.
        await open.abort();
        expect(essence(await checkRecording(file))).toEqual(essence(live));
        expect(await readFile(file, "utf8")).not.toContain(FOREIGN);
      },
    );
  });

  describe.each(["chat.v1", "chat.v2"] as const)("a turn of %s in a transaction", (version) => {
    it("is judged when it is committed, and not before", async () => {
      await using watching = await startWatching(kafka(), version);
      await using transaction = await beginTransaction(kafka().broker);
      for (const record of salesChart(version)) await transaction.send(record);
      let isJudged = false;
      const judging = watching.finish(true).then((judgement) => {
        isJudged = true;
        return judgement;
      });
      await expect.poll(() => watching.missing(), { timeout: 10_000 }).toMatch(/held by an open transaction/);
      expect(isJudged).toBe(false);
      await transaction.commit();
      expect(await judging).toMatchObject({
        verdict: "passed",
        violations: [],
        warnings: [],
        counts: { records: 7, turns: 1 },
      });
    });

    it("was never there when it is aborted, whatever was wrong with it", async () => {
      await using watching = await startWatching(kafka(), version);
      await using transaction = await beginTransaction(kafka().broker);
      const [first, ...rest] = salesChart(version);
      for (const record of rest) await transaction.send(record);
      if (first !== undefined) await transaction.send({ ...first, value: new Uint8Array([0xff]) });
      await transaction.abort();
      expect(await watching.finish(true)).toMatchObject({
        verdict: "inconclusive",
        violations: [],
        counts: { records: 0, turns: 0 },
      });
    });

    it("is judged by itself between the records of two interleaved transactions that are aborted", async () => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, "watched.jsonl");
      using recorder = openRecorder(file);
      await using watching = await startWatching(kafka(), version, { recorder });
      await using sink = await kafka().session.openSink();
      await using a = await beginTransaction(kafka().broker);
      await using b = await beginTransaction(kafka().broker);
      // Copies of the turn's own events, and rubbish under its key: each would break a rule, in the turn's own partition.
      for (const [index, record] of salesChart(version).entries()) {
        await a.send(index % 2 === 0 ? record : { ...record, value: null });
        expect(await sink.send(record)).toMatchObject({ status: "acknowledged" });
        await b.send(index % 2 === 0 ? { ...record, value: new Uint8Array([0xff]) } : record);
      }
      await b.abort();
      await a.abort();
      const judgement = await watching.finish(true);
      recorder.close();
      expect(judgement).toMatchObject({
        verdict: "passed",
        violations: [],
        warnings: [],
        counts: { records: 7, turns: 1, redeliveries: 0 },
      });
      const lines = (await readFile(file, "utf8")).split("\n");
      const aborted = lines.filter((line) => line.includes('"why":"aborted"')).map((line) => JSON.parse(line) as Skip);
      expect(aborted.reduce((sum, { skip }) => sum + skip.to - skip.from + 1, 0)).toBe(14);
      expect(essence(await checkRecording(file))).toEqual(essence(judgement));
    });
  });
}

interface Skip {
  readonly skip: { readonly from: number; readonly to: number };
}
