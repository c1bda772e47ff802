import { join } from "node:path";
import { type CanaryReport, checkRecording, openRecorder } from "@ondash/harness";
import { chatSchemas, partitionOf } from "@ondash/schemas";
import type { KafkaSession } from "@ondash/transport";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planCanary } from "../src/canary/plan-canary.ts";
import { poisons } from "../src/canary/poisons.ts";
import { scenario, shareKafka, startKafka, type TestKafka, temporaryFolder } from "./support/kafka.ts";

/** A seed by which the canary beside a scenario has a poison. */
function seedFor(what: string, schema: "chat.v1" | "chat.v2", beside = "text-only"): number {
  for (let seed = 0; ; seed++) {
    const { poison } = planCanary({ scenario: beside, schema, seed, partitions: 8 }, undefined);
    if (poison.what === what) return seed;
  }
}

describe("a canary", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  const cases = chatSchemas.flatMap(({ name }) =>
    poisons.flatMap(({ what, rule }) => (rule[name] === undefined ? [] : [{ schema: name, what, rule: rule[name] }])),
  );
  it.each(cases)(
    "of which $what is flagged in $schema as $rule, and stays out of the result",
    async ({ schema, what, rule }) => {
      const seed = seedFor(what, schema);
      const reports: CanaryReport[] = [];
      const options = { schema, seed, salt: `${schema} ${rule}` };
      const result = await kafka.run("text-only", { ...options, canary: true, onCanary: (one) => reports.push(one) });
      expect(reports).toEqual([{ what, rule }]);
      const alone = await kafka.run("text-only", options);
      const told = ({ verdict, expectation, violations, counts, rules, turns }: typeof alone) => ({
        verdict,
        expectation,
        violations,
        counts,
        rules,
        turns,
      });
      expect(told(result)).toEqual(told(alone));
    },
  );

  it("goes beside a scenario that fails, for both versions, on a shared broker; what is recorded does not have it", async () => {
    await using shared = await shareKafka(kafka);
    await using folder = await temporaryFolder();
    for (const [name, schema] of [
      ["sales-chart-tombstone", "chat.v1"],
      ["sales-chart-lost-chart", "chat.v2"],
      ["dual-publish", "both"],
    ] as const) {
      const file = join(folder.path, `${name}.jsonl`);
      using recorder = openRecorder(file);
      let flagged: CanaryReport | undefined;
      const live = await shared.run(name, {
        schema,
        recorder,
        salt: `shared ${name}`,
        createTopics: true,
        canary: true,
        onCanary: (report) => {
          flagged = report;
        },
      });
      expect(live.unmet).toEqual([]);
      expect(flagged).toBeDefined();
      const checked = await checkRecording(file);
      expect([checked.verdict, checked.rules, checked.counts]).toEqual([live.verdict, live.rules, live.counts]);
    }
  });

  it("that is not flagged makes the run invalid", async () => {
    const seed = seedFor("a text has another key", "chat.v1", "sales-chart");
    const { plan } = planCanary({ scenario: "sales-chart", schema: "chat.v1", seed, partitions: 8 }, undefined);
    const right = new TextEncoder().encode(plan.conversationId);
    // A set-up that heals on the way what it should have shown.
    const session: KafkaSession = {
      ...kafka.session,
      async openSink() {
        const sink = await kafka.session.openSink();
        return {
          ...sink,
          send(record, signal) {
            const isPoison = new TextDecoder().decode(record.key ?? right) === "canary";
            const healed = isPoison ? { ...record, key: right, partition: partitionOf(right, 8) } : record;
            return sink.send(healed, signal);
          },
        };
      },
    };
    const run = kafka.run(scenario("sales-chart"), { session, seed, canary: true });
    await expect(run).rejects.toMatchObject({
      code: "canary",
      message: expect.stringMatching(
        /the run is invalid.*a text has another key.*violates REC-04, and the checker found none/,
      ),
    });
  });
});
