import type { RunResult } from "@ondash/contract";
import { formatDuration } from "@ondash/core";
import type { Reporter, ReportOutput } from "./reporter.ts";
import { type RunViewOptions, viewRun, viewRunShortly } from "./run-view.ts";
import { createPaint, type Paint } from "./style.ts";
import { isGood, plural } from "./verdict-view.ts";

/** How the terminal report is drawn. */
export interface TerminalReporterOptions {
  /** Cells of a line. Default 80; less than 60 is drawn as 60. */
  readonly width?: number;
  /** Whether to colour. Default false. */
  readonly color?: boolean;
  /** Rows shown of one turn's timeline; of a longer one the middle is left out. Default 60. */
  readonly timelineRows?: number;
}

/** Up to so many runs each is shown in full; of more, only those that need a look. */
const IN_FULL = 3;
const NAME_CELLS = 32;

/** Creates the reporter of format `terminal`: made for people. */
export function createTerminalReporter(output: ReportOutput, options: TerminalReporterOptions = {}): Reporter {
  const paint = createPaint(options.color ?? false);
  const view: RunViewOptions = {
    width: Math.max(60, options.width ?? 80),
    paint,
    timelineRows: options.timelineRows ?? 60,
  };
  const results: RunResult[] = [];
  let total = 1;
  const print = (lines: readonly string[]): void => output.write(`${lines.join("\n")}\n`);
  return {
    start(count) {
      total = count;
    },
    run(result) {
      results.push(result);
      if (total <= IN_FULL) return print([...viewRun(result, view), ""]);
      if (isGood(result)) return print([viewRunShortly(result, NAME_CELLS, view)]);
      print(["", ...viewRun(result, view), ""]);
    },
    end() {
      print(summarise(results, total, view, paint));
    },
  };
}

function summarise(results: readonly RunResult[], total: number, view: RunViewOptions, paint: Paint): string[] {
  const bad = results.filter((result) => !isGood(result));
  const lines: string[] = [];
  if (total > IN_FULL) {
    // What needs a look has scrolled by: named again, in a line each.
    if (bad.length > 0) lines.push("", ...bad.map((result) => viewRunShortly(result, NAME_CELLS, view)));
    lines.push("");
  }
  const records = results.reduce((sum, { counts }) => sum + counts.records, 0);
  const time = results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const tail = `${plural(records, "record")}, ${formatDuration(Math.round(time))}`;
  lines.push(`${paint(bad.length === 0 ? "good" : "bad", tally(results))}  ${paint("dim", tail)}`);
  return lines;
}

/** `12 scenarios: 11 met their expectation, 1 did not`, `2 recordings: 1 passed, 1 failed`. */
function tally(results: readonly RunResult[]): string {
  const scenarios = results.filter(({ expectation }) => expectation !== null);
  const recordings = results.filter(({ expectation }) => expectation === null);
  const parts: string[] = [];
  if (scenarios.length > 0) {
    const met = scenarios.filter(isGood).length;
    const missed = scenarios.length - met;
    const said =
      missed === 0
        ? scenarios.length === 1
          ? "as expected"
          : "all as expected"
        : `${met} as expected, ${missed} not as expected`;
    parts.push(`${plural(scenarios.length, "scenario")}: ${said}`);
  }
  if (recordings.length > 0) {
    const verdicts = (["passed", "failed", "inconclusive"] as const)
      .map((verdict) => [verdict, recordings.filter((one) => one.verdict === verdict).length] as const)
      .filter(([, count]) => count > 0)
      .map(([verdict, count]) => `${count} ${verdict}`);
    parts.push(`${plural(recordings.length, "recording")}: ${verdicts.join(", ")}`);
  }
  return parts.join("; ") || "nothing was judged";
}
