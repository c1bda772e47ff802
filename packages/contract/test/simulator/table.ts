import type { ArrivalRow } from "./interleavings.ts";
import type { LegalRow } from "./prove-legal.ts";
import type { OperatorRow } from "./prove-operators.ts";

/** Whether every mutant that was asked for manifested and was found, with its own rule and no other. */
export function isProved(row: OperatorRow, mutants: number): boolean {
  return row.faults === 0 && row.manifested >= mutants && row.detected === row.manifested;
}

/** The table of operators: made, manifested, detected with the exact primary rule. */
export function operatorTable(rows: readonly OperatorRow[], mutants: number): string {
  const cells = rows.map((row) => [
    row.operator,
    `${row.made}`,
    `${row.manifested}`,
    `${row.detected}`,
    isProved(row, mutants) ? "100 %" : `${percent(row)} %`,
  ]);
  return table(["operator", "made", "manifested", "detected", "exact"], cells);
}

/** The table of profiles: legal turns, events, false alarms. */
export function legalTable(rows: readonly LegalRow[]): string {
  const cells = rows.map(({ profile, runs, facts, alarms }) =>
    [profile, runs, facts.turns, facts.events, facts.redeliveries, facts.skips, facts.barriers, alarms].map(String),
  );
  const head = ["profile", "runs", "legal turns", "events", "redeliveries", "skips", "barriers", "false alarms"];
  return table(head, cells);
}

/** The table of arrivals: for turns of so many events, in each version, all orders in which they can arrive. */
export function arrivalTable(rows: readonly ArrivalRow[]): string {
  const cells = rows.map(({ schema, events, turns, arrivals, alarms }) =>
    [`${events} events, ${schema}`, turns, arrivals, alarms].map(String),
  );
  return table(["turns of", "turns", "arrivals", "false alarms"], cells);
}

/** Rounded down: what is not all is not 100. */
function percent({ manifested, detected }: OperatorRow): number {
  return manifested === 0 ? 0 : Math.min(99, Math.floor((detected / manifested) * 100));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
