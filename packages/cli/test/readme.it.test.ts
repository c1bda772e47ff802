import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScenario } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { root, start } from "./support/ondash.ts";

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
    const scenario = /^\$ npx -y pnpm@12 scenario (\S+)$/.exec(prompt)?.[1];
    if (scenario === undefined) throw new Error(`not a command that this test knows: ${prompt}`);
    await using run = start(["run", scenario]);
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
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

  it("names only options that there are", async () => {
    await using help = start(["run", "--help"]);
    const { stdout } = await help.ended;
    const used = new Set(
      [...readme.matchAll(/ondash run [^\n#]*/g)].flatMap(([line]) => line.match(/--[a-z-]+/g) ?? []),
    );
    expect(used.size).toBeGreaterThan(4);
    for (const option of used) expect(stdout).toContain(option);
  });
});
