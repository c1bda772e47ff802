import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkRecording, openRecorder, type Verification, type VerifyOptions, verify } from "@ondash/harness";
import { type Plan, plan } from "@ondash/scenario";
import type { OutgoingRecord } from "@ondash/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  root,
  scenario,
  scenarioNames,
  startKafka,
  type TestKafka,
  TIMEOUT_MS,
  temporaryFolder,
} from "./support/kafka.ts";
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
  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    await using sink = await kafka.session.openSink();
    for (const record of records) expect(await sink.send(record)).toMatchObject({ status: "acknowledged" });
  };
  const recordsOf = ({ sends }: Plan): OutgoingRecord[] => sends.map(({ record }) => record);

  const playable = scenarioNames().filter((name) => !plan(scenario(name)).sends.some(({ held }) => held));
  it.each(playable)(
    "finds in %s, played by somebody else, what the scenario says, and so does its recording",
    async (name) => {
      const played = plan(scenario(name), { ledger: false, salt: `turn ${++turns}` });
      const died = played.sends.length < played.events.length && scenarioText(name).includes("do: stop");
      const file = join(folder.path, `played-${name}.jsonl`);
      using recorder = openRecorder(file);
      const { result: live } = await check(name, {
        recorder,
        conversationId: played.conversationId,
        trigger: trigger(async () => {
          await send(recordsOf(played));
          return exited(died ? 1 : 0);
        }),
      });
      const expected = { verdict: played.expect.verdict, rules: played.expect.violations };
      const rules = [...new Set(live.violations.map(({ rule }) => rule))].toSorted();
      expect({ verdict: live.verdict, rules }).toEqual(expected);
      expect(live.unmet).toEqual(died ? ["the trigger ended with exit code 1"] : []);
      const checked = await checkRecording(file);
      expect([checked.verdict, checked.rules, checked.counts]).toEqual([live.verdict, live.rules, live.counts]);
    },
  );
});

function scenarioText(name: string): string {
  return readFileSync(join(root, "scenarios", `${name}.yaml`), "utf8");
}
