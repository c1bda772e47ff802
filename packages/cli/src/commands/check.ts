import { isAbsolute, resolve } from "node:path";
import type { RunResult } from "@ondash/contract";
import { checkRecording } from "@ondash/harness";
import type { Environment } from "../environment.ts";
import { ExitCode } from "../exit-code.ts";
import type { ReportChoice } from "../report-choice.ts";
import { openReports } from "../reports.ts";

/** Judges recordings offline. Nothing is reported before all of them could be read. */
export async function checkCommand(
  files: readonly string[],
  options: { readonly report: readonly ReportChoice[] },
  environment: Environment,
): Promise<number> {
  const reports = openReports(options.report, environment);
  const results: RunResult[] = [];
  for (const file of files) {
    environment.signal.throwIfAborted();
    // The file is opened where the command was given, and named as it was given.
    const path = isAbsolute(file) ? file : resolve(environment.cwd, file);
    results.push(await checkRecording(path, { name: file, timeline: reports.showTimeline }));
  }
  reports.start(results.length);
  for (const result of results) reports.run(result);
  reports.end();
  return results.every(({ verdict }) => verdict === "passed") ? ExitCode.passed : ExitCode.failed;
}
