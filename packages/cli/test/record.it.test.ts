import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { folderWith, ondash, type Running, start } from "./support/ondash.ts";

async function startBroker(): Promise<{ readonly broker: Running; readonly address: string }> {
  const broker = start(["broker"]);
  const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
  return { broker, address };
}

describe("ondash record and replay", () => {
  it("records until SIGINT, which is its proper end; check judges the file, replay sends it, and it is the same there", async () => {
    using folder = await folderWith();
    const one = await startBroker();
    await using _ = one.broker;
    const traffic = folder.file("t.jsonl");
    expect(await ondash(["run", "text-only", "--brokers", one.address, "--create-topics"])).toMatchObject({ code: 0 });
    await using recording = start(["record", "--brokers", one.address, "--out", traffic, "--schema", "chat.v1"]);
    await recording.printed(/ondash: ready, recording ondash\.llm\.status, .*; Ctrl-C ends it/);
    for (const name of ["sales-chart", "sales-chart-tombstone"]) {
      expect(await ondash(["run", name, "--brokers", one.address])).toMatchObject({ code: 0 });
    }
    expect(existsSync(traffic)).toBe(false);
    recording.child.kill("SIGINT");
    expect(await recording.ended).toEqual({
      code: 0,
      signal: null,
      stdout: "",
      stderr: expect.stringContaining(`ondash: 14 records → ${traffic}\n`),
    });
    const checked = await ondash(["check", traffic]);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain("✗ failed: REC-01");

    const other = await startBroker();
    await using __ = other.broker;
    const replayed = await ondash(["replay", traffic, "--brokers", other.address, "--create-topics"]);
    expect(replayed.code).toBe(0);
    expect(replayed.stdout.trim().split("\n")).toHaveLength(14);
    expect(replayed.stdout).toMatch(/^ondash\.llm\.status\/(\d)@\d+ -> ondash\.llm\.status\/\1@0$/m);
    expect(replayed.stderr).toContain(`ondash: sent 14 records of ${traffic}\n`);
    const again = folder.file("again.jsonl");
    const options = ["--from", "beginning", "--until", "end", "--schema", "chat.v1"];
    expect(await ondash(["record", "--brokers", other.address, "--out", again, ...options])).toMatchObject({ code: 0 });
    expect(valuesOf(again)).toEqual(valuesOf(traffic));
  });

  it("writes a recorded turn as a scenario, which run accepts and finds as it was", async () => {
    using folder = await folderWith();
    const { broker, address } = await startBroker();
    await using _ = broker;
    expect(await ondash(["run", "multi-chart", "--brokers", address, "--create-topics"])).toMatchObject({ code: 0 });
    const file = folder.file("recorded-turn.yaml");
    const options = ["--out", file, "--as-scenario", "--from", "beginning"];
    const recorded = await ondash(["record", "--brokers", address, ...options]);
    expect(recorded).toMatchObject({ code: 0, stdout: "" });
    const ran = await ondash(["run", file]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("✓ passed, as expected");
    expect((await ondash(["scenarios", file])).stdout).toContain("recorded-turn");
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it("makes a scenario of a recording, without a broker", async () => {
    using folder = await folderWith();
    const traffic = folder.file("t.jsonl");
    expect(await ondash(["run", "multi-task", "--record", traffic])).toMatchObject({ code: 0 });
    const file = folder.file("made.yaml");
    const made = await ondash(["record", "--recording", traffic, "--as-scenario", "--out", file]);
    expect(made).toMatchObject({ code: 0, stdout: "", stderr: `ondash: a turn of ${traffic} → ${file}\n` });
    expect(await ondash(["run", file])).toMatchObject({ code: 0 });
    const other = ["--conversation-id", "nobody"];
    const none = await ondash(["record", "--recording", traffic, "--as-scenario", "--out", file, ...other]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no turn of conversation nobody") });
  });

  it("says that there is no turn: exit 2, and no file", async () => {
    using folder = await folderWith();
    const { broker, address } = await startBroker();
    await using _ = broker;
    expect(await ondash(["run", "text-only", "--brokers", address, "--create-topics"])).toMatchObject({ code: 0 });
    const file = folder.file("none.yaml");
    const none = ["--conversation-id", "nobody", "--from", "beginning", "--until", "end"];
    const { code, stderr } = await ondash(["record", "--brokers", address, "--out", file, "--as-scenario", ...none]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no turn of conversation nobody");
    expect(existsSync(file)).toBe(false);
  });

  it("needs brokers and topics that are there: exit 3", async () => {
    using folder = await folderWith({ "t.jsonl": '{"recording":"ondash/1","partitions":8}\n', "bad.jsonl": "{\n" });
    const out = ["--out", folder.file("x.jsonl")];
    expect(await ondash(["record", "--brokers", "127.0.0.1:1", ...out])).toMatchObject({ code: 3, stdout: "" });
    expect(await ondash(["replay", folder.file("t.jsonl"), "--brokers", "127.0.0.1:1"])).toMatchObject({ code: 3 });
    await using broker = start(["broker", "--no-auto-create"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    const { code, stderr } = await ondash(["record", "--brokers", address, ...out]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/topics ondash\.llm\.status, .* do not exist/);
    const bad = await ondash(["replay", folder.file("bad.jsonl"), "--brokers", address]);
    expect(bad).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/bad\.jsonl:1: /) });
  });
});

/** Keys and values by partition, in order. */
function valuesOf(file: string): Record<string, unknown[]> {
  const logs: Record<string, unknown[]> = {};
  for (const line of readFileSync(file, "utf8").trimEnd().split("\n")) {
    const { topic, partition, key, value } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (value !== undefined) (logs[`${String(topic)}/${String(partition)}`] ??= []).push([key, value]);
  }
  return logs;
}
