import { connectKafka } from "@ondash/transport";
import { addPartitions } from "@ondash/transport/testing";
import { describe, expect, it } from "vitest";
import { expectAccounted, keep } from "../support/collected.ts";
import { textRecord, topicName } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

/** Laws about collector. */
export function describeCollector(context: LawContext): void {
  describe("collector", () => {
    it("starts exactly at the end: nothing before, nothing missed after, in many quick starts", async () => {
      const topics = await context.newTopics("start", 5, 8);
      await using sink = await context.session.openSink();
      for (const topic of topics) await sink.send(textRecord(topic, "old", 3));
      for (let round = 0; round < 20; round++) {
        await using kept = await keep(context.session, topics);
        const topic = topics[round % topics.length] as string;
        const partition = round % 8;
        // On its way while nothing of the collector but its start offsets is known to anybody.
        const sending = sink.send(textRecord(topic, `new ${round}`, partition));
        await sending;
        expectAccounted(kept, await kept.barrier());
        expect(kept.observations).toHaveLength(1);
        expect(kept.values(topic, partition)).toEqual([`new ${round}`]);
      }
    });

    it("starts at the beginning when told to: what lay there before is observed first", async () => {
      const topics = await context.newTopics("beginning", 2, 2);
      await using sink = await context.session.openSink();
      for (const topic of topics) await sink.send(textRecord(topic, "old", 1));
      await using kept = await keep(context.session, topics, { start: "beginning" });
      await sink.send(textRecord(topics[0] as string, "new", 1));
      await kept.barrier();
      expect(kept.values(topics[0] as string, 1)).toEqual(["old", "new"]);
      expect(kept.values(topics[1] as string, 1)).toEqual(["old"]);
    });

    it("covers with its barrier what was acknowledged before, and is there only when it was observed", async () => {
      const topics = await context.newTopics("barrier", 5, 8);
      await using kept = await keep(context.session, topics);
      await using sink = await context.session.openSink();
      for (let round = 0; round < 20; round++) {
        const outcomes = await Promise.all(
          topics.map((topic, index) => sink.send(textRecord(topic, `${round}`, (round + index) % 8))),
        );
        const ends = await kept.collector.ends();
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.status !== "acknowledged") throw new Error(outcome.error);
          expect(ends[topics[index] as string]?.[outcome.partition]).toBeGreaterThan(outcome.offset);
        }
        await kept.collector.reached(ends);
        expect(kept.collector.missing(ends)).toBe("");
        expect(kept.observations).toHaveLength(5 * (round + 1));
      }
      expectAccounted(kept, kept.collector.positions);
    });

    it("waits for a topic that lags, however far the others are", async () => {
      const [fast, slow] = (await context.newTopics("lag", 2, 2)) as [string, string];
      await using kept = await keep(context.session, [fast, slow]);
      await using sink = await context.session.openSink();
      const ends = await kept.collector.ends();
      const beyond = { ...ends, [slow]: [0, 1] };
      let isReached = false;
      const reached = kept.collector.reached(beyond).then(() => {
        isReached = true;
      });
      for (let i = 0; i < 10; i++) await sink.send(textRecord(fast, `${i}`, i % 2));
      await kept.barrier();
      expect(isReached).toBe(false);
      expect(kept.collector.missing(beyond)).toBe(`${slow}/1 at 0 of 1`);
      await sink.send(textRecord(slow, "at last", 1));
      await reached;
      expect(kept.values(slow, 1)).toEqual(["at last"]);
    });

    it("starts at offsets that are given, and observes from there", async () => {
      const topic = await context.newTopic("given", 2);
      await using sink = await context.session.openSink();
      for (const value of ["a", "b", "c"]) await sink.send(textRecord(topic, value));
      await using kept = await keep(context.session, [topic], { start: { [topic]: [1, 0] } });
      expect(kept.collector.start).toEqual({ [topic]: [1, 0] });
      expectAccounted(kept, await kept.barrier());
      expect(kept.values(topic)).toEqual(["b", "c"]);
      await expect(keep(context.session, [topic], { start: { [topic]: [0] } })).rejects.toThrow(
        `[argument] start offsets of ${topic}: expected 2, one for each partition; got 1`,
      );
    });

    it("notices partitions that are added, and observes them from their beginning", async () => {
      const topic = await context.newTopic("grown", 2);
      await using kept = await keep(context.session, [topic]);
      await using sink = await context.session.openSink();
      await sink.send(textRecord(topic, "before", 1));
      expect(await kept.barrier()).toEqual({ [topic]: [0, 1] });
      await addPartitions(context.broker, topic, 4);
      await using other = await context.connect();
      await using later = await other.openSink();
      await later.send(textRecord(topic, "beyond", 3));
      await sink.send(textRecord(topic, "as ever", 0));
      // A broker may hear of them a little later than the one that was asked.
      await expect.poll(async () => (await kept.collector.ends())[topic], { timeout: 10_000 }).toEqual([1, 1, 0, 1]);
      await kept.barrier();
      expect([0, 1, 2, 3].map((partition) => kept.values(topic, partition))).toEqual([
        ["as ever"],
        ["before"],
        [],
        ["beyond"],
      ]);
      expect(kept.collector.start).toEqual({ [topic]: [0, 0] });
      expect(kept.collector.positions).toEqual({ [topic]: [1, 1, 0, 1] });
    });

    it("observes offsets that retention has removed as a gap", async () => {
      const topic = await context.newTopic("gap");
      await using sink = await context.session.openSink();
      for (const value of ["a", "b", "c"]) await sink.send(textRecord(topic, value));
      const admin = context.raw().admin();
      await admin.connect();
      // Makes this client learn of the topic.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "2" }] });
      await admin.disconnect();
      await using kept = await keep(context.session, [topic], { start: { [topic]: [0] } });
      await kept.barrier();
      expect(kept.lines(topic)).toEqual(["gap 0-1", "record 2"]);
    });

    it("fails, naming the place, when the log ends before its position", async () => {
      const topic = await context.newTopic("cut");
      await using kept = await keep(context.session, [topic], { start: { [topic]: [5] } });
      const message = `[out-of-range] ${topic}/0 ends at offset 0, and offset 5 was to be read next`;
      await expect(kept.collector.failed).rejects.toThrow(message);
      await expect(kept.collector.reached({ [topic]: [6] })).rejects.toThrow(message);
    });

    it("sees the same as another one at the same time", async () => {
      const topics = await context.newTopics("two", 2, 4);
      await using other = await context.connect();
      await using one = await keep(context.session, topics);
      await using two = await keep(context.session, topics);
      await using three = await keep(other, topics);
      await using sink = await context.session.openSink();
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => sink.send(textRecord(topics[i % 2] as string, `${i}`, i % 4))),
      );
      const all = [one, two, three];
      for (const kept of all) expectAccounted(kept, await kept.barrier());
      const seen = all.map((kept) =>
        topics.map((topic) => [0, 1, 2, 3].map((partition) => kept.values(topic, partition))),
      );
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
      expect(one.observations).toHaveLength(20);
    });

    it("needs a topic, and one that exists", async () => {
      await expect(keep(context.session, [])).rejects.toThrow("[argument] a collector needs at least one topic");
      await using impatient = await connectKafka(context.broker, { timeoutMs: 2_000 });
      await expect(keep(impatient, [topicName("nowhere")])).rejects.toThrow(/^\[deadline\] .*does not exist/);
    });

    it("ends with the observer's own error when that throws", async () => {
      const topic = await context.newTopic("throws");
      const collector = await context.session.openCollector([topic], {
        onObservation: () => {
          throw new RangeError("the observer's");
        },
      });
      await using sink = await context.session.openSink();
      await sink.send(textRecord(topic, "x"));
      await expect(collector.failed).rejects.toThrow("the observer's");
      await collector[Symbol.asyncDispose]();
    });
  });
}
