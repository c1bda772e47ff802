import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { type Plan, parseScenario, plan, type Scenario } from "@ondash/scenario";
import { decodeEnvelope, partitionOf, schemaOf } from "@ondash/schemas";
import { describe, expect, it } from "vitest";

const GOLDEN = "7aba0d42fb408f704eb803551c6193734a8493d3e832b3cb6812a8a980aaf156";
const directory = fileURLToPath(new URL("../../../scenarios/", import.meta.url));
const files = globSync("*.yaml", { cwd: directory }).toSorted();

function load(file: string): Scenario {
  const read = (path: string): string => readFileSync(directory + path, "utf8");
  return parseScenario(read(file), { file, load: read });
}

const digest = (from: Plan): string => {
  const hash = createHash("sha256");
  for (const { record } of from.sends) hash.update(record.value ?? "null");
  return hash.digest("hex");
};

describe.each(files)("%s", (file) => {
  it("names its schema for editors in the first line, and has a title that says what it is for", () => {
    const text = readFileSync(directory + file, "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./scenario.schema.json");
    const { name, title, prompt } = load(file);
    expect(name).toBe(basename(file, ".yaml"));
    expect(title).toMatch(/\S/);
    expect(prompt ?? "inherited").toMatch(/\S/);
  });

  it.each(["chat.v1", "chat.v2"] as const)("plans sound records of %s", (version) => {
    const schema = schemaOf(version);
    const { events, conversationId } = plan(load(file), { schema: version });
    for (const { record, eventId, kind } of events) {
      const decoding = decodeEnvelope(schema, record.value);
      if (!decoding.ok) throw new Error(decoding.failure.detail);
      expect(decoding).toMatchObject({
        unknownFields: false,
        envelope: { eventId, conversationId, event: { case: kind } },
      });
      expect(record.topic).toBe(schema.topics[kind]);
      expect(record.key).toEqual(new TextEncoder().encode(conversationId));
      expect(record.partition).toBe(partitionOf(record.key ?? new Uint8Array(0), 8));
    }
  });
});

describe("the faults of a shipped scenario", () => {
  const faulty = files.filter((file) => readFileSync(directory + file, "utf8").includes("\nfaults:"));
  // Its title says so: across topics there is no order to change.
  const idle = "sales-chart-swap-across-topics.yaml";

  it.each(faulty.filter((file) => file !== idle))("of %s strike whatever the seed and the salt are", (file) => {
    const scenario = load(file);
    for (let seed = 0; seed < 100; seed++) {
      const { events, sends } = plan(scenario, { seed, salt: `run ${seed}` });
      const untouched = sends.filter(({ event, record, at, held }) => {
        const planned = events[event - 1];
        return planned?.at === at && !held && isDeepStrictEqual(planned.record, record);
      });
      const asPlanned = sends.length === events.length && untouched.length === sends.length;
      expect(asPlanned && sends.every(({ event }, index) => event === index + 1)).toBe(false);
    }
  });

  it("leave everything as it is across topics", () => {
    const { events, sends } = plan(load(idle));
    expect(sends.map(({ record }) => record)).toEqual(events.map(({ record }) => record));
  });
});

describe("sales-chart", () => {
  it("is the flow of the schema documents", () => {
    const { events } = plan(load("sales-chart.yaml"));
    expect(events.map(({ kind, taskId }) => `${kind} ${taskId}`)).toEqual([
      "status ",
      "status task_1",
      "status task_1",
      "text task_1",
      "chart task_1",
      "text task_1",
      "completion task_1",
    ]);
  });

  it("has the same bytes on every machine", () => {
    expect(digest(plan(load("sales-chart.yaml")))).toBe(GOLDEN);
  });

  it.each([
    ["UTC", "C"],
    ["Asia/Kathmandu", "tr_TR.UTF-8"],
    ["America/St_Johns", "ar_EG.UTF-8"],
  ])("has the same bytes in a process with TZ %s and LANG %s", (TZ, LANG) => {
    const script = `
      import { createHash } from "node:crypto";
      import { readFileSync } from "node:fs";
      import { parseScenario, plan } from "@ondash/scenario";
      const hash = createHash("sha256");
      const scenario = parseScenario(readFileSync(process.argv[1] + "sales-chart.yaml", "utf8"), { file: "sales-chart.yaml" });
      for (const { record } of plan(scenario).sends) hash.update(record.value);
      process.stdout.write(hash.digest("hex"));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script, directory], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, TZ, LANG, LC_ALL: LANG },
      encoding: "utf8",
    });
    expect(output).toBe(GOLDEN);
  });
});
