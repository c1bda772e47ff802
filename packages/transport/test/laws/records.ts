import { compress } from "@ondash/embedded-kafka/wire";
import type { OutgoingRecord } from "@ondash/schemas";
import fc from "fast-check";
import kafkajs, { type CompressionTypes } from "kafkajs";
import { describe, expect, it } from "vitest";
import { expectAccounted, keep } from "../support/collected.ts";
import { textRecord } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

/** Values by header name: what is kept of the order of headers. */
function byName(headers: OutgoingRecord["headers"]): unknown {
  return Object.fromEntries(Map.groupBy(headers, ([name]) => `name ${name}`));
}

async function expectCompressed(context: LawContext, compression: CompressionTypes): Promise<void> {
  const topic = await context.newTopic("compressed");
  await using kept = await keep(context.session, [topic]);
  const messages = Array.from({ length: 50 }, (_, i) => ({ partition: 0, value: `value ${i}` }));
  const producer = context.raw().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages, compression });
  await producer.disconnect();
  expectAccounted(kept, await kept.barrier());
  expect(kept.values(topic)).toEqual(messages.map(({ value }) => value));
}

/** Laws about records. */
export function describeRecords(context: LawContext): void {
  describe("records", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(new Uint8Array(), Uint8Array.of(0xff, 0xfe), Uint8Array.of(0)),
    );
    const name = fc.oneof(
      fc.constantFrom("ce_id", "a", "b", "", "1", "constructor", "__proto__", "toString", "Ünïcode 😀"),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    );
    const anyRecord = fc.record({
      key: fc.option(bytes),
      value: fc.option(bytes),
      headers: fc.array(fc.tuple(name, bytes), { maxLength: 6 }),
      partition: fc.nat(1),
    });

    it("come back byte for byte, headers in order within a name", async () => {
      const topic = await context.newTopic("bytes", 2);
      await using kept = await keep(context.session, [topic]);
      await using sink = await context.session.openSink();
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 8 }), async (parts) => {
          const records = parts.map((part): OutgoingRecord => ({ topic, ...part }));
          const outcomes = await Promise.all(records.map((record) => sink.send(record)));
          await kept.barrier();
          for (const [index, sent] of records.entries()) {
            const outcome = outcomes[index];
            if (outcome?.status !== "acknowledged") throw new Error(`not acknowledged: ${JSON.stringify(outcome)}`);
            const seen = kept.observations.find(
              (entry) =>
                entry.kind === "record" && entry.partition === sent.partition && entry.offset === outcome.offset,
            );
            expect(seen).toMatchObject({ topic, key: sent.key, value: sent.value });
            expect(byName(seen?.kind === "record" ? seen.headers : [])).toEqual(byName(sent.headers));
          }
        }),
        { numRuns: 25 },
      );
      expectAccounted(kept, await kept.barrier());
    });

    it("carry the time of their sending and a leader epoch", async () => {
      const topic = await context.newTopic("time");
      await using kept = await keep(context.session, [topic]);
      await using sink = await context.session.openSink();
      const before = Date.now();
      await sink.send(textRecord(topic, "now"));
      await kept.barrier();
      const [seen] = kept.observations;
      if (seen?.kind !== "record") throw new Error("expected a record");
      expect(seen.timestamp).toBeGreaterThanOrEqual(before);
      expect(seen.timestamp).toBeLessThanOrEqual(Date.now());
      expect(seen.leaderEpoch).toBeGreaterThanOrEqual(0);
    });

    it("keep their order in each of many partitions", async () => {
      const topics = await context.newTopics("spread", 5, 8);
      await using kept = await keep(context.session, topics);
      await using sink = await context.session.openSink();
      await Promise.all(
        topics.flatMap((topic) =>
          Array.from({ length: 8 }, async (_, partition) => {
            for (let i = 0; i < 3; i++) await sink.send(textRecord(topic, `${partition}.${i}`, partition));
          }),
        ),
      );
      expectAccounted(kept, await kept.barrier());
      for (const topic of topics) {
        for (let partition = 0; partition < 8; partition++) {
          expect(kept.values(topic, partition)).toEqual([0, 1, 2].map((i) => `${partition}.${i}`));
        }
      }
    });

    it("come through in large batches and large records", async () => {
      const topic = await context.newTopic("large", 2);
      await using kept = await keep(context.session, [topic]);
      const producer = context.raw().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
      await producer.connect();
      const many = Array.from({ length: 5_000 }, (_, i) => ({ partition: 0, value: `${i} ${"x".repeat(100)}` }));
      await producer.send({ topic, messages: many });
      const big = Array.from({ length: 12 }, (_, i) => ({ partition: 1, value: `${i} ${"y".repeat(1_000_000)}` }));
      for (const message of big) await producer.send({ topic, messages: [message] });
      await producer.disconnect();
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic, 0)).toEqual(many.map(({ value }) => value));
      expect(kept.values(topic, 1)).toEqual(big.map(({ value }) => value));
    });

    it("come through compressed with gzip", async () => {
      await expectCompressed(context, kafkajs.CompressionTypes.GZIP);
    });

    it.each([
      ["snappy", kafkajs.CompressionTypes.Snappy],
      ["lz4", kafkajs.CompressionTypes.LZ4],
      ["zstd", kafkajs.CompressionTypes.ZSTD],
    ] as const)("come through compressed with %s", async (codec, type) => {
      const codecs: Record<number, () => object> = kafkajs.CompressionCodecs;
      // For this producer alone: a session decodes by itself.
      const own = codecs[type] as () => object;
      const compressing = async ({ buffer }: { readonly buffer: Buffer }) => Buffer.from(compress(codec, buffer));
      codecs[type] = () => ({ compress: compressing });
      try {
        await expectCompressed(context, type);
      } finally {
        codecs[type] = own;
      }
    });

    it("are rejected definitely when they are too large, and the sink goes on", async () => {
      const topic = await context.newTopic("rejected");
      await using kept = await keep(context.session, [topic]);
      await using sink = await context.session.openSink();
      expect(await sink.send(textRecord(topic, "x".repeat(1_500_000)))).toMatchObject({
        status: "rejected",
        error: expect.stringContaining("MESSAGE_TOO_LARGE"),
      });
      expect(await sink.send(textRecord(topic, "fits"))).toEqual({ status: "acknowledged", partition: 0, offset: 0 });
      await kept.barrier();
      expect(kept.values(topic)).toEqual(["fits"]);
    });

    it("are refused for a partition that does not exist", async () => {
      const topic = await context.newTopic("partition", 2);
      await using sink = await context.session.openSink();
      await expect(sink.send(textRecord(topic, "x", 2))).rejects.toThrow(
        `[argument] topic ${topic} has no partition 2`,
      );
    });
  });
}
