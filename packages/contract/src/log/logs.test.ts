import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { barrierLaw } from "../barrier.ts";
import type { TopicOffsets } from "../observation.ts";
import { createLogs } from "./logs.ts";

const topics = [...chatV2.topicList, ...chatV1.topicList];
const offsets = (own: readonly number[], names: readonly string[] = topics): TopicOffsets =>
  Object.fromEntries(names.map((topic) => [topic, own]));
const [first = "", second = ""] = chatV2.topicList;

describe("the logs", () => {
  it("are of the partitions that start, and of those observed", () => {
    const logs = createLogs(barrierLaw, 10);
    logs.start({ a: [5, 6], b: [] });
    expect([...logs.topics()]).toEqual(["a", "b"]);
    expect(Array.from(logs.all(), ({ topic, partition, start }) => [topic, partition, start])).toEqual([
      ["a", 0, 5],
      ["a", 1, 6],
    ]);
    expect(logs.find("a", 1)).toBe(logs.at("a", 1));
    expect(logs.find("a", 2)).toBeUndefined();
    expect(logs.find("c", 0)).toBeUndefined();
    const log = logs.at("c", 4);
    expect([log.topic, log.partition, log.start]).toEqual(["c", 4, undefined]);
    expect(logs.find("c", 4)).toBe(log);
    expect([...logs.topics()]).toEqual(["a", "b", "c"]);
  });

  it("remember as many records as they are told", () => {
    const log = createLogs(barrierLaw, 1).at("a", 0);
    log.remember(0, { hash: 1, eventId: "x" });
    log.remember(1, { hash: 2, eventId: "y" });
    expect([log.recall(0), log.recall(1)?.hash]).toEqual([undefined, 2]);
  });

  it("are short of a barrier until every partition of the version's topics has reached its end", () => {
    const logs = createLogs(barrierLaw, 10);
    logs.start(offsets([0, 0]));
    const ends = { ...offsets([0, 0]), [first]: [1, 0], [second]: [0, 2] };
    const short = () => {
      const log = logs.short({ ends }, chatV2);
      return log && [log.topic, log.partition];
    };
    expect(short()).toEqual([first, 0]);
    logs.at(first, 1).arrive(0);
    expect(short()).toEqual([first, 0]);
    logs.at(first, 0).arrive(0);
    expect(short()).toEqual([second, 1]);
    logs.at(second, 1).arrive(0);
    expect(short()).toEqual([second, 1]);
    logs.at(second, 1).skip(1, 1, "control");
    expect(short()).toBeUndefined();
    expect(short()).toBeUndefined();
  });

  it("are short of a barrier again when a partition without a start offset begins below its end", () => {
    const logs = createLogs(barrierLaw, 10);
    const ends = { ...offsets([1, 1]), [first]: [9, 0], [second]: [0, 7] };
    const short = () => {
      const log = logs.short({ ends }, chatV2);
      return log && [log.topic, log.partition];
    };
    // Nothing of it is known.
    expect(short()).toBeUndefined();
    logs.at(second, 1).arrive(5);
    expect(short()).toEqual([second, 1]);
    logs.at(first, 0).arrive(7);
    expect(short()).toEqual([first, 0]);
    logs.at(first, 0).arrive(8);
    expect(short()).toEqual([second, 1]);
    logs.at(second, 1).arrive(6);
    expect(short()).toBeUndefined();
  });

  it("are short of a barrier in one version and not in the other", () => {
    const logs = createLogs(barrierLaw, 10);
    logs.start(offsets([0]));
    const ends = { ...offsets([0]), [first]: [1] };
    expect(logs.short({ ends }, chatV1)).toBeUndefined();
    expect(logs.short({ ends }, chatV2)?.topic).toBe(first);
    expect(logs.short({ ends }, chatV1)).toBeUndefined();
  });

  it("are short of each barrier by itself", () => {
    const logs = createLogs(barrierLaw, 10);
    logs.start(offsets([0]));
    logs.at(first, 0).arrive(0);
    expect(logs.short({ ends: { ...offsets([0]), [first]: [1] } }, chatV2)).toBeUndefined();
    expect(logs.short({ ends: { ...offsets([0]), [first]: [2] } }, chatV2)?.topic).toBe(first);
  });

  it("are not short where a partition without a start was not read, or a topic is not named", () => {
    const logs = createLogs(barrierLaw, 10);
    expect(logs.short({ ends: offsets([3, 3]) }, chatV2)).toBeUndefined();
    logs.at(second, 1).arrive(0);
    expect(logs.short({ ends: offsets([3, 3]) }, chatV2)).toBe(logs.find(second, 1));
    logs.at(first, 0).arrive(0);
    expect(logs.short({ ends: {} }, chatV2)).toBeUndefined();
  });
});
