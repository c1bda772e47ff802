import { describe, expect, it } from "vitest";
import { topicName } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

/** Laws about topics. */
export function describeTopics(context: LawContext): void {
  describe("topics", () => {
    it("creates what is missing, and leaves what is there as it is", async () => {
      const [first, second] = [topicName("topics"), topicName("topics")];
      expect(await context.session.ensureTopics([first], { partitions: 4, create: true })).toEqual({ [first]: 4 });
      const counts = await context.session.ensureTopics([first, second, first], { partitions: 8, create: true });
      expect(counts).toEqual({ [first]: 4, [second]: 8 });
      expect(await context.session.ensureTopics([], { partitions: 8, create: true })).toEqual({});
    });

    it("names missing ones that it must not create, with the way out", async () => {
      const [there, missing] = [await context.newTopic("there"), topicName("missing")];
      await expect(context.session.ensureTopics([there, missing], { partitions: 8, create: false })).rejects.toThrow(
        `[topic-missing] topic ${missing} does not exist on this cluster; create it with 8 partitions each`,
      );
      // Asking does not make it.
      await expect(context.session.ensureTopics([missing], { partitions: 8, create: false })).rejects.toThrow(
        "[topic-missing]",
      );
    });

    it("creates them once when two sessions want them at the same time", async () => {
      await using other = await context.connect();
      const topics = Array.from({ length: 5 }, () => topicName("race"));
      const counts = await Promise.all(
        [context.session, other].map((one) => one.ensureTopics(topics, { partitions: 2, create: true })),
      );
      expect(counts[0]).toEqual(Object.fromEntries(topics.map((topic) => [topic, 2])));
      expect(counts[1]).toEqual(counts[0]);
    });

    it("says why the broker refuses one", async () => {
      await expect(context.session.ensureTopics(["no/topic name"], { partitions: 1, create: true })).rejects.toThrow(
        /^\[(topic-failed|protocol)\] .*INVALID_TOPIC/,
      );
    });
  });
}
