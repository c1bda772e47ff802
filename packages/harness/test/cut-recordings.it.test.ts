import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMonitor, createRecordingParser, type Judgement, type RunResult } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { checkRecording, openRecorder, resumeRecording } from "@ondash/harness";
import { describe, expect, it } from "vitest";
import { scenarioNames, startKafka, type TestKafka, TIMEOUT_MS, temporaryFolder } from "./support/kafka.ts";

/** How many places of each recording are tried, beside the first and the last one. */
const CUTS = 5;

/** Evenly spread numbers from `first` to `last`. */
function spread(first: number, last: number): number[] {
  const step = (last - first) / (CUTS + 1);
  const inner = Array.from({ length: CUTS }, (_, index) => first + Math.round((index + 1) * step));
  return [...new Set([first, ...inner, last])];
}

/** The ids of all rules that a run breaks, those beside the primary ones too. */
function broken({ violations }: Judgement): ReadonlySet<string> {
  return new Set(violations.flatMap(({ rule, also }) => [rule, ...also]));
}

/** What a checker that was killed has left behind: the bytes of a recording up to some place. */
function judgeBytes(bytes: Uint8Array): Judgement {
  const monitor = createMonitor({ window: Number.POSITIVE_INFINITY });
  const parser = createRecordingParser({ file: "cut.jsonl" });
  for (const observation of [...parser.push(bytes), ...parser.end()]) monitor.observe(observation);
  return monitor.finish();
}

/** A scenario's run, with the lines of its recording. */
async function record(kafka: TestKafka, name: string): Promise<{ live: RunResult; lines: readonly string[] }> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "whole.jsonl");
  using recorder = openRecorder(file);
  const live = await kafka.run(name, { recorder });
  return { live, lines: (await readFile(file, "utf8")).trimEnd().split("\n") };
}

describe("a recording that was cut off", () => {
  it.each(scenarioNames())("never says that all is well, nor what the whole does not say: %s", async (name) => {
    await using kafka = await startKafka();
    const { live, lines } = await record(kafka, name);
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    // The rules that it can't judge, because another one is broken, may seem to be broken for themselves before.
    const unprovable = Object.entries(live.rules).filter(([, { status }]) => status === "unprovable");
    const whole = [...broken(live), ...unprovable.map(([id]) => id)];
    const endOf = (count: number): number => Buffer.byteLength(lines.slice(0, count).join("\n")) + 1;
    for (const count of spread(1, lines.length - 1)) {
      const part = judgeBytes(bytes.subarray(0, endOf(count)));
      expect(part.verdict, `${count} lines`).not.toBe("passed");
      for (const rule of broken(part)) expect(whole, `${count} lines`).toContain(rule);
      // In the middle of the next line.
      const at = endOf(count) + Math.ceil((lines[count]?.length ?? 0) / 2);
      expect(() => judgeBytes(bytes.subarray(0, at))).toThrow(
        new RegExp(`^\\[recording\\] cut\\.jsonl:${count + 1}: `),
      );
    }
  });

  it.each(scenarioNames())("goes on where it was cut, to the verdict of the whole: %s", async (name) => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const { live, lines } = await record(kafka, name);
    const cut = join(folder.path, "cut.jsonl.partial");
    // What was to be sent, and that it is to be judged by that, is written down before anything is sent.
    const planned = lines.findLastIndex((line) => line.startsWith('{"plan":')) + 1;
    // That a record was late is known only to whoever was there when the barrier was granted.
    const granted = lines.findLastIndex((line) => line.startsWith('{"barrier":')) + 1;
    const isLate = live.violations.some(({ rule }) => rule === "ORD-05");
    const cuts = spread(planned, lines.length - 1).filter((count) => !isLate || count >= granted);
    for (const count of isLate ? [granted, ...cuts] : cuts) {
      const half = lines[count]?.slice(0, 20) ?? "";
      await writeFile(cut, `${lines.slice(0, count).join("\n")}\n${half}`);
      using deadline = startDeadline(TIMEOUT_MS);
      const file = join(folder.path, `${count}.jsonl`);
      using recorder = openRecorder(file);
      const { session } = kafka;
      const resumed = await resumeRecording(cut, {
        session,
        deadline,
        recorder,
        producersDone: true,
        conversations: "all",
      });
      const charges = ({ violations }: Judgement): unknown =>
        violations
          .map(({ rule, also, records, messageId }) => JSON.stringify({ rule, also, records, messageId }))
          .toSorted();
      expect(resumed.verdict, `${count} of ${lines.length} lines`).toBe(live.verdict);
      expect(charges(resumed), `${count} of ${lines.length} lines`).toEqual(charges(live));
      expect(resumed.counts).toEqual(live.counts);
      // And what it recorded is whole: the part before, and what was read then.
      const checked = await checkRecording(file);
      expect([checked.verdict, charges(checked)]).toEqual([resumed.verdict, charges(resumed)]);
    }
  });

  it("says why it can't go on", async () => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const { lines } = await record(kafka, "sales-chart");
    const [header = "", ...rest] = lines;
    const resume = async (text: string): Promise<unknown> => {
      const file = join(folder.path, "cut.jsonl.partial");
      await writeFile(file, text);
      using deadline = startDeadline(TIMEOUT_MS);
      return resumeRecording(file, { session: kafka.session, deadline, name: "cut" });
    };
    await expect(resume("")).rejects.toThrow("[start] cut has no header");
    await expect(resume(header)).rejects.toThrow("[start] cut has no header");
    await expect(resume(`{"recording":"ondash/1","partitions":8}\n`)).rejects.toThrow(
      "[start] cut has a header without start offsets",
    );
    await expect(resume(`${lines.join("\n")}\n`)).rejects.toThrow("[start] cut has an end line: nothing is left");
    await expect(resume(`${header}\nnonsense\n${rest.join("\n")}`)).rejects.toThrow("[recording] cut:2: ");
    using deadline = startDeadline(TIMEOUT_MS);
    const missing = resumeRecording(join(folder.path, "none"), { session: kafka.session, deadline });
    await expect(missing).rejects.toThrow(/^\[file\] can't read the recording .*none: ENOENT/);
    // Another cluster: its log ends before the recorded offsets.
    const elsewhere = header.replace(/"start":\{"ondash\.llm\.status":\[0,/, '"start":{"ondash.llm.status":[9,');
    expect(elsewhere).not.toBe(header);
    await expect(resume(`${elsewhere}\n`)).rejects.toThrow(/^\[out-of-range\] ondash\.llm\.status\/0 ends at offset 0/);
    // Its header alone is enough.
    await expect(resume(`${header}\n`)).resolves.toMatchObject({ verdict: "passed", counts: { records: 7, turns: 1 } });
  });
});
