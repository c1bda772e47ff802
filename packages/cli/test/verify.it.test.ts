import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@ondash/report";
import { describe, expect, it } from "vitest";
import { folderWith, ondash, root, start } from "./support/ondash.ts";

/** A producer that is at hand everywhere: `ondash run` on the brokers of its environment. */
const producer = (scenario: string): string =>
  `'${process.execPath}' '${join(root, "packages/cli/bin/ondash.mjs")}' run ${scenario} --brokers "$ONDASH_BROKERS"`;

describe("ondash verify", () => {
  it("gives the trigger a broker where none is named, and passes what keeps the contract: exit 0", async () => {
    const { code, stdout, stderr } = await ondash([
      "verify",
      "--scenario",
      "sales-chart",
      "--trigger",
      producer("sales-chart"),
    ]);
    expect({ code, stdout: stdout.includes("✓ passed, as expected") }).toEqual({ code: 0, stdout: true });
    expect(stderr).toMatch(
      /^ondash: embedded Kafka at 127\.0\.0\.1:\d+ \(no brokers are given\)\nondash: ready, watching ondash\.llm\.status, .*; trigger: .*\n$/,
    );
  });

  it("fails what breaks it, with what the trigger wrote: exit 1", async () => {
    const trigger = `${producer("sales-chart-no-chart")} | sed 's/^/said: /'`;
    const { code, stdout, stderr } = await ondash(["verify", "--scenario", "sales-chart", "--trigger", trigger]);
    expect(code).toBe(1);
    expect(stdout).toContain("✗ failed: GRM-02, not as expected");
    expect(stdout).toContain("ondash verify --scenario scenarios/sales-chart.yaml --trigger");
    expect(stderr).toMatch(/ondash: the trigger (ended with exit code 0|was still running and was ended)/);
  });

  it("counts a trigger that fails, whatever it sent: exit 1", async () => {
    const trigger = `${producer("sales-chart")} >/dev/null; echo gone wrong >&2; exit 4`;
    const { code, stdout, stderr } = await ondash(["verify", "--scenario", "sales-chart", "--trigger", trigger]);
    expect(code).toBe(1);
    expect(stdout).toContain("✗ passed, not as expected");
    expect(stdout).toContain("the trigger ended with exit code 4");
    expect(stderr).toMatch(/ondash: the trigger ended with exit code 4; it wrote\n {2}\| .*\n {2}\| gone wrong\n$/s);
  });

  it("waits for a turn where there is no trigger, and records what check then judges alike", async () => {
    using folder = await folderWith();
    await using broker = start(["broker"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    const traffic = folder.file("t.jsonl");
    const options = ["--brokers", address, "--create-topics", "--record", traffic, "--report", "json"];
    await using verifying = start(["verify", "--scenario", "sales-chart", ...options]);
    await verifying.printed(/ondash: ready, .*; waiting for a turn/);
    expect(existsSync(traffic)).toBe(false);
    expect(await ondash(["run", "sales-chart", "--brokers", address])).toMatchObject({ code: 0 });
    const { code, stdout } = await verifying.ended;
    expect(code).toBe(0);
    const [live] = (JSON.parse(stdout) as JsonReport).runs;
    expect(live).toMatchObject({ verdict: "passed", expectation: "met", broker: "external", scenario: "sales-chart" });
    const checked = await ondash(["check", traffic, "--report", "json"]);
    const [again] = (JSON.parse(checked.stdout) as JsonReport).runs;
    expect([again?.verdict, again?.rules, again?.counts]).toEqual([live?.verdict, live?.rules, live?.counts]);
  });

  it("does not run the trigger when the topics alone break the contract: exit 1", async () => {
    const topics = ["status", "text", "chart", "error", "complete"].map((kind) => `ondash.llm.${kind}`);
    const start_ = Object.fromEntries(topics.map((topic) => [topic, [0, 0, 0, 0, 0, 0]]));
    const record = { topic: topics[0], partition: 0, offset: 0, timestamp: -1, key: "k", headers: [], value: "" };
    using folder = await folderWith({
      "six.jsonl": `${JSON.stringify({ recording: "ondash/1", partitions: 6, start: start_ })}\n${JSON.stringify(record)}\n`,
    });
    await using broker = start(["broker"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    // Makes the topics as they were recorded: with six partitions, which is no power of two.
    const made = await ondash(["replay", folder.file("six.jsonl"), "--brokers", address, "--create-topics"]);
    expect(made).toMatchObject({ code: 0 });
    const verify = ["verify", "--scenario", "text-only", "--brokers", address, "--trigger", "echo I was run >&2"];
    const { code, stdout, stderr } = await ondash(verify);
    expect(code).toBe(1);
    expect(stdout).toContain("✗ failed: KAF-01");
    expect(stderr).toContain("ondash: the trigger was not run, since the verdict was certain before\n");
    expect(stderr).not.toContain("| I was run");
  });

  it("explains that nothing came: exit 1", async () => {
    await using broker = start(["broker"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    const options = ["--brokers", address, "--create-topics", "--timeout", "1500ms"];
    const { code, stdout, stderr } = await ondash([
      "verify",
      "--scenario",
      "text-only",
      "--trigger",
      "echo nothing",
      ...options,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("inconclusive, not as expected");
    expect(stdout).toMatch(/after 1\.5 s: scanned 0 records, 0 of all\s+conversations; missing/);
    expect(stderr).toContain("ondash: the trigger ended with exit code 0; it wrote\n  | nothing\n");
  });

  it("needs brokers that answer, topics that exist, and a command that can be started: exit 3", async () => {
    const verify = ["verify", "--scenario", "sales-chart"];
    expect(await ondash([...verify, "--brokers", "127.0.0.1:1"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("connection refused"),
    });
    await using broker = start(["broker", "--no-auto-create"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    expect(await ondash([...verify, "--brokers", address])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/topics .* do not exist.*--create-topics/),
    });
    expect(await ondash([...verify, "--trigger", "no-such-command"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/the trigger can't be started.*no-such-command/),
    });
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("on %s ends the trigger with all its children, and leaves no report", async (signal, expected) => {
    using folder = await folderWith();
    const trigger = `sleep 600 & echo $! > ${folder.file("child")}; echo $$ > ${folder.file("shell")}; wait`;
    await using verifying = start(["verify", "--scenario", "sales-chart", "--trigger", trigger]);
    await verifying.printed(/ondash: ready/);
    for (const name of ["child", "shell"]) await written(folder.file(name));
    verifying.child.kill(signal);
    const { code, stdout, stderr } = await verifying.ended;
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toContain(`ondash: ended by ${signal}`);
    for (const name of ["child", "shell"]) expect(isRunning(pidIn(folder.file(name)))).toBe(false);
  });

  it("on a second SIGINT, too", async () => {
    using folder = await folderWith();
    const trigger = `trap '' TERM; echo $$ > ${folder.file("shell")}; while :; do sleep 600; done`;
    await using verifying = start(["verify", "--scenario", "sales-chart", "--trigger", trigger]);
    await written(folder.file("shell"));
    verifying.child.kill("SIGINT");
    verifying.child.kill("SIGINT");
    expect((await verifying.ended).code).toBe(130);
    const pid = pidIn(folder.file("shell"));
    // Whoever is left to reap it may do so a moment later.
    while (isRunning(pid)) await new Promise<void>((resolve) => setImmediate(resolve));
  });
});

/** Resolves when a file is there and has a line. */
async function written(file: string): Promise<void> {
  while (!existsSync(file) || !readFileSync(file, "utf8").endsWith("\n")) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

const pidIn = (file: string): number => Number(readFileSync(file, "utf8"));

/** Whether a process is there, and not just waiting for its parent to hear of its end. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, "utf8"));
}
