import { chatV2, type OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, type Step, salesChart, secondTask, type TurnIds } from "../test/support/chat.ts";
import { createTestLog, type TestLog } from "../test/support/log.ts";
import { createMonitor } from "./monitor.ts";
import type { MonitorOptions } from "./monitor-types.ts";
import type { Observation, TopicOffsets } from "./observation.ts";
import type { Judgement } from "./run-result.ts";

const PARTITIONS = 2;
const { text: topic } = chatV2.topics;

/** A turn whose conversation has the same name, unless told otherwise. */
const turn = (message: string, steps: readonly Step[] = salesChart, ids: TurnIds = {}): OutgoingRecord[] =>
  records(chatV2, steps, { conversation: message, message, ...ids }, PARTITIONS);

interface Run {
  readonly options?: MonitorOptions;
  readonly start?: (start: TopicOffsets) => TopicOffsets;
  /** undefined: the run does not end. */
  readonly end?: ((ends: TopicOffsets) => TopicOffsets) | undefined;
}

/** Judges a run of what is appended to the log and observed. */
function judge(observe: (log: TestLog) => readonly Observation[], run: Run = {}): Judgement {
  const { start = (offsets) => offsets, end = (offsets) => offsets } = run;
  const log = createTestLog({ partitions: PARTITIONS, schemas: [chatV2] });
  const monitor = createMonitor(run.options);
  monitor.observe({ kind: "start", partitions: PARTITIONS, start: start(log.start) });
  for (const observation of observe(log)) monitor.observe(observation);
  if (!("end" in run) || run.end !== undefined)
    monitor.observe({ kind: "end", ends: end(log.ends()), producersDone: true });
  return monitor.finish();
}
const same = (offsets: TopicOffsets): TopicOffsets => offsets;
const withAnother = (offsets: TopicOffsets): TopicOffsets => ({ ...offsets, [topic]: [...(offsets[topic] ?? []), 0] });
const read = (written: readonly OutgoingRecord[]) => (log: TestLog) => written.map(log.append);
const verdicts = ({ turns }: Judgement): string[] => turns.map(({ messageId, verdict }) => `${messageId} ${verdict}`);
const broken = ({ violations }: Judgement): string[] => violations.map(({ rule }) => rule);

/** The first of the records changed. */
function breakFirst(written: readonly OutgoingRecord[], change: Partial<OutgoingRecord>): OutgoingRecord[] {
  return written.map((record, index) => (index === 0 ? { ...record, ...change } : record));
}
const noKey = { key: null };
const noEnvelope = { value: new Uint8Array([255]) };

describe("a judgement", () => {
  it("of a legal run is passed, without a reason, of its version", () => {
    const judgement = judge(read([...turn("a"), ...turn("b")]));
    expect(judgement).toMatchObject({
      verdict: "passed",
      reasons: [],
      schema: "chat.v2",
      counts: { records: 14, turns: 2, redeliveries: 0 },
      violations: [],
      warnings: [],
      timeline: [],
    });
    expect(verdicts(judgement)).toEqual(["a passed", "b passed"]);
  });

  it("fails the turn of a broken record, and gives no reasons for what it leaves open", () => {
    const judgement = judge(read([...breakFirst(turn("a"), noKey), ...turn("b")]), { end: undefined });
    expect(judgement).toMatchObject({ verdict: "failed", reasons: [] });
    expect(verdicts(judgement)).toEqual(["a failed", "b inconclusive"]);
  });

  it("leaves the turns of a conversation open that a broken record may belong to", () => {
    const judgement = judge(read([...breakFirst(turn("a"), noEnvelope), ...turn("b")]));
    expect([judgement.verdict, broken(judgement), verdicts(judgement)]).toEqual([
      "failed",
      ["REC-01"],
      ["a inconclusive", "b passed"],
    ]);
  });

  it("knows where another turn has ended the conversation", () => {
    const last = [{ status: "Bye" }, { completion: "CONVERSATION" }] as const;
    const conversation = "c";
    const judgement = judge(read([...turn("a", last, { conversation }), ...turn("b", secondTask, { conversation })]));
    expect([broken(judgement), verdicts(judgement)]).toEqual([["ORD-06"], ["a passed", "b failed"]]);
  });

  it("takes offsets without a record for what they are", () => {
    const between = (log: TestLog): Observation[] => [
      ...turn("a").map(log.append),
      log.mark(topic, 0, 1, "control"),
      log.mark(topic, 1, 1, "aborted"),
      ...turn("b").map(log.append),
    ];
    expect(judge(between)).toMatchObject({ verdict: "passed", violations: [] });
  });

  it.each<[source: string, run: Run, barrier: (offsets: TopicOffsets) => TopicOffsets]>([
    ["start", { start: withAnother }, same],
    ["barrier 4", {}, withAnother],
    ["end", { end: withAnother }, same],
  ])("finds a topic that %s names with another number of partitions", (source, run, barrier) => {
    const observe = (log: TestLog): Observation[] => [
      ...turn("a").map(log.append),
      { kind: "asked", id: 4 },
      { kind: "barrier", id: 4, ends: barrier(log.ends()) },
    ];
    const { violations } = judge(observe, run);
    expect(violations).toMatchObject([{ rule: "KAF-01", actual: `${topic} has 3 partitions (${source})` }]);
  });
});

describe("a judgement with a ledger", () => {
  const eventId = "a-event-3";
  const planned: Observation = { kind: "plan", topic, eventId, conversationId: "a", messageId: "a" };

  // The event is missing in a turn whose others are there, or was all that was planned of it.
  it.each<[fate: string, fates: Observation[], missing: string[], alone: string[]]>([
    ["was not sent", [], ["ORD-04"], ["ORD-07", "a failed"]],
    ["was refused", [{ kind: "rejected", topic, eventId, error: "NO" }], ["ORD-04"], []],
    ["may have been written", [{ kind: "indefinite", topic, eventId }], [], []],
    ["was lost", [{ kind: "ack", topic, eventId, partition: 1, offset: 9 }], ["KAF-04"], ["KAF-04", "a passed"]],
  ])("of a planned event that %s", (_, fates, missing, alone) => {
    const written = turn("a").toSpliced(2, 1);
    expect(broken(judge((log) => [planned, ...written.map(log.append), ...fates]))).toEqual(missing);
    const judgement = judge(() => [planned, ...fates]);
    expect([...broken(judgement), ...verdicts(judgement)]).toEqual(alone);
  });
});

describe("a judgement of stored messages", () => {
  const stored = (change: object = {}): Observation => ({
    kind: "message",
    schema: "chat.v2",
    message: {
      id: "a",
      conversationId: "a",
      role: "ROLE_ASSISTANT",
      content: [{ text: { text: "Nothing to show" } }],
      metadata: { tasks: [{ taskId: "task_2", state: "TASK_STATE_COMPLETED" }] },
      status: "MESSAGE_STATUS_COMPLETE",
      ...change,
    },
  });
  const other = { content: [{ text: { text: "Something to show" } }] };
  const withMessage = (message: Observation, more: (log: TestLog) => readonly Observation[] = () => []) =>
    judge((log) => [...turn("a", secondTask).map(log.append), message, ...more(log)]);

  it("fails the turn of one that says something else, and only the assistant's", () => {
    const right = withMessage(stored());
    expect([broken(right), verdicts(right), right.rules["MSG-02"]]).toEqual([
      [],
      ["a passed"],
      { status: "held", count: 1 },
    ]);
    const wrong = withMessage(stored(other));
    expect(wrong.violations).toMatchObject([{ rule: "MSG-02", conversationId: "a", messageId: "a" }]);
    expect(verdicts(wrong)).toEqual(["a failed"]);
    const user = withMessage(stored({ ...other, role: "ROLE_USER" }));
    expect([broken(user), verdicts(user), user.rules["MSG-02"]]).toEqual([
      [],
      ["a passed"],
      { status: "not exercised" },
    ]);
  });

  it("fails one of a turn that never was, unless a gap may hold it: whatever else is broken", () => {
    const unseen = stored({ id: "unseen" });
    const brokenTurn = read(breakFirst(turn("b"), noKey));
    const never = withMessage(unseen, brokenTurn);
    expect([broken(never), verdicts(never)]).toEqual([
      ["REC-04", "MSG-01"],
      ["a passed", "b failed", "unseen failed"],
    ]);
    const missed = withMessage(unseen, (log) => {
      const { from, to } = log.mark(topic, 0, 1, "control");
      return [...brokenTurn(log), { kind: "gap", topic, partition: 0, from, to }];
    });
    const [, gap] = missed.violations;
    expect([broken(missed), missed.rules["MSG-01"]]).toEqual([
      ["REC-04", "KAF-02"],
      { status: "unprovable", why: gap?.message },
    ]);
  });
});

describe("a timeline", () => {
  it("is kept where it was asked for, and marks what breaks a rule", () => {
    const observe = read(breakFirst(turn("a"), noKey));
    expect(judge(observe).timeline).toEqual([]);
    const { timeline } = judge(observe, { options: { timeline: true } });
    expect(timeline.map(({ eventId, rules }) => [eventId, ...rules])).toEqual([
      ["a-event-1", "REC-04"],
      ...[2, 3, 4, 5, 6, 7].map((nth) => [`a-event-${nth}`]),
    ]);
  });
});
