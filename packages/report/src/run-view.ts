import type { RunResult } from "@ondash/contract";
import { formatDuration } from "@ondash/core";
import { cellsOf, fit, wrap } from "./layout.ts";
import { viewRules } from "./rules-view.ts";
import { sanitise } from "./sanitise.ts";
import type { Paint } from "./style.ts";
import { type TimelineTurn, timelineTurns } from "./timeline-rows.ts";
import { viewTimeline } from "./timeline-view.ts";
import { plural, signOf, verdictText } from "./verdict-view.ts";
import { viewViolation } from "./violation-view.ts";

/** How a run is shown. */
export interface RunViewOptions {
  /** Cells of a line. */
  readonly width: number;
  readonly paint: Paint;
  /** Rows shown of one turn's timeline. */
  readonly timelineRows: number;
}

/** A run in full: what it was, its timeline, the verdict with its reasons, each violation with its witness. */
export function viewRun(result: RunResult, options: RunViewOptions): string[] {
  const { width, paint } = options;
  const turns = timelineTurns(result, options.timelineRows);
  const several = turns.length > 1 || result.counts.turns > 1;
  const { sign, tone } = signOf(result);
  const counts = [
    plural(result.counts.records, "record"),
    plural(result.counts.turns, "turn"),
    ...(result.counts.redeliveries === 0 ? [] : [plural(result.counts.redeliveries, "redelivery", "redeliveries")]),
    formatDuration(Math.round(result.durationMs)),
  ].join(" · ");
  const findings = [...result.violations, ...result.warnings];
  return [
    ...viewHeader(result, several ? undefined : turns[0], options),
    "",
    ...turns.flatMap((turn) => [
      ...(several ? viewTurnTitle(turn, options) : []),
      ...viewTimeline(turn, width, paint),
      "",
    ]),
    `${paint(tone, paint("strong", `${sign} ${verdictText(result)}`))}  ${paint("dim", counts)}`,
    ...[...result.unmet, ...result.reasons].flatMap((line) => bullet(line, width)),
    ...viewRules(result.rules, width, paint),
    ...findings.flatMap((violation) => ["", ...viewViolation(violation, { turn: several }, width, paint)]),
    ...(findings.length === 0 ? [] : ["", ...hint(findings[0]?.rule ?? "", paint)]),
  ];
}

function viewHeader(result: RunResult, turn: TimelineTurn | undefined, { width, paint }: RunViewOptions): string[] {
  const name = sanitise(result.scenario ?? result.file);
  const title = result.title === undefined ? "" : `  ${sanitise(result.title)}`;
  const broker = result.broker === null ? undefined : `${result.broker} broker`;
  const facts = [
    result.schema ?? "no schema seen",
    broker,
    result.seed === null ? undefined : `seed ${result.seed}`,
    result.scenario === null ? "recording" : sanitise(result.file),
  ].filter((fact) => fact !== undefined);
  const ids =
    turn === undefined ? "" : `message ${sanitise(turn.messageId)} of conversation ${sanitise(turn.conversationId)}`;
  return [
    `${paint("strong", fit(name, width))}${fit(title, Math.max(0, width - cellsOf(name)))}`,
    ...wrap(`  ${facts.join(" · ")}`, width).map((line) => paint("dim", line)),
    // The ids are for looking it up elsewhere: shown where they cost no second line.
    ...(ids !== "" && cellsOf(ids) + 2 <= width ? [paint("dim", `  ${ids}`)] : []),
    ...(result.prompt === undefined ? [] : [fit(`  user: "${sanitise(result.prompt)}"`, width)]),
  ];
}

function viewTurnTitle(turn: TimelineTurn, { width, paint }: RunViewOptions): string[] {
  const text = `turn ${sanitise(turn.messageId)} of conversation ${sanitise(turn.conversationId)}, ${turn.schema}`;
  return wrap(text, width - 2).map((line) => `  ${paint("strong", line)}`);
}

function bullet(text: string, width: number): string[] {
  return wrap(sanitise(text), width - 4).map((line, index) => `  ${index === 0 ? "·" : " "} ${line}`);
}

function hint(rule: string, paint: Paint): string[] {
  return [paint("dim", `  ondash explain ${rule} has an example of breach and cure`)];
}

/** A run in one line, for when there are many. */
export function viewRunShortly(result: RunResult, nameCells: number, { width, paint }: RunViewOptions): string {
  const { sign, tone } = signOf(result);
  const name = fit(sanitise(result.scenario ?? result.file), nameCells);
  const text = verdictText(result);
  const counts = `${plural(result.counts.records, "record")}, ${formatDuration(Math.round(result.durationMs))}`;
  const used = 2 + nameCells + 2 + 9 + cellsOf(text);
  const gap = " ".repeat(Math.max(0, nameCells - cellsOf(name)));
  const tail = used + 2 + cellsOf(counts) <= width ? `  ${paint("dim", counts)}` : "";
  return `${paint(tone, sign)} ${name}${gap}  ${paint("dim", (result.schema ?? "").padEnd(7))}  ${fit(text, Math.max(8, width - used + cellsOf(text)))}${tail}`;
}
