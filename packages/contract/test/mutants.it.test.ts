import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readResults, stillKnown } from "../stryker/known.ts";
import type { MutantResult, MutantStatus, PlannedMutant } from "../stryker/result.ts";
import { createWorkspace, type Workspace } from "../stryker/workspace.ts";

const planned = (place: number, source = "abc", file = "packages/contract/src/event.ts"): PlannedMutant => ({
  id: String(place + 7),
  file,
  source,
  place,
  line: 1,
  mutator: "BlockStatement",
  replacement: "{}",
});
const tried = (mutant: PlannedMutant, status: MutantStatus, state = "now"): MutantResult => ({
  ...mutant,
  id: `${mutant.id}0`,
  status,
  state,
});

describe("what is known of mutants", () => {
  const all = [0, 1, 2, 3].map((place) => planned(place));
  const [a, b, c, d] = all as [PlannedMutant, PlannedMutant, PlannedMutant, PlannedMutant];

  it("holds in the same state, by the numbers that they have now", () => {
    const earlier = [tried(a, "killed"), tried(b, "survived"), tried(c, "killed", "then"), tried(d, "static", "then")];
    expect(stillKnown(all, earlier, "now", false)).toEqual([
      { ...a, status: "killed", state: "now" },
      { ...b, status: "survived", state: "now" },
    ]);
  });

  it("is kept where they were found in the same file, if that is asked for", () => {
    const earlier = [
      tried(a, "killed", "then"),
      tried(b, "timeout", "then"),
      tried(c, "survived", "then"),
      tried(d, "no coverage", "then"),
    ];
    expect(stillKnown(all, earlier, "now", true).map(({ place }) => place)).toEqual([0, 1]);
    expect(stillKnown([planned(0, "abd"), planned(1, "abc", "other.ts")], earlier, "now", true)).toEqual([]);
  });
});

describe("pnpm mutants", { timeout: 300_000 }, () => {
  let folder: string;
  let out: string;
  /** Whoever works on the sources meanwhile does not disturb. */
  let still: Workspace;

  beforeEach(() => {
    still = createWorkspace();
    folder = mkdtempSync(join(tmpdir(), "ondash-test-mutants-"));
    out = join(folder, "results.jsonl");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    still[Symbol.dispose]();
  });

  /** Runs it on one small file; `interrupt` is sent as soon as it has said how many mutants there are. */
  async function mutants(interrupt?: NodeJS.Signals): Promise<{ says: string; code: number | null; left: string[] }> {
    const temporary = mkdtempSync(join(folder, "tmp-"));
    const runner = join(still.root, "packages/contract/stryker/run.ts");
    const child = spawn(
      process.execPath,
      [runner, "--only", "^log/logs\\.ts$", "--tests", "^src/log/logs\\.", "--jobs", "1", "--out", out],
      { env: { PATH: process.env["PATH"], NO_COLOR: "1", TMPDIR: temporary }, stdio: ["ignore", "pipe", "inherit"] },
    );
    if (interrupt !== undefined) child.stdout.once("data", () => child.kill(interrupt));
    const [says, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
    return { says, code, left: readdirSync(temporary) };
  }

  it("ends loops that a mutant made endless, goes on where it was interrupted, says what it knows then, and leaves nothing behind", async () => {
    const whole = await mutants();
    const all = readResults(out).length;
    expect(all).toBeGreaterThan(30);
    expect(readResults(out).filter(({ status }) => status === "timeout").length).toBeGreaterThan(1);
    expect(whole).toMatchObject({ says: expect.stringMatching(`^${all} mutants\n`) as unknown, code: 0, left: [] });
    const table = whole.says.slice(whole.says.indexOf("\nfile "));
    expect(table).toMatch(/^all +\d.*\d$/m);

    const lines = readFileSync(out, "utf8").split("\n");
    const half = lines.slice(0, 21).join("\n").slice(0, -9);
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const) {
      writeFileSync(out, half);
      const stopped = await mutants(signal);
      expect(stopped).toMatchObject({
        says: expect.stringMatching(
          `^${all} mutants, 20 known\n[^]*interrupted, with 20 of ${all} mutants tried\nfile [^]*\nall +20 `,
        ) as unknown,
        code,
        left: [],
      });
      expect(readResults(out)).toHaveLength(20);
    }

    const rest = await mutants();
    expect(rest).toMatchObject({ says: expect.stringMatching(`^${all} mutants, 20 known\n`) as unknown, code: 0 });
    expect(rest.says.slice(rest.says.indexOf("\nfile "))).toBe(table);
  });
});
