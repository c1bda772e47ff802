import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Judgement, Violation } from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import { checkRecording, openRecorder } from "@ondash/harness";
import { isScenarioError, type PlanSchema, parseScenario, type Scenario } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { root, scenario, scenarioNames, startKafka, temporaryFolder } from "./support/kafka.ts";

/** How many runs are recorded and checked. */
const RUNS = Number(process.env["ONDASH_RECORDED_RUNS"] ?? 80);
/** Where the seeds start; a failure names the one it had. */
const SEED = Number(process.env["ONDASH_FUZZ_SEED"] ?? 1);

/** These take long because they are large. */
const LARGE: ReadonlySet<string> = new Set(["big-chart", "long-stream"]);
const names: readonly string[] = scenarioNames().filter((name) => !LARGE.has(name));
const schemas: readonly PlanSchema[] = ["chat.v1", "chat.v2", "both"];
/** What may be done to a step: faults as a scenario has them, without the step. */
const faults: readonly string[] = [
  "do: drop",
  "do: duplicate",
  "do: duplicate, same_id: false",
  "do: late",
  "do: tombstone",
  "do: corrupt, how: truncate_bytes, bytes: 5",
  "do: corrupt, how: flip_bit, byte: 3, bit: 2",
  "do: corrupt, how: confluent_prefix",
  "do: corrupt, how: wrong_wire_type",
  "do: set, path: message_id, value: another",
  'do: set, path: event_id, value: ""',
  "do: set, path: timestamp, value: null",
  "do: header, name: traceparent, value: v",
  "do: header, name: ce_id, value: null",
  "do: key, value: other",
  "do: key, value: null",
  "do: partition, value: 3",
  "do: topic, value: error",
];
/** Bases of scenarios that get faults of their own. */
const bases: readonly string[] = ["sales-chart", "multi-task", "multi-chart", "partial-failure", "text-only"];

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.int(0, items.length - 1)] as T;
}

/** A shipped scenario, or one of them with faults. */
function draw(random: Random): { readonly wanted: Scenario; readonly told: string } {
  if (random.int(0, 2) === 0) {
    const name = pick(random, names);
    return { wanted: scenario(name), told: name };
  }
  const list = Array.from({ length: random.int(1, 3) }, () => `{ at: ${random.int(1, 6)}, ${pick(random, faults)} }`);
  if (random.int(0, 4) === 0) list.push(`{ after: ${random.int(1, 6)}, do: stop }`);
  const text = `scenario: drawn\nextends: ${pick(random, bases)}\nfaults: [${list.join(", ")}]\n`;
  const load = (path: string): string => readFileSync(join(root, "scenarios", path), "utf8");
  try {
    return { wanted: parseScenario(text, { file: "drawn.yaml", load }), told: text };
  } catch (error) {
    // Not every fault fits every step.
    if (isScenarioError(error)) return draw(random);
    throw error;
  }
}

/** A judgement without what only a live run knows: where in the scenario, and the command that runs it again. */
function essence({ verdict, reasons, schema, counts, rules, violations, warnings, turns }: Judgement): unknown {
  const bare = (violation: Violation): unknown => ({ ...violation, location: undefined, replay: undefined });
  return {
    verdict,
    reasons,
    schema,
    counts,
    rules,
    turns,
    violations: violations.map(bare),
    warnings: warnings.map(bare),
  };
}

describe("a recording of any live run", { timeout: 300_000 }, () => {
  it("gives, checked offline, what the live run gave, whatever was sent", async () => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const verdicts = new Map<string, number>();
    for (let seed = SEED; seed < SEED + RUNS; seed++) {
      const random = createRandom(seed);
      const { wanted, told } = draw(random);
      const schema = pick(random, schemas);
      const file = join(folder.path, `${seed}.jsonl`);
      using recorder = openRecorder(file);
      const options = { schema, seed: random.int(0, 1_000_000), salt: `run ${seed}`, recorder, timeline: false };
      let live: Judgement;
      try {
        live = await kafka.run(wanted, options);
      } catch (error) {
        // A fault may fit no event of the other version.
        if (isScenarioError(error)) continue;
        throw error;
      }
      const what = `seed ${seed}, ${schema}: ${told}`;
      expect(essence(await checkRecording(file)), what).toEqual(essence(live));
      verdicts.set(live.verdict, (verdicts.get(live.verdict) ?? 0) + 1);
    }
    expect(verdicts.get("passed")).toBeGreaterThan(RUNS / 20);
    expect(verdicts.get("failed")).toBeGreaterThan(RUNS / 20);
  });
});
