import { type PythonProducer, pythonEnvironment, pythonProducer } from "@ondash/schemas/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderWith, ondash, type Running, start } from "./support/ondash.ts";

const environment = await pythonEnvironment();
const title = environment.available ? "" : ` (left out: ${environment.reason})`;

describe.skipIf(!environment.available)(`ondash verify --trigger 'python …'${title}`, () => {
  let producer: PythonProducer;
  let broker: Running;
  let brokers: readonly string[];
  beforeAll(async () => {
    producer = await pythonProducer(1);
    broker = start(["broker"]);
    const [, address = ""] = await broker.printed(/^ready (\S+)$/m);
    brokers = ["--brokers", address, "--create-topics"];
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await producer[Symbol.asyncDispose]();
  });

  const verify = (...faults: readonly string[]) =>
    ondash(["verify", "--scenario", "sales-chart", ...brokers, "--trigger", producer.command(...faults)]);

  it("passes the producer that keeps the contract: exit 0", async () => {
    const { code, stdout, stderr } = await verify();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining("✓ passed, as expected  7 records · 1 turn"),
    });
    expect(stderr).toMatch(/^ondash: Kafka at .*\nondash: ready, watching .*\n$/);
  });

  it.each([
    ["forgets the chart", ["--forget-chart"], "GRM-02", 'text "Here is your sales chart" BEFORE ->'],
    ["forgets it and never ends", ["--forget-chart", "--hang-after", "6"], "GRM-02", "was still running and was ended"],
    ["sends the completion first", ["--completion-first", "--gap", "1"], "ORD-05", "7 completion TASK"],
    [
      "sends it first and never ends",
      ["--completion-first", "--gap", "1", "--hang-after", "3"],
      "ORD-05",
      "was still running and was ended",
    ],
    ["keys by message_id", ["--key-by-message"], "REC-04", "ondash: the trigger"],
    [
      "keys by message_id and never ends",
      ["--key-by-message", "--hang-after", "1"],
      "REC-04",
      "since the verdict was certain",
    ],
    ["dies half-way", ["--die-half-way"], "ORD-07", "died half-way, as told"],
  ])("fails one that %s: exit 1, the right rule, and what it wrote", async (_, faults, rule, said) => {
    const { code, stdout, stderr } = await verify(...faults);
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ failed: ${rule}, not as expected`);
    expect(stderr).toContain(said);
    expect(stdout).not.toContain("scanned");
  });

  it("judges the conversation that it was given, beside another producer", async () => {
    using folder = await folderWith();
    const traffic = folder.file("t.jsonl");
    const beside = `${producer.command("--conversation", "other", "--forget-chart")} >/dev/null & ${producer.command()}; wait`;
    const mine = ["--conversation-id", "conv_mine", "--record", traffic];
    const { code, stdout } = await ondash([
      "verify",
      "--scenario",
      "sales-chart",
      ...brokers,
      ...mine,
      "--trigger",
      beside,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("7 records · 1 turn") });
    expect(await ondash(["check", traffic])).toMatchObject({ code: 0 });
  });
});
