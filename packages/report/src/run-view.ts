import type { RunResult, Violation } from "@ondash/contract";
import { formatDuration } from "@ondash/core";
import { cellsOf, fit, wrap } from "./layout.ts";
import { viewRules } from "./rules-view.ts";
import { excerpt, sanitise } from "./sanitise.ts";
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

/** Of a run with very many turns or violations a person reads the first, and a program reads the JSON report. */
const MOST_TURNS = 10;
const MOST_FINDINGS = 20;

/** A run in full: what it was, its timeline, the verdict with its reasons, each violation with its witness. */
export function viewRun(result: RunResult, options: RunViewOptions): string[] {
  const { width, paint } = options;
  const turns = timelineTurns(result, options.timelineRows);
  const shown = chooseTurns(turns, result);
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
    ...shown.flatMap((turn) => [
      ...(several ? viewTurnTitle(turn, options) : []),
      ...viewTimeline(turn, width, paint),
      "",
    ]),
    ...(shown.length === turns.length ? [] : [`  … and ${turns.length - shown.length} more turns`, ""]),
    `${paint(tone, paint("strong", `${sign} ${verdictText(result)}`))}  ${paint("dim", counts)}`,
    ...[...result.unmet, ...result.reasons].flatMap((line) => bullet(line, width)),
    ...viewRules(result.rules, width, paint),
    ...findings
      .slice(0, MOST_FINDINGS)
      .flatMap((violation) => ["", ...viewViolation(violation, { turn: several }, width, paint)]),
    ...viewRest(findings.slice(MOST_FINDINGS)),
    ...(findings.length === 0 ? [] : ["", ...hint(findings[0]?.rule ?? "", paint)]),
  ];
}

/** Those that did not pass come before the others; shown in the order in which they were observed. */
function chooseTurns(turns: readonly TimelineTurn[], result: RunResult): readonly TimelineTurn[] {
  if (turns.length <= MOST_TURNS) return turns;
  const bad = new Set(result.turns.filter(({ verdict }) => verdict !== "passed").map(({ messageId }) => messageId));
  const ranked = turns.toSorted((a, b) => Number(bad.has(b.messageId)) - Number(bad.has(a.messageId)));
  const chosen = new Set(ranked.slice(0, MOST_TURNS));
  return turns.filter((turn) => chosen.has(turn));
}

function viewRest(findings: readonly Violation[]): string[] {
  if (findings.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [
    "",
    `  … and ${findings.length} more: ${[...counts].map(([rule, count]) => `${rule} × ${count}`).join(", ")}`,
  ];
}

function viewHeader(result: RunResult, turn: TimelineTurn | undefined, { width, paint }: RunViewOptions): string[] {
  const name = sanitise(result.scenario ?? result.file);
  const title = result.title === undefined ? "" : `  ${sanitise(result.title)}`;
  const broker = result.broker === null ? undefined : `${result.broker} broker`;
  const facts = [
    result.schema === "both" ? "chat.v1 and chat.v2" : (result.schema ?? "no schema seen"),
    broker,
    result.seed === null ? undefined : `seed ${result.seed}`,
    result.scenario === null ? "recording" : sanitise(result.file),
  ].filter((fact) => fact !== undefined);
  const ids =
    turn === undefined ? "" : `message ${sanitise(turn.messageId)} of conversation ${sanitise(turn.conversationId)}`;
  return [
    `${paint("strong", fit(name, width))}${fit(title, Math.max(0, width - cellsOf(name)))}`,
    ...wrap(facts.join(" · "), width - 2).map((line) => `  ${paint("dim", line)}`),
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
  return wrap(excerpt(text), width - 4).map((line, index) => `  ${index === 0 ? "·" : " "} ${line}`);
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
