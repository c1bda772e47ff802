import kafkajs, { type Transaction } from "kafkajs";
import { describe, expect, it } from "vitest";
import { expectAccounted, keep } from "../support/collected.ts";
import { textRecord, topicName } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

interface OpenTransaction extends AsyncDisposable {
  readonly transaction: Transaction;
  send(topic: string, value: string): Promise<unknown>;
}

/** Begins a transaction of a producer of its own. */
async function transactional(context: LawContext, label: string): Promise<OpenTransaction> {
  const producer = context.raw().producer({
    transactionalId: topicName(label),
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  return {
    transaction,
    send: (topic, value) => transaction.send({ topic, messages: [{ partition: 0, key: "k", value }] }),
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

/** For a machine that is busy with other things. */
const POLL = { timeout: 10_000 };

/** Laws about transactions. */
export function describeTransactions(context: LawContext): void {
  describe("transactions", () => {
    it("count at the ends while they are open, and are observed when they are committed", async () => {
      const topic = await context.newTopic("open");
      await using kept = await keep(context.session, [topic]);
      await using sink = await context.session.openSink();
      await using open = await transactional(context, "open");
      await open.send(topic, "in 0");
      await sink.send(textRecord(topic, "behind 1"));
      const ends = await kept.collector.ends();
      expect(ends).toEqual({ [topic]: [2] });
      let isReached = false;
      const reached = kept.collector.reached(ends).then(() => {
        isReached = true;
      });
      await expect
        .poll(() => kept.collector.missing(ends), POLL)
        .toBe(`${topic}/0 at 0 of 2 (read to 2, held by an open transaction)`);
      expect(isReached).toBe(false);
      await open.transaction.commit();
      await reached;
      await expect.poll(() => kept.lines(topic), POLL).toEqual(["record 0", "record 1", "control 2-2"]);
      expect(kept.values(topic)).toEqual(["in 0", "behind 1"]);
    });

    it("leave nothing but skips when they are aborted", async () => {
      const topic = await context.newTopic("aborted");
      await using kept = await keep(context.session, [topic]);
      await using aborted = await transactional(context, "aborted");
      for (const value of ["a", "b", "c"]) await aborted.send(topic, value);
      await aborted.transaction.abort();
      // The marker is written after the abort was answered.
      await expect.poll(() => kept.lines(topic), POLL).toEqual(["aborted 0-2", "control 3-3"]);
      await using sink = await context.session.openSink();
      await sink.send(textRecord(topic, "after"));
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toEqual(["after"]);
      expect(kept.lines(topic)).toEqual(["aborted 0-2", "control 3-3", "record 4"]);
    });

    it("are told apart when two are interleaved", async () => {
      const topic = await context.newTopic("interleaved");
      await using kept = await keep(context.session, [topic]);
      await using a = await transactional(context, "a");
      await using b = await transactional(context, "b");
      await a.send(topic, "A0");
      await b.send(topic, "B1");
      await a.send(topic, "A2");
      await b.send(topic, "B3");
      await b.transaction.abort();
      await a.send(topic, "A5");
      await a.transaction.commit();
      await using sink = await context.session.openSink();
      // The marker is written after the commit was answered.
      const last = await sink.send(textRecord(topic, "plain"));
      await kept.collector.reached({ [topic]: [last.status === "acknowledged" ? last.offset + 1 : 0] });
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toHaveLength(4);
      expect(kept.values(topic)).toEqual(expect.arrayContaining(["A0", "A2", "A5", "plain"]));
      const aborted = kept.lines(topic).filter((line) => line.startsWith("aborted"));
      expect(aborted).toEqual(["aborted 1-1", "aborted 3-3"]);
    });
  });
}
