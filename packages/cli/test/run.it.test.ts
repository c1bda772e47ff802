import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { createServer } from "node:net";
import { startDeadline } from "@ondash/core";
import type { JsonReport } from "@ondash/report";
import { describe, expect, it } from "vitest";
import { folderWith, ondash, start } from "./support/ondash.ts";

/** sha256 over the values of a recording's records, in the order of the file. */
function valuesOf(recording: string): string {
  const hash = createHash("sha256");
  const lines = readFileSync(recording, "utf8").trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as { value?: string; topic?: string; partition?: number });
  const values = records.filter(({ value }) => value !== undefined);
  expect(values.length).toBeGreaterThan(4);
  // Topics have no order between them: the order of observation may differ, that in each partition may not.
  for (const { topic, partition, value } of values.toSorted((a, b) => String(a.topic).localeCompare(String(b.topic)))) {
    hash.update(`${topic}/${partition} ${value}\n`);
  }
  return hash.digest("hex");
}

describe("ondash run", () => {
  it("runs the sales chart on the embedded broker: report on stdout, the broker and why on stderr, exit 0", async () => {
    const { code, stdout, stderr } = await ondash(["run", "sales-chart"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^ondash: embedded Kafka at 127\.0\.0\.1:\d+ \(no brokers are given\)\n$/);
    expect(stdout).toContain("✓ passed, as expected");
    expect(stdout).toContain("ORD-04 held by ledger");
    expect(stdout).not.toContain("\u001b");
  });

  it("ends with 0 when a bad scenario failed as expected, and with 1 when the expectation was not met", async () => {
    using folder = await folderWith({
      "base.yaml":
        "scenario: base\ntask: { id: t }\nsteps: [{ status: Hello }, { text: { position: STANDALONE, body: Hi } }, { completion: { type: TASK } }]\n",
      "lost.yaml": "scenario: lost\nextends: base\nfaults: [{ at: 2, do: drop }]\nexpect: { verdict: passed }\n",
      "found.yaml": "scenario: found\nextends: base\nexpect: { verdict: failed, violations: [ORD-04] }\n",
    });
    expect(await ondash(["run", "sales-chart-lost-chart"])).toMatchObject({ code: 0 });
    const lost = await ondash(["run", "./lost.yaml"], { cwd: folder.path });
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain("lost.yaml:4: expected verdict passed, but it is failed");
    const found = await ondash(["run", "found.yaml"], { cwd: folder.path });
    expect(found.code).toBe(1);
    expect(found.stdout).toContain("found.yaml:3: expected violations [ORD-04], but it is none");
  });

  it("writes each report to its place", async () => {
    using folder = await folderWith();
    const { code, stdout } = await ondash([
      "run",
      "sales-chart",
      "sales-chart-lost-chart",
      "--report",
      "json",
      "--report",
      `terminal=${folder.file("r.txt")}`,
    ]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as JsonReport;
    expect(report.runs.map(({ scenario, verdict, expectation }) => [scenario, verdict, expectation])).toEqual([
      ["sales-chart", "passed", "met"],
      ["sales-chart-lost-chart", "failed", "met"],
    ]);
    expect(report.runs[0]).toMatchObject({ broker: "embedded", seed: 42, file: "scenarios/sales-chart.yaml" });
    expect(readFileSync(folder.file("r.txt"), "utf8")).toContain("2 scenarios: all as expected");
  });

  it("gives each scenario the settings that it has parameters for", async () => {
    using folder = await folderWith();
    const args = [
      "run",
      "sales-chart",
      "--set",
      "region=ラテン",
      "--record",
      folder.file("r.jsonl"),
      "--report",
      "json",
    ];
    expect(await ondash(args)).toMatchObject({ code: 0 });
    const recorded = readFileSync(folder.file("r.jsonl"), "utf8");
    const values = [...recorded.matchAll(/"value":"([^"]+)"/g)].map(([, value]) => Buffer.from(value ?? "", "base64"));
    expect(Buffer.concat(values).toString()).toContain("Sales ラテン");
    const both = await ondash(["run", "sales-chart", "text-only", "--set", "region=X", "--report", "json"]);
    expect(both.code).toBe(0);
  });

  it("records what check judges alike, and replays a violation with it", async () => {
    using folder = await folderWith();
    const file = folder.file("lost chart.jsonl");
    const live = await ondash(["run", "sales-chart-lost-chart", "--record", file, "--report", "json"]);
    expect(live.code).toBe(0);
    expect(existsSync(`${file}.partial`)).toBe(false);
    const checked = await ondash(["check", file, "--report", "json"]);
    expect(checked).toMatchObject({ code: 1, stderr: "" });
    const [before] = (JSON.parse(live.stdout) as JsonReport).runs;
    const [after] = (JSON.parse(checked.stdout) as JsonReport).runs;
    expect(after).toMatchObject({ scenario: null, broker: null, seed: null, expectation: null, file });
    expect(after?.rules).toEqual(before?.rules);
    expect(after?.violations).toEqual(before?.violations);
    expect(after?.violations[0]?.replay).toBe(`ondash check '${file}'`);
  });

  it("emits the same bytes in every time zone and language", async () => {
    using folder = await folderWith();
    const places = [
      { TZ: "Pacific/Kiritimati", LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8" },
      { TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" },
    ];
    const hashes: string[] = [];
    for (const [index, env] of places.entries()) {
      for (const name of ["sales-chart", "unicode"]) {
        const file = folder.file(`${name}-${index}.jsonl`);
        expect(await ondash(["run", name, "--record", file, "--report", "json"], { env })).toMatchObject({ code: 0 });
        hashes.push(valuesOf(file));
      }
    }
    expect(hashes.slice(2)).toEqual(hashes.slice(0, 2));
    const other = folder.file("other.jsonl");
    await ondash(["run", "sales-chart", "--seed", "43", "--record", other]);
    expect(valuesOf(other)).not.toBe(hashes[0]);
  });

  it("survives a reader that goes away", async () => {
    const running = start(["run", "sales-chart", "text-only", "multi-task"]);
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });
});

describe("the process", () => {
  it("ends with the code of wrong usage, its reason on stderr", async () => {
    const wrong = await ondash(["run", "--frobnicate"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("unknown option") });
    expect(await ondash([])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Usage: ondash") });
    expect(await ondash(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d/), stderr: "" });
  });

  it("shows the stack of an error only when asked to", async () => {
    const args = ["run", "sales-chart", "--brokers", "127.0.0.1:1"];
    expect((await ondash(args)).stderr).not.toMatch(/^ +at /m);
    expect((await ondash(args, { env: { ONDASH_DEBUG: "1" } })).stderr).toMatch(/^ +at /m);
  });
});

describe("ondash run without its infrastructure ends with exit code 3", () => {
  it("names a broker that nobody listens at", async () => {
    const { code, stdout, stderr } = await ondash(["run", "sales-chart", "--brokers", "127.0.0.1:1"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("nothing accepts connections at 127.0.0.1:1");
  });

  it("says what was missing when a broker accepts and never answers, within the deadline", async () => {
    const sockets: { destroy(): void }[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const started = performance.now();
    const { code, stdout, stderr } = await ondash(["run", "sales-chart", "--timeout", "1500ms"], {
      env: { KAFKA_BROKERS: `127.0.0.1:${port}` },
    });
    expect(performance.now() - started).toBeLessThan(6_000);
    for (const socket of sockets) socket.destroy();
    server.close();
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^ondash: after 1\.\d+ s, still missing: /m);
    expect(stderr).toContain(`answer at 127.0.0.1:${port}`);
  });

  it("says how to get the topics that an external broker lacks", async () => {
    await using broker = start(["broker", "--no-auto-create"]);
    const brokers = await addressOf(broker);
    const missing = await ondash(["run", "sales-chart", "--brokers", brokers]);
    expect(missing).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("--create-topics") });
    const created = await ondash(["run", "sales-chart", "--brokers", brokers, "--create-topics"]);
    expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining("(--brokers is given)") });
    broker.child.kill("SIGTERM");
    expect(await broker.ended).toMatchObject({ code: 0 });
  });

  it("says that the broker was lost when it is killed in the middle of a run", async () => {
    await using broker = start(["broker"]);
    using folder = await folderWith();
    const file = folder.file("lost.jsonl");
    const options = ["--speed", "1", "--timeout", "10s", "--create-topics", "--record", file];
    await using running = start(["run", "sales-chart", ...options, "--brokers", await addressOf(broker)]);
    await fileHas(folder.path, `${file}.partial`, /"ack":/);
    const started = performance.now();
    broker.child.kill("SIGKILL");
    const { code, stdout, stderr } = await running.ended;
    // The deadline, and the scenario's own time.
    expect(performance.now() - started).toBeLessThan(12_000);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.split("\n")[1]).toMatch(/^ondash: .*127\.0\.0\.1:\d+/);
    expect(stderr).not.toMatch(/\bat .*\.ts:\d+/);
  });

  it("says so when a port is taken", async () => {
    await using broker = start(["broker"]);
    const [, port = ""] = (await addressOf(broker)).split(":");
    const second = await ondash(["broker", "--port", port]);
    expect(second).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining(port) });
  });
});

describe("ondash broker", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("prints its nodes once and ends with 0 at %s", async (signal) => {
    await using broker = start(["broker", "--nodes", "3", "--partitions", "4"]);
    await broker.printed(/^ready (127\.0\.0\.1:\d+,){2}127\.0\.0\.1:\d+\n$/);
    broker.child.kill(signal);
    expect(await broker.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  });
});

describe("Ctrl-C", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends a run with the signal's code and keeps what was recorded (%s)", async (signal, code) => {
    using folder = await folderWith();
    const file = folder.file("cut.jsonl");
    await using running = start(["run", "slow-model", "--speed", "0.01", "--record", file]);
    await running.printed(/no brokers are given/);
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended).toMatchObject({ code, signal: null, stdout: "" });
    expect(ended.stderr).toContain(`ended by ${signal}`);
    expect(existsSync(file)).toBe(false);
  });

  it("ends at once the second time", async () => {
    await using running = start(["run", "slow-model", "--speed", "0.001"]);
    await running.printed(/no brokers are given/);
    running.child.kill("SIGINT");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
  });
});

describe("ondash check", () => {
  it("names file and line of what is no recording, and prints nothing on stdout, even beside a good one", async () => {
    using folder = await folderWith();
    const good = folder.file("good.jsonl");
    expect(await ondash(["run", "sales-chart", "--record", good])).toMatchObject({ code: 0 });
    const lines = readFileSync(good, "utf8").split("\n");
    writeFileSync(folder.file("bad.jsonl"), [...lines.slice(0, 3), "{]", ...lines.slice(3)].join("\n"));
    const { code, stdout, stderr } = await ondash(["check", "good.jsonl", "bad.jsonl"], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^bad\.jsonl:4: /);
  });

  it("reports recordings in the order given, inconclusive ones with their reason and exit code 1", async () => {
    using folder = await folderWith();
    const good = folder.file("good.jsonl");
    await ondash(["run", "sales-chart", "--record", good]);
    const lines = readFileSync(good, "utf8").trimEnd().split("\n");
    writeFileSync(folder.file("cut.jsonl"), `${lines.slice(0, -1).join("\n")}\n`);
    expect(await ondash(["check", good])).toMatchObject({ code: 0, stderr: "" });
    const both = await ondash(["check", "cut.jsonl", "good.jsonl", "--report", "json"], { cwd: folder.path });
    expect(both.code).toBe(1);
    const { runs } = JSON.parse(both.stdout) as JsonReport;
    expect(runs.map(({ file, verdict }) => [file, verdict])).toEqual([
      ["cut.jsonl", "inconclusive"],
      ["good.jsonl", "passed"],
    ]);
  });
});

/** Where a broker listens, once it does. */
async function addressOf(broker: ReturnType<typeof start>): Promise<string> {
  const [, address = ""] = await broker.printed(/^ready (\S+)\n/);
  return address;
}

/** Resolves when a file has come to match. */
async function fileHas(folder: string, file: string, pattern: RegExp): Promise<void> {
  const matches = (): boolean => existsSync(file) && pattern.test(readFileSync(file, "utf8"));
  using deadline = startDeadline(20_000);
  const waiting = async (): Promise<void> => {
    const changes = watch(folder, { signal: deadline.signal });
    if (matches()) return;
    for await (const _ of changes) if (matches()) return;
  };
  await deadline.race(waiting(), () => `${String(pattern)} in ${file}`);
}
