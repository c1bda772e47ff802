import { existsSync, readFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { basename } from "node:path";
import { startDeadline } from "@ondash/core";
import type { JsonReport } from "@ondash/report";
import { describe, expect, it } from "vitest";
import { folderWith, ondash, type Running, start } from "./support/ondash.ts";

/** How long these tests wait for a file or a broker at most. */
const TIMEOUT_MS = 30_000;

async function addressOf(broker: Running): Promise<string> {
  const [, address = ""] = await broker.printed(/^ready (\S+)\n$/);
  return address;
}

/** Resolves when a recording that is being written holds so many acknowledgements. */
async function acknowledged(folder: string, file: string, count: number): Promise<void> {
  using deadline = startDeadline(TIMEOUT_MS);
  const look = async (): Promise<void> => {
    const changes = watch(folder, { signal: deadline.signal });
    const has = (): boolean => {
      try {
        return readFileSync(file, "utf8").split('{"ack":').length > count;
      } catch {
        return false;
      }
    };
    if (has()) return;
    for await (const { filename } of changes) if (filename === basename(file) && has()) return;
  };
  await deadline.race(look(), () => `${count} acknowledgements in ${file}`);
}

/** What `ondash check` makes of a recording that was cut off: no good news, and nothing invented. */
async function expectNoVerdict(partial: string): Promise<void> {
  const { code, stdout, stderr } = await ondash(["check", partial, "--report", "json"]);
  // 2: it was cut off in the middle of a line.
  if (code === 2) {
    expect(stdout).toBe("");
    expect(stderr).toMatch(/killed\.jsonl\.partial:\d+: /);
    return;
  }
  const [run] = (JSON.parse(stdout) as JsonReport).runs;
  expect([code, run?.verdict, run?.violations]).toEqual([1, "inconclusive", []]);
}

describe("SIGKILL in the middle of ondash run", () => {
  it.each([
    ["chat.v1", 2],
    ["chat.v2", 5],
  ] as const)(
    "leaves a recording that says nothing false, and that goes on to the truth: %s",
    async (schema, count) => {
      await using broker = start(["broker"]);
      const brokers = await addressOf(broker);
      using folder = await folderWith();
      const partial = `${folder.file("killed.jsonl")}.partial`;
      const options = ["--schema", schema, "--speed", "1", "--create-topics", "--record", folder.file("killed.jsonl")];
      {
        await using running = start(["run", "sales-chart", ...options, "--brokers", brokers]);
        await acknowledged(folder.path, partial, count);
        running.child.kill("SIGKILL");
        expect(await running.ended).toMatchObject({ code: null, signal: "SIGKILL", stdout: "" });
      }
      await expectNoVerdict(partial);

      // The producer died with the checker: the turn is truncated, and nothing that was acknowledged is lost.
      const whole = folder.file("whole.jsonl");
      const going = ["record", "--continue", partial, "--brokers", brokers];
      expect(await ondash([...going, "--out", whole, "--producers-done"])).toMatchObject({
        code: 0,
        stdout: "",
        stderr: expect.stringMatching(
          /killed\.jsonl\.partial continued to the present ends: \d records? → .*whole\.jsonl\n$/,
        ),
      });
      const checked = await ondash(["check", whole, "--report", "json"]);
      const [run] = (JSON.parse(checked.stdout) as JsonReport).runs;
      const broken = run?.violations.map(({ rule, also }) => [rule, ...also]);
      expect([checked.code, run?.verdict, broken]).toEqual([
        1,
        "failed",
        schema === "chat.v1" ? [["ORD-04", "ORD-07"]] : [["ORD-07"]],
      ]);
      // What is to be continued is not written over, and what is whole is not continued.
      const same = await ondash([...going, "--out", folder.file("killed.jsonl")]);
      expect(same).toMatchObject({ code: 2, stderr: expect.stringContaining("would write over") });
      const ended = await ondash([
        "record",
        "--continue",
        whole,
        "--brokers",
        brokers,
        "--out",
        folder.file("more.jsonl"),
      ]);
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing is left to observe") });
      expect(existsSync(partial)).toBe(true);
    },
  );

  it("to the broker ends it without a verdict, with exit code 3", async () => {
    await using broker = start(["broker"]);
    using folder = await folderWith();
    const partial = `${folder.file("killed.jsonl")}.partial`;
    const options = ["--speed", "1", "--timeout", "3s", "--create-topics", "--record", folder.file("killed.jsonl")];
    await using running = start(["run", "sales-chart", ...options, "--brokers", await addressOf(broker)]);
    await acknowledged(folder.path, partial, 3);
    broker.child.kill("SIGKILL");
    expect(await running.ended).toMatchObject({ code: 3, stdout: "" });
    await expectNoVerdict(partial);
  });
});
