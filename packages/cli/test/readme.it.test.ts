import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScenario } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { folderWith, root, start } from "./support/ondash.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text = ""]) => ({
  language,
  text,
}));

/** Durations are what may differ from one run to the next; the columns behind them then differ, too. */
function stable(report: string): string {
  return report.replaceAll(/\d+(\.\d+)? (ms|s)$/gm, "TIME").trimEnd();
}

describe("README", () => {
  const sessions = blocks.filter(({ language }) => language === "console");
  it.each(sessions.map(({ text }) => text.split("\n")[0] ?? ""))("shows what this prints: %s", async (prompt) => {
    const shown = sessions.find(({ text }) => text.startsWith(`${prompt}\n`))?.text.slice(prompt.length + 1) ?? "";
    const { code, stdout } = await runPrompt(prompt.replace(/^\$ /, ""));
    expect(code).toBe(/^✗ /m.test(shown) ? 1 : 0);
    expect(stable(stdout)).toBe(stable(shown));
  });

  it("has scenarios that parse, the second on top of the first", () => {
    const files = new Map(
      blocks
        .filter(({ language, text }) => language === "yaml" && /^scenario: /m.test(text))
        .map(({ text }) => [`${/^scenario: (\S+)$/m.exec(text)?.[1]}.yaml`, text]),
    );
    const load = (path: string): string => files.get(path) ?? "";
    expect([...files.keys()]).toEqual(["quarterly-report.yaml", "quarterly-report-lost-chart.yaml"]);
    for (const [file, text] of files) expect(parseScenario(text, { file, load }).file).toBe(file);
  });

  it.each(["run", "verify", "record", "replay", "check"])("names only options that there are: %s", async (command) => {
    await using help = start([command, "--help"]);
    const { stdout } = await help.ended;
    // A command may go on in the next line; what a trigger runs is a command of its own.
    const lines = readme.replaceAll("\\\n", " ").matchAll(new RegExp(`ondash ${command} [^\\n#\`|]*`, "g"));
    const used = new Set([...lines].flatMap(([line]) => line.replace(/'.*/, "").match(/--[a-z-]+/g) ?? []));
    if (command !== "check") expect(used.size).toBeGreaterThan(1);
    for (const option of used) expect(stdout).toContain(option);
  });
});

/** Runs a command line as the README has it, with this repository's `ondash` for the one that pnpm would find. */
async function runPrompt(line: string): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const ondash = `exec '${process.execPath}' '${join(root, "packages/cli/bin/ondash.mjs")}'`;
  using tools = await folderWith({
    pnpm: `#!/bin/sh\nshift 2\n${ondash} "$@"\n`,
    npx: `#!/bin/sh\nshift 3\n${ondash} run "$@"\n`,
  });
  for (const name of ["pnpm", "npx"]) chmodSync(tools.file(name), 0o755);
  const child = spawn("/bin/sh", ["-c", line], {
    cwd: root,
    env: { ...process.env, PATH: `${tools.path}:${process.env["PATH"] ?? ""}`, KAFKA_BROKERS: "", ONDASH_BROKER: "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout };
}
