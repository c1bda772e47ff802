import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { RunResult } from "@ondash/contract";
import { createJsonReporter, createTerminalReporter, type Reporter } from "@ondash/report";
import type { Environment } from "./environment.ts";
import { UsageError } from "./exit-code.ts";
import type { ReportChoice } from "./report-choice.ts";

/** Columns of a report that goes to a pipe or a file. */
const PLAIN_WIDTH = 100;

/** All reports of a command. */
export interface Reports extends Reporter {
  /** Whether one of them shows timelines: they grow with the run, and are not kept in vain. */
  readonly showTimeline: boolean;
}

/**
 * The reporters that were asked for; none: terminal, on stdout. Files are opened now, so that one that can't be written
 * is known before the run.
 * @throws UsageError for a file that can't be opened, or two reports for one place.
 */
export function openReports(choices: readonly ReportChoice[], environment: Environment): Reports {
  const wanted: readonly ReportChoice[] = choices.length === 0 ? [{ format: "terminal", file: undefined }] : choices;
  const places = wanted.map(({ file }) => (file === undefined ? "stdout" : resolve(environment.cwd, file)));
  const twice = places.find((place, index) => places.indexOf(place) < index);
  if (twice !== undefined) throw new UsageError(`two reports go to ${twice}: give one of them a file with =FILE`);
  const reporters = wanted.map(({ format, file }) => open(format, file, environment));
  return {
    showTimeline: wanted.some(({ format }) => format === "terminal"),
    start: (total) => reporters.forEach((reporter) => reporter.start(total)),
    run: (result: RunResult) => reporters.forEach((reporter) => reporter.run(result)),
    end: () => reporters.forEach((reporter) => reporter.end()),
  };
}

function open(format: ReportChoice["format"], file: string | undefined, environment: Environment): Reporter {
  const { stdout, env, cwd } = environment;
  if (file === undefined) {
    return format === "json"
      ? createJsonReporter(stdout)
      : createTerminalReporter(stdout, {
          color: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
          width: stdout.columns ?? PLAIN_WIDTH,
        });
  }
  let descriptor: number;
  try {
    descriptor = openSync(resolve(cwd, file), "w");
  } catch (cause) {
    throw new UsageError(`can't write the report ${file}: ${(cause as Error).message}`, { cause });
  }
  const output = { write: (text: string) => void writeSync(descriptor, text) };
  const reporter =
    format === "json"
      ? createJsonReporter(output)
      : createTerminalReporter(output, { color: false, width: PLAIN_WIDTH });
  return {
    start: (total) => reporter.start(total),
    run: (result) => reporter.run(result),
    end() {
      reporter.end();
      closeSync(descriptor);
    },
  };
}
