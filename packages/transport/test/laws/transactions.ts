import { beginTransaction, type TestTransaction } from "@ondash/transport/testing";
import { describe, expect, it } from "vitest";
import { expectAccounted, type Keeping, keep } from "../support/collected.ts";
import { textRecord } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

/** For a machine that is busy with other things. */
const POLL = { timeout: 10_000 };

const utf8 = new TextDecoder();

/** Writes these values in turn, each by the transaction named before it, or by nobody's: `a: A0`, `plain`. */
async function write(context: LawContext, topic: string, transactions: Record<string, TestTransaction>, lines: string) {
  await using sink = await context.session.openSink();
  for (const line of lines.split(" ")) {
    const [, name, value] = /^(?:(\w+):)?(\w+)$/.exec(line) ?? [];
    const record = textRecord(topic, value ?? "");
    await (name === undefined ? sink.send(record) : transactions[name]?.send(record));
  }
}

/** Resolves when everything up to and with the marker of the transactions ended last has been observed. */
async function readTo(context: LawContext, topic: string, kept: Keeping): Promise<void> {
  await using sink = await context.session.openSink();
  // A marker is written a little after its end was answered; what is behind an open transaction waits for it.
  const last = await sink.send(textRecord(topic, "last"));
  if (last.status !== "acknowledged") throw new Error(last.error);
  await kept.collector.reached({ [topic]: [last.offset + 1] });
}

/** Laws about transactions. */
export function describeTransactions(context: LawContext): void {
  describe("transactions", () => {
    it("count at the ends while they are open, and are observed when they are committed", async () => {
      const topic = await context.newTopic("open");
      await using kept = await keep(context.session, [topic]);
      await using open = await beginTransaction(context.broker);
      await write(context, topic, { open }, "open:in0 behind1");
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
      await open.commit();
      await reached;
      await expect.poll(() => kept.lines(topic), POLL).toEqual(["record 0", "record 1", "control 2-2"]);
      expect(kept.values(topic)).toEqual(["in0", "behind1"]);
    });

    it("hold nothing up while they are open when nobody cares about what is in them", async () => {
      const topic = await context.newTopic("foreign", 2);
      const isOurs = ({ value }: { readonly value: Uint8Array | null }): boolean =>
        value === null || !utf8.decode(value).startsWith("foreign");
      await using kept = await keep(context.session, [topic], { concerns: isOurs });
      await using open = await beginTransaction(context.broker);
      await using sink = await context.session.openSink();
      await write(context, topic, { open }, "open:foreign0 behind1 open:foreign2");
      await sink.send(textRecord(topic, "elsewhere", 1));
      expectAccounted(kept, await kept.barrier());
      expect(kept.lines(topic)).toEqual(["control 0-0", "record 1", "control 2-2"]);
      expect([kept.values(topic), kept.values(topic, 1)]).toEqual([["behind1"], ["elsewhere"]]);
      // What does concern us is held in the same transaction, and nothing of it is there when it is aborted.
      await write(context, topic, { open }, "open:ours3 behind4");
      const ends = await kept.collector.ends();
      await expect.poll(() => kept.collector.missing(ends), POLL).toContain(`${topic}/0 at 3 of 5 (read to 5, held`);
      await open.abort();
      await kept.collector.reached(ends);
      await expect.poll(() => kept.lines(topic).slice(3), POLL).toEqual(["aborted 3-3", "record 4", "control 5-5"]);
      expect(kept.values(topic)).toEqual(["behind1", "behind4"]);
    });

    it("leave nothing but skips when they are aborted", async () => {
      const topic = await context.newTopic("aborted");
      await using kept = await keep(context.session, [topic]);
      await using aborted = await beginTransaction(context.broker);
      await write(context, topic, { aborted }, "aborted:a aborted:b aborted:c");
      await aborted.abort();
      await expect.poll(() => kept.lines(topic), POLL).toEqual(["aborted 0-2", "control 3-3"]);
      await using sink = await context.session.openSink();
      await sink.send(textRecord(topic, "after"));
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toEqual(["after"]);
      expect(kept.lines(topic)).toEqual(["aborted 0-2", "control 3-3", "record 4"]);
    });

    it("are told apart when two are interleaved, one of them aborted", async () => {
      const topic = await context.newTopic("interleaved");
      await using kept = await keep(context.session, [topic]);
      await using a = await beginTransaction(context.broker);
      await using b = await beginTransaction(context.broker);
      await write(context, topic, { a, b }, "a:A0 b:B1 a:A2 b:B3");
      await b.abort();
      await write(context, topic, { a }, "a:A5");
      await a.commit();
      await readTo(context, topic, kept);
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toHaveLength(4);
      expect(kept.values(topic)).toEqual(expect.arrayContaining(["A0", "A2", "A5", "last"]));
      const aborted = kept.lines(topic).filter((line) => line.startsWith("aborted"));
      expect(aborted).toEqual(["aborted 1-1", "aborted 3-3"]);
    });

    it.each([
      ["in the order of their beginning", ["a", "b"]],
      ["the later one first", ["b", "a"]],
    ] as const)("leave nothing when two are interleaved and both are aborted, %s", async (_, order) => {
      const topic = await context.newTopic("both");
      await using kept = await keep(context.session, [topic]);
      await using a = await beginTransaction(context.broker);
      await using b = await beginTransaction(context.broker);
      const transactions = { a, b };
      await write(context, topic, transactions, "zero a:A1 two b:B3 a:A4 five b:B6 seven");
      for (const name of order) await transactions[name].abort();
      await readTo(context, topic, kept);
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toEqual(["zero", "two", "five", "seven", "last"]);
      const aborted = kept.lines(topic).filter((line) => line.startsWith("aborted"));
      expect(aborted).toEqual(["aborted 1-1", "aborted 3-4", "aborted 6-6"]);
      // They leave nothing behind that would stain the next one.
      await using again = await beginTransaction(context.broker);
      await write(context, topic, { again }, "again:kept");
      await again.commit();
      await readTo(context, topic, kept);
      expect(kept.values(topic)).toContain("kept");
    });
  });
}
