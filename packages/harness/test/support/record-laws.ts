import { join } from "node:path";
import type { Observation, RunResult } from "@ondash/contract";
import {
  checkRecording,
  openRecorder,
  type RecordOptions,
  type RecordSummary,
  recordTopics,
  replayRecording,
  toScenario,
} from "@ondash/harness";
import { parseScenario, plan } from "@ondash/scenario";
import { decodeEnvelope, type OutgoingRecord, schemaOf } from "@ondash/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario, shareKafka, type TestKafka, TIMEOUT_MS, temporaryFolder } from "./kafka.ts";

/** Records by place: what a log holds, without what depends on when and where it was written. */
function logOf(observations: readonly Observation[]): Record<string, unknown[]> {
  const logs: Record<string, unknown[]> = {};
  for (const observation of observations) {
    if (observation.kind !== "record") continue;
    const { topic, partition, key, headers, value } = observation;
    // kafkajs keeps the order of headers within one name only.
    const named = headers.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    (logs[`${topic}/${partition}`] ??= []).push({ key, named, value });
  }
  return logs;
}

/** What a recording gives, but for the words: of several reasons the first that was observed is told. */
function told({ verdict, counts, rules }: RunResult): unknown {
  const status = Object.entries(rules).map(([id, outcome]) => [
    id,
    outcome.status,
    "count" in outcome && outcome.count,
  ]);
  return { verdict, counts, status };
}

/**
 * The laws of `recordTopics`, `replayRecording` and `toScenario` on a broker.
 * @param open starts a broker that has no topics.
 */
export function describeRecording(open: () => Promise<TestKafka>): void {
  describe("recording and replaying", () => {
    let kafka: TestKafka;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      kafka = await open();
      folder = await temporaryFolder();
    });
    afterAll(async () => {
      await kafka[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });
    let files = 0;
    const record = async (options: Partial<RecordOptions> = {}): Promise<RecordSummary & { readonly file: string }> => {
      const file = join(folder.path, `${++files}.jsonl`);
      using recorder = openRecorder(file);
      await using own = await shareKafka(kafka);
      const summary = await recordTopics({
        session: own.session,
        timeoutMs: TIMEOUT_MS,
        recorder,
        keep: true,
        ...options,
      });
      return { ...summary, file };
    };
    const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
      await using sink = await kafka.session.openSink();
      for (const one of records) expect(await sink.send(one)).toMatchObject({ status: "acknowledged" });
    };
    const turnOf = (name: string, schema: "chat.v1" | "chat.v2", salt: string) =>
      plan(scenario(name), { schema, salt });

    it("records what comes until a turn has ended, and check judges it", async () => {
      for (const schema of ["chat.v1", "chat.v2"] as const) {
        await kafka.session.ensureTopics(schemaOf(schema).topicList, { partitions: 8, create: true });
        const turn = turnOf("sales-chart", schema, "until turn");
        const found = await record({
          schema,
          until: "turn",
          onReady: () => void send(turn.sends.map((one) => one.record)),
        });
        expect(found).toMatchObject({ records: 7, scanned: 7, topics: schemaOf(schema).topicList });
        const checked = await checkRecording(found.file);
        expect(checked).toMatchObject({ verdict: "passed", counts: { records: 7, turns: 1 } });
      }
    });

    it("says that a turn is cut off only when it is known that nobody goes on", async () => {
      const turn = turnOf("sales-chart", "chat.v1", "cut off");
      const stop = new AbortController();
      const options: Partial<RecordOptions> = {
        conversationId: turn.conversationId,
        onReady: () => void send(turn.sends.slice(0, 3).map((one) => one.record)),
        onProgress({ records }) {
          if (records === 3) stop.abort();
        },
        stop: stop.signal,
      };
      const open_ = await checkRecording((await record(options)).file);
      expect([open_.verdict, open_.violations]).toEqual(["inconclusive", []]);
      const whole = { from: "beginning", until: "end", conversationId: turn.conversationId } as const;
      const done = await checkRecording((await record({ ...whole, producersDone: true })).file);
      expect([done.verdict, done.violations.map(({ rule }) => rule)]).toEqual(["failed", ["ORD-07"]]);
    });

    it("records one conversation, and of others the offsets", async () => {
      const [mine, other] = [turnOf("multi-task", "chat.v1", "mine"), turnOf("text-only", "chat.v1", "other")];
      await send([...other.sends, ...mine.sends].map((one) => one.record));
      const found = await record({
        from: "beginning",
        until: "end",
        conversationId: mine.conversationId,
        schema: "chat.v1",
      });
      expect(found.records).toBe(mine.sends.length);
      expect(found.scanned).toBeGreaterThan(found.records);
      expect(await checkRecording(found.file)).toMatchObject({ verdict: "passed", counts: { turns: 1 } });
    });

    it("ends after the time that it was given", async () => {
      const found = await record({ until: 1, schema: "chat.v2" });
      expect(await checkRecording(found.file)).toMatchObject({
        verdict: "inconclusive",
        reasons: ["nothing was observed"],
      });
    });

    it("needs topics that are there", async () => {
      await using empty = await open();
      await using own = await shareKafka(empty);
      const attempt = recordTopics({ session: own.session, timeoutMs: TIMEOUT_MS, until: "end" });
      await expect(attempt).rejects.toMatchObject({ code: "topic-missing" });
    });

    it("replays a recording elsewhere: what is recorded there is the same, record by record", async () => {
      const names = ["sales-chart-tombstone", "sales-chart-keyed-by-message", "unicode", "sales-chart-truncated-value"];
      for (const [index, name] of names.entries()) {
        const version = index % 2 === 0 ? "chat.v1" : "chat.v2";
        await send(turnOf(name, version, `replay ${index}`).sends.map((one) => one.record));
      }
      const before = await record({ from: "beginning", until: "end" });
      await using target = await open();
      await using there = await shareKafka(target);
      const went: string[] = [];
      const summary = await replayRecording(before.file, {
        session: there.session,
        timeoutMs: TIMEOUT_MS,
        createTopics: true,
        onSent: (from, to) => went.push(`${from.topic}/${from.partition} ${to.topic}/${to.partition}`),
      });
      expect(summary.sent).toBe(before.records);
      expect(went).toHaveLength(before.records);
      for (const line of went) expect(line.split(" ")[0]).toBe(line.split(" ")[1]);

      const file = join(folder.path, "again.jsonl");
      using recorder = openRecorder(file);
      const after = await recordTopics({
        session: there.session,
        timeoutMs: TIMEOUT_MS,
        from: "beginning",
        until: "end",
        recorder,
        keep: true,
      });
      expect(logOf(after.observations)).toEqual(logOf(before.observations));
      const [one, two] = [await checkRecording(before.file), await checkRecording(file)];
      expect(told(two)).toEqual(told(one));
    });

    it("keeps the pace of the recording when told to", async () => {
      const turn = turnOf("text-only", "chat.v1", "pace");
      const found = await record({
        schema: "chat.v1",
        until: "turn",
        onReady: () => void send(turn.sends.map((one) => one.record)),
      });
      await using there = await shareKafka(kafka);
      const slept: number[] = [];
      const times = found.observations.flatMap((one) => (one.kind === "record" ? [one.timestamp] : []));
      await replayRecording(found.file, {
        session: there.session,
        timeoutMs: TIMEOUT_MS,
        speed: 4,
        clock: {
          now: () => Date.now(),
          monotonic: () => 0,
          sleep: async (ms) => void slept.push(ms),
          schedule: () => () => undefined,
        },
      });
      expect(slept).toEqual(times.map((time) => (time - (times[0] ?? 0)) / 4));
    });

    it("makes a scenario of a turn that was recorded, which runs as it was", async () => {
      const turn = turnOf("multi-chart", "chat.v2", "scenario");
      const found = await record({
        schema: "chat.v2",
        until: "turn",
        onReady: () => void send(turn.sends.map((one) => one.record)),
      });
      const text = toScenario(found.observations, { name: "recorded" });
      const again = plan(parseScenario(text, { file: "recorded.yaml" }));
      const said = (value: Uint8Array | null): unknown => {
        const decoding = decodeEnvelope(schemaOf("chat.v2"), value);
        if (!decoding.ok) throw new Error(decoding.failure.detail);
        const { taskId, event } = decoding.envelope;
        return [taskId, event];
      };
      expect(again.events.map((one) => said(one.record.value))).toEqual(
        turn.events.map((one) => said(one.record.value)),
      );
      const result = await kafka.run(parseScenario(text, { file: "recorded.yaml" }), { salt: "run again" });
      expect(result).toMatchObject({ expectation: "met", unmet: [], verdict: "passed" });
    });
  });
}
