import { join } from "node:path";
import { createManualClock } from "@ondash/core";
import { checkRecording, openRecorder, type Verification, type VerifyOptions, verify } from "@ondash/harness";
import { type Plan, plan } from "@ondash/scenario";
import type { OutgoingRecord } from "@ondash/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario, startKafka, type TestKafka, TIMEOUT_MS, temporaryFolder } from "./support/kafka.ts";

import { exited, trigger } from "./support/trigger.ts";

describe("verify", () => {
  let kafka: TestKafka;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const check = (name: string, options: Partial<VerifyOptions> = {}): Promise<Verification> =>
    verify(scenario(name), { broker: kafka.broker, session: kafka.session, timeoutMs: TIMEOUT_MS, ...options });
  let turns = 0;
  /** The scenario as a real producer would send it: with ids that nobody knows before. */
  const planOf = (name: string, schema: "chat.v1" | "chat.v2" = "chat.v1"): Plan =>
    plan(scenario(name), { schema, salt: `turn ${++turns}` });
  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    await using sink = await kafka.session.openSink();
    for (const record of records) expect(await sink.send(record)).toMatchObject({ status: "acknowledged" });
  };
  const recordsOf = ({ sends }: Plan): OutgoingRecord[] => sends.map(({ record }) => record);
  const rulesOf = ({ result }: Verification): string[] => result.violations.map(({ rule }) => rule);

  it.each(["chat.v1", "chat.v2"] as const)(
    "passes a producer of %s that keeps contract and scenario",
    async (schema) => {
      const good = trigger(async () => {
        await send(recordsOf(planOf("sales-chart", schema)));
        return exited(0);
      });
      const found = await check("sales-chart", { schema, trigger: good });
      expect(found).toMatchObject({ why: "over", trigger: { end: exited(0) } });
      expect(found.result).toMatchObject({ verdict: "passed", expectation: "met", unmet: [], counts: { records: 7 } });
      expect(good.wasStopped).toBe(false);
    },
  );

  it("starts the trigger only when nothing that it sends can be missed", async () => {
    const order: string[] = [];
    const { session } = kafka;
    const watched: typeof session = {
      ...session,
      async openCollector(topics, options) {
        const collector = await session.openCollector(topics, options);
        order.push("start offsets known");
        return collector;
      },
    };
    await check("sales-chart", {
      session: watched,
      onReady: () => order.push("ready"),
      trigger: trigger(async () => {
        order.push("triggered");
        await send(recordsOf(planOf("sales-chart")));
        return exited(0);
      }),
    });
    expect(order).toEqual(["start offsets known", "ready", "triggered"]);
  });

  it("tells the trigger what it may want to know", async () => {
    let told: Readonly<Record<string, string>> = {};
    const plain = trigger(async ({ variables }) => {
      told = variables;
      return exited(1);
    });
    await check("sales-chart", { trigger: plain, conversationId: "conv_1", schema: "chat.v2" });
    expect(told).toEqual({
      ONDASH_BROKERS: kafka.broker.bootstrap.join(","),
      ONDASH_SCHEMA: "chat.v2",
      ONDASH_CONVERSATION_ID: "conv_1",
      ONDASH_PROMPT: "Create a chart with sales data",
    });
  });

  it("ends a producer that would go on for ever as soon as its record can't be healed", async () => {
    const records = recordsOf(planOf("sales-chart"));
    const wrong = { ...records[0], key: new TextEncoder().encode("msg_1") } as OutgoingRecord;
    const endless = trigger(async ({ stopped, log }) => {
      await send([wrong]);
      log("sent one");
      await stopped;
      return { code: null, signal: "SIGTERM" };
    });
    // Time does not move here: no deadline can end it.
    const found = await check("sales-chart", { trigger: endless, clock: createManualClock() });
    expect(rulesOf(found)).toEqual(["REC-04"]);
    expect(found).toMatchObject({ why: "violation", trigger: { end: undefined, output: "sent one" } });
    expect(found.result.unmet).toEqual([
      expect.stringContaining("expected verdict passed, but it is failed"),
      expect.stringContaining("expected violations none, but it is [REC-04]"),
    ]);
    expect(endless.wasStopped).toBe(true);
  });

  it.each([
    ["chat.v1", "GRM-02"],
    ["chat.v2", "ORD-04"],
  ] as const)(
    "ends one of %s that forgot its chart when the barrier of the completion is reached",
    async (schema, rule) => {
      const records = recordsOf(planOf("sales-chart", schema)).filter(({ topic }) => !topic.endsWith("chart"));
      const endless = trigger(async ({ stopped }) => {
        await send(records);
        await stopped;
        return { code: null, signal: "SIGTERM" };
      });
      const found = await check("sales-chart", { schema, trigger: endless, clock: createManualClock() });
      expect([found.why, rulesOf(found)]).toEqual(["violation", [rule]]);
    },
  );

  it("calls a turn truncated when its producer has died", async () => {
    const dying = trigger(async () => {
      await send(recordsOf(planOf("sales-chart")).slice(0, 4));
      return exited(1);
    });
    const found = await check("sales-chart", { trigger: dying, clock: createManualClock() });
    expect([found.why, rulesOf(found)]).toEqual(["over", ["ORD-07"]]);
    expect(found.result.unmet).toContain("the trigger ended with exit code 1");
  });

  it("waits for a turn that the trigger only asked for", async () => {
    const records = recordsOf(planOf("multi-task"));
    const later = Promise.withResolvers<void>();
    const asking = trigger(async () => {
      // What a service does once it was asked: the trigger has long ended.
      void (async () => {
        await later.promise;
        await send(records);
      })();
      return exited(0);
    });
    const progress: number[] = [];
    const running = check("multi-task", {
      trigger: asking,
      clock: createManualClock(),
      onProgress: (now) => void progress.push(now.turns),
    });
    later.resolve();
    const found = await running;
    expect(found.result).toMatchObject({ verdict: "passed", expectation: "met", counts: { records: records.length } });
    expect(progress.length).toBeGreaterThan(0);
  });

  it("explains a deadline by what was seen and what is missing", async () => {
    const clock = createManualClock();
    const half = recordsOf(planOf("sales-chart")).slice(0, 4);
    const stuck = trigger(async ({ stopped }) => {
      await send(half);
      await stopped;
      return { code: null, signal: "SIGTERM" };
    });
    const found = await check("sales-chart", {
      trigger: stuck,
      clock,
      timeoutMs: 5_000,
      onProgress: ({ records }) => {
        if (records === half.length) void clock.advance(5_000);
      },
    });
    expect([found.why, found.result.verdict]).toEqual(["deadline", "inconclusive"]);
    expect(found.result.unmet.at(-1)).toMatch(
      /^after 5 s: scanned 4 records, 4 of conversation [0-9a-f-]+; missing 1 text, 1 chart, 1 completion, which the scenario has$/,
    );
    expect(found.result.reasons.join()).toContain("has not ended, and the producer is not known to be done");
  });

  it("says that nothing came at all", async () => {
    const clock = createManualClock();
    const found = await check("sales-chart", {
      clock,
      timeoutMs: 5_000,
      conversationId: "conv_nobody",
      onProgress: () => void clock.advance(5_000),
    });
    expect(found.result).toMatchObject({ verdict: "inconclusive", reasons: ["nothing was observed"] });
    expect(found.result.unmet.at(-1)).toBe(
      "after 5 s: scanned 0 records, 0 of conversation conv_nobody; missing 3 statuses, 2 texts, 1 chart, 1 completion, which the scenario has",
    );
    expect(found.trigger).toBeUndefined();
  });

  it("judges the next turn when there is no trigger", async () => {
    const found = await check("sales-chart", {
      clock: createManualClock(),
      onReady: () => void send(recordsOf(planOf("sales-chart"))),
    });
    expect(found.result).toMatchObject({ verdict: "passed", expectation: "met" });
  });

  it("judges one conversation, and leaves the others alone", async () => {
    const mine = planOf("sales-chart");
    const others = recordsOf(planOf("sales-chart")).filter(({ topic }) => !topic.endsWith("chart"));
    const found = await check("sales-chart", {
      conversationId: mine.conversationId,
      trigger: trigger(async () => {
        await Promise.all([send(others), send(recordsOf(mine))]);
        return exited(0);
      }),
    });
    expect(found.result).toMatchObject({ verdict: "passed", expectation: "met", counts: { records: 7, turns: 1 } });
  });

  it("waits for both versions of a turn that is to be published in both", async () => {
    const both = (): OutgoingRecord[] => recordsOf(plan(scenario("dual-publish"), { salt: `turn ${++turns}` }));
    const whole = await check("dual-publish", {
      trigger: trigger(async () => {
        await send(both());
        return exited(0);
      }),
      clock: createManualClock(),
    });
    expect(whole.result).toMatchObject({ verdict: "passed", expectation: "met", schema: "both" });
    const clock = createManualClock();
    const old = both().filter(({ topic }) => !topic.startsWith("ondash.llm.v2."));
    const half = await check("dual-publish", {
      timeoutMs: 5_000,
      clock,
      trigger: trigger(async () => {
        await send(old);
        return exited(0);
      }),
      onProgress({ records }) {
        if (records === old.length) void clock.advance(5_000);
      },
    });
    expect(half).toMatchObject({ why: "deadline", result: { expectation: "not met" } });
    expect(half.result.unmet.at(-1)).toMatch(/missing .*1 completion \(chat\.v2\)/);
  });

  it("is not kept from its verdict by what others send meanwhile", async () => {
    const mine = planOf("sales-chart");
    const records = recordsOf(mine).filter(({ topic }) => !topic.endsWith("chart"));
    const endless = trigger(async ({ stopped }) => {
      await send(records);
      const stop = new AbortController();
      void stopped.then(() => stop.abort());
      while (!stop.signal.aborted) await send(recordsOf(planOf("text-only")));
      return { code: null, signal: "SIGTERM" };
    });
    const { conversationId } = mine;
    const found = await check("sales-chart", { trigger: endless, conversationId, clock: createManualClock() });
    expect([found.why, rulesOf(found)]).toEqual(["violation", ["GRM-02"]]);
    expect(found.result.counts.records).toBe(records.length);
  });

  it("says so when several turns came and nobody said which one counts", async () => {
    const found = await check("sales-chart", {
      trigger: trigger(async () => {
        await send([...recordsOf(planOf("sales-chart")), ...recordsOf(planOf("sales-chart"))]);
        return exited(0);
      }),
    });
    expect(found.result).toMatchObject({ verdict: "passed", expectation: "not met" });
    expect(found.result.unmet.join()).toMatch(/expected one turn, but there are 2 .*--conversation-id/);
  });

  it("holds the scenario's expectation against it: blocks, and what of the message does not depend on ids", async () => {
    const other = await check("sales-chart", {
      trigger: trigger(async () => {
        await send(recordsOf(planOf("text-only")));
        return exited(0);
      }),
    });
    expect(other.result).toMatchObject({ verdict: "passed", expectation: "not met" });
    expect(other.result.unmet).toEqual([
      expect.stringMatching(/expected blocks \[text, chart, text\], but it is \[text/),
    ]);

    const failure = await check("partial-failure", {
      trigger: trigger(async () => {
        await send(recordsOf(planOf("partial-failure")));
        return exited(0);
      }),
    });
    expect(failure.result).toMatchObject({ expectation: "met", unmet: [] });
    const blameless = await check("partial-failure", {
      trigger: trigger(async () => {
        await send(recordsOf(planOf("sales-chart")));
        return exited(0);
      }),
    });
    expect(blameless.result.unmet.join("\n")).toMatch(/message\.metadata\.errors to have 1 item/);
  });

  it("gives the verdict that its own recording gives", async () => {
    const records = recordsOf(planOf("sales-chart", "chat.v2"));
    const cases: readonly (readonly [string, readonly OutgoingRecord[], number])[] = [
      ["good", records, 0],
      ["lost", recordsOf(planOf("sales-chart", "chat.v2")).filter((_, index) => index !== 2), 0],
      ["truncated", recordsOf(planOf("sales-chart", "chat.v2")).slice(0, 3), 1],
      [
        "tombstone",
        recordsOf(planOf("sales-chart", "chat.v2")).map((one, at) => (at === 3 ? { ...one, value: null } : one)),
        0,
      ],
    ];
    const verdicts: string[] = [];
    for (const [name, list, code] of cases) {
      const file = join(folder.path, `${name}.jsonl`);
      using recorder = openRecorder(file);
      const { result: live } = await check("sales-chart", {
        schema: "chat.v2",
        recorder,
        trigger: trigger(async () => {
          await send(list);
          return exited(code);
        }),
      });
      const checked = await checkRecording(file, { timeline: true });
      const told = ({ verdict, rules, turns: judged, counts, timeline, reasons }: typeof live) => ({
        verdict,
        rules,
        judged,
        counts,
        timeline,
        reasons,
      });
      expect(told(checked)).toEqual(told(live));
      verdicts.push(live.verdict);
    }
    expect(verdicts).toEqual(["passed", "failed", "failed", "failed"]);
  });

  it("ends with the signal's reason, and ends the trigger", async () => {
    const controller = new AbortController();
    const endless = trigger(async ({ stopped }) => {
      controller.abort(new Error("enough"));
      await stopped;
      return { code: null, signal: "SIGTERM" };
    });
    await expect(check("sales-chart", { trigger: endless, signal: controller.signal })).rejects.toThrow("enough");
    expect(endless.wasStopped).toBe(true);
  });

  it("fails when the broker is gone, and ends the trigger", async () => {
    await using own = await startKafka();
    const endless = trigger(async ({ stopped }) => {
      void own.broker[Symbol.asyncDispose]();
      await stopped;
      return { code: null, signal: "SIGTERM" };
    });
    const running = verify(scenario("sales-chart"), {
      broker: own.broker,
      session: own.session,
      timeoutMs: TIMEOUT_MS,
      trigger: endless,
    });
    await expect(running).rejects.toMatchObject({ source: "@ondash/transport" });
    expect(endless.wasStopped).toBe(true);
  });
});
