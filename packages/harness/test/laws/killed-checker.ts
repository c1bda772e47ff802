import { join } from "node:path";
import { isContractError } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { checkRecording, openRecorder, resumeRecording } from "@ondash/harness";
import { type Plan, plan } from "@ondash/scenario";
import type { OutgoingRecord, SchemaName } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { essence } from "../support/essence.ts";
import { scenario, type TestKafka, TIMEOUT_MS, temporaryFolder } from "../support/kafka.ts";
import { fileHas, startProgram } from "../support/program.ts";
import { PARTITIONS, startWatching } from "../support/watch.ts";

let turns = 0;

/** What the mock LLM says, for a conversation that nobody else has. */
function planOf(name: string, schema: SchemaName): Plan {
  return plan(scenario(name), { partitions: PARTITIONS, schema, salt: `killed ${process.pid} ${turns++}` });
}

/** What `check` makes of a recording. */
async function verdictOf(file: string): Promise<string> {
  try {
    return (await checkRecording(file)).verdict;
  } catch (error) {
    if (isContractError(error) && error.code === "recording") return "exit 2";
    throw error;
  }
}

/**
 * SIGKILL to a checker in the middle of a turn, its recording as it is then, and a new checker that goes on from there.
 */
export function describeKilledChecker(kafka: () => TestKafka): void {
  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    await using sink = await kafka().session.openSink();
    for (const record of records) expect(await sink.send(record)).toMatchObject({ status: "acknowledged" });
  };

  describe("a checker that is killed in the middle of a turn", () => {
    it.each([
      ["sales-chart", "chat.v1", 0],
      ["sales-chart", "chat.v2", 3],
      ["sales-chart", "chat.v1", 7],
      ["sales-chart-lost-chart", "chat.v2", 2],
      ["sales-chart-lost-chart", "chat.v2", 6],
      ["sales-chart-resent-text", "chat.v1", 5],
      ["sales-chart-tombstone", "chat.v2", 4],
      ["multi-task", "chat.v1", 6],
    ] as const)(
      "says nothing false, and another one goes on to the right verdict: %s of %s after %i records",
      async (name, version, count) => {
        await using folder = await temporaryFolder();
        const file = join(folder.path, "killed.jsonl");
        const partial = `${file}.partial`;
        const { sends } = planOf(name, version);
        const records = sends.map(({ record }) => record);
        // One that nobody kills, for comparison.
        await using undisturbed = await startWatching(kafka(), version);
        {
          await using checker = await startProgram("watch-topics.ts", [
            kafka().broker.bootstrap.join(","),
            version,
            file,
          ]);
          await send(records.slice(0, count));
          await fileHas(partial, (text) => text.split('{"topic":').length - 1 === count && text.endsWith("\n"));
          // The last one falls into the middle of what it does: whatever it had made of it is right.
          await Promise.all([send(records.slice(count, count + 1)), checker.kill()]);
        }
        const left = await verdictOf(partial);
        await send(records.slice(count + 1));
        using deadline = startDeadline(TIMEOUT_MS);
        const whole = join(folder.path, "whole.jsonl");
        using recorder = openRecorder(whole);
        const { session } = kafka();
        const resumed = await resumeRecording(partial, { session, deadline, recorder, producersDone: true });
        const right = await undisturbed.finish(true);
        expect(essence(resumed)).toEqual(essence(right));
        // Only what is wrong may be said to be wrong already; nothing may be said to be well.
        expect(["inconclusive", "exit 2", ...(right.verdict === "failed" ? ["failed"] : [])]).toContain(left);
        expect(essence(await checkRecording(whole))).toEqual(essence(resumed));
      },
    );

    it("leaves it open whether a turn was truncated as long as its producer may go on", async () => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, "killed.jsonl");
      const records = planOf("sales-chart", "chat.v2").sends.map(({ record }) => record);
      {
        await using checker = await startProgram("watch-topics.ts", [
          kafka().broker.bootstrap.join(","),
          "chat.v2",
          file,
        ]);
        await send(records.slice(0, 3));
        await fileHas(`${file}.partial`, (text) => text.split('{"topic":').length === 4);
        await checker.kill();
      }
      const { session } = kafka();
      const resume = async (producersDone: boolean) => {
        using deadline = startDeadline(TIMEOUT_MS);
        return resumeRecording(`${file}.partial`, { session, deadline, producersDone });
      };
      expect(await resume(false)).toMatchObject({ verdict: "inconclusive", violations: [] });
      expect(await resume(true)).toMatchObject({ verdict: "failed", violations: [{ rule: "ORD-07" }] });
      await send(records.slice(3));
      expect(await resume(false)).toMatchObject({ verdict: "passed", violations: [] });
    });
  });
}
