import { findScenarios, loadScenario } from "@ondash/harness";
import type { Environment } from "../environment.ts";
import { ExitCode } from "../exit-code.ts";
import { failureOf } from "../failure.ts";
import { scenarioDirectory } from "../scenario-directory.ts";

/** Lists scenario files and validates each; all are looked at before the exit code is decided. */
export async function scenariosCommand(wanted: readonly string[], environment: Environment): Promise<number> {
  const { cwd, stdout, stderr } = environment;
  const files = findScenarios(wanted, { cwd, directory: scenarioDirectory(environment) });
  const rows: (readonly [string, string, string])[] = [];
  let code: number = ExitCode.passed;
  for (const file of files) {
    try {
      const scenario = loadScenario(file, cwd);
      rows.push([scenario.name, file, scenario.title ?? ""]);
    } catch (error) {
      const failure = failureOf(error);
      stderr.write(`${failure.text}\n`);
      code = failure.code;
    }
  }
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  for (const [name, file, title] of rows) {
    stdout.write(`${name.padEnd(widths[0] ?? 0)}  ${file.padEnd(widths[1] ?? 0)}  ${title}`.trimEnd().concat("\n"));
  }
  return code;
}
