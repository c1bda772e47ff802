import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..");
const readme = await readFile(join(folder, "README.md"), "utf8");

/** Runs a program as if it stood in this package; gives what it prints. */
async function run(program: string): Promise<string> {
  const running = promisify(execFile)(process.execPath, ["--input-type=module-typescript", "--eval", program], {
    cwd: folder,
    timeout: 30_000,
  });
  const { stdout, stderr } = await running;
  expect(stderr).toBe("");
  return stdout;
}

describe("README.md", () => {
  const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```\n([\s\S]*?)```)?/g)];

  it("has programs", () => {
    expect(programs).toHaveLength(2);
  });

  it.each(programs.map(([, program = "", output = ""], index) => [index + 1, program, output] as const))(
    "program %i runs, ends by itself, and prints what it says",
    async (_index, program, output) => {
      expect(await run(program)).toBe(output);
    },
  );

  it("names every option and every fault", async () => {
    const sources = await Promise.all(
      ["scenario-source.ts", "handlers.ts"].map((file) => readFile(join(folder, "src", file), "utf8")),
    );
    const options = sources.flatMap((source) =>
      [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name = ""]) => name),
    );
    expect(options.length).toBeGreaterThan(8);
    for (const option of options) expect(readme).toContain(`| \`${option}\` |`);
    const faults = await readFile(join(folder, "src/faults.ts"), "utf8");
    const kinds = new Set([...faults.matchAll(/readonly do: "(\w+)"/g)].map(([, kind = ""]) => kind));
    expect(kinds.size).toBe(7);
    for (const kind of kinds) expect(readme).toContain(`{ do: "${kind}"`);
  });
});
