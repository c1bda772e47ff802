import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { barrierLaw } from "../barrier.ts";
import { createLedger } from "../ledger.ts";
import { createLogs } from "../log/logs.ts";
import type { EndObservation, TopicOffsets } from "../observation.ts";
import type { Checks } from "../turn/judge-turn.ts";
import { judgeKafka } from "./judge-kafka.ts";
import { createTopicShapes } from "./topic-shape.ts";

const alike = (count: number, topics: readonly string[]): TopicOffsets =>
  Object.fromEntries(topics.map((topic) => [topic, Array.from({ length: count }, () => 0)]));

/** A run, and what is reported of it: version, rule, status and, if broken, what actually is. */
function run(start: TopicOffsets = {}) {
  const logs = createLogs(barrierLaw, 100);
  const ledger = createLedger();
  const shapes = createTopicShapes();
  logs.start(start);
  shapes.note("start", start);
  const read = (topic: string, partition: number, offset: number, eventId: string): void => {
    const log = logs.at(topic, partition);
    log.arrive(offset);
    log.remember(offset, { hash: 0, eventId });
  };
  const judge = (rules: RegExp, ends: TopicOffsets = {}) => {
    const reported: string[] = [];
    const report = (owner: object, checks: Checks): undefined => {
      expect(owner).toMatchObject({ conversationId: null, messageId: null });
      for (const [rule, check] of checks) {
        const actual = check.status === "violated" ? check.finding.actual : check.status;
        if (rules.test(rule) && check.status !== "idle")
          reported.push(`${(owner as { schema: string }).schema} ${rule} ${actual}`);
      }
    };
    const end: EndObservation = { kind: "end", ends, producersDone: true };
    judgeKafka({ logs, ledger, shapes, partitions: 2, end }, { report } as never);
    return reported;
  };
  return { logs, ledger, read, judge };
}

const [text1, text2] = [chatV1.topics.text, chatV2.topics.text];
const send = (topic: string, eventId: string) => ({ topic, eventId });

describe("the KAF rules of a run", () => {
  it("judge each partition of each version that was observed", () => {
    const both = run({ ...alike(2, chatV1.topicList), ...alike(2, chatV2.topicList) });
    const judged = both.judge(/KAF-01/);
    expect(judged).toHaveLength(20);
    expect(new Set(judged)).toEqual(new Set(["chat.v1 KAF-01 held", "chat.v2 KAF-01 held"]));
    expect(run().judge(/./)).toEqual([]);
    expect(run(alike(2, chatV2.topicList)).judge(/KAF-01/)).toHaveLength(10);
    expect(run({ other: [0] }).judge(/./)).toEqual([]);
  });

  it("charge misshapen topics once, and the other version not at all", () => {
    const one = run({ ...alike(2, chatV1.topicList), ...alike(4, chatV2.topicList) });
    const judged = one.judge(/KAF-01/).filter((line) => line !== "chat.v1 KAF-01 held");
    expect(judged).toEqual([expect.stringMatching(/^chat\.v2 KAF-01 .* has 4 partitions \(start\)/)]);
  });

  it("charge a version of which only some topics are named", () => {
    const [first = "", ...rest] = chatV2.topicList;
    const [charge, ...others] = run(alike(2, rest)).judge(/KAF-01/);
    expect([charge, others]).toEqual([`chat.v2 KAF-01 ${first} is not named by start`, []]);
  });

  it("hold acknowledgements against their partitions, unobserved ones included", () => {
    const { ledger, read, judge } = run();
    const ack = (topic: string, partition: number, offset: number) =>
      ledger.acknowledge({ kind: "ack", eventId: `e${offset}`, topic, partition, offset });
    read(text2, 1, 0, "e0");
    read(text2, 1, 1, "e1");
    ack(text2, 1, 0);
    expect(judge(/KAF-04/)).toEqual(["chat.v2 KAF-04 held"]);
    ack(text2, 1, 1);
    ack(text1, 0, 4);
    ack(text1, 0, 3);
    expect(judge(/KAF-04/)).toEqual(["chat.v2 KAF-04 held", "chat.v1 KAF-04 unprovable"]);
    expect(judge(/KAF-04/, { [text1]: [4] })).toEqual(["chat.v2 KAF-04 held", "chat.v1 KAF-04 no record there"]);
  });

  it("look for what was refused in every partition of its version", () => {
    const { ledger, read, judge } = run();
    const reject = (topic: string, eventId: string) =>
      ledger.reject({ kind: "rejected", ...send(topic, eventId), error: "E" });
    reject(text2, "e1");
    expect(judge(/KAF-05/)).toEqual(["chat.v2 KAF-05 held"]);
    reject(chatV2.topics.chart, "e2");
    reject(text2, "e3");
    expect(judge(/KAF-05/)).toEqual(["chat.v2 KAF-05 held", "chat.v2 KAF-05 held"]);
    read(text1, 0, 0, "e1");
    expect(judge(/KAF-05/)).toEqual(["chat.v2 KAF-05 held", "chat.v2 KAF-05 held"]);
    read(text2, 0, 0, "other");
    read(text2, 0, 7, "e1");
    expect(judge(/KAF-05/)).toEqual([`chat.v2 KAF-05 ${text2}/0@7`, "chat.v2 KAF-05 held"]);
    reject(text1, "e9");
    expect(judge(/KAF-05/)).toEqual([`chat.v2 KAF-05 ${text2}/0@7`, "chat.v1 KAF-05 held", "chat.v2 KAF-05 held"]);
  });

  it("forgive what was refused once and may have been written by another attempt", () => {
    const { ledger, read, judge } = run();
    for (const eventId of ["e1", "e2"]) {
      ledger.reject({ kind: "rejected", ...send(text2, eventId), error: "E" });
      read(text2, 0, eventId === "e1" ? 0 : 1, eventId);
    }
    ledger.acknowledge({ kind: "ack", ...send(text2, "e1"), partition: 0, offset: 0 });
    ledger.leaveOpen({ kind: "indefinite", ...send(text2, "e2") });
    expect(judge(/KAF-05/)).toEqual([]);
    ledger.leaveOpen({ kind: "indefinite", ...send(text2, "e3") });
    ledger.plan({ kind: "plan", ...send(text2, "e4"), conversationId: "c", messageId: "m" });
    read(text2, 0, 3, "e4");
    read(text2, 0, 2, "e3");
    expect(judge(/KAF-05/)).toEqual([]);
  });
});
