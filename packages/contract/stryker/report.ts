import type { MutantResult, MutantStatus } from "./result.ts";

const COLUMNS: readonly MutantStatus[] = ["killed", "timeout", "survived", "no coverage", "static"];

/** A table with a line for each file and one for all, then what survived. */
export function report(results: readonly MutantResult[]): string {
  const files = Map.groupBy(results, ({ file }) => short(file));
  const rows = [
    ["file", "mutants", ...COLUMNS, "%"],
    ...[...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([file, own]) => row(file, own)),
    row("all", results),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const table = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  const left = results
    .filter(({ status }) => status === "survived" || status === "no coverage")
    .toSorted((a, b) => a.file.localeCompare(b.file, "en") || a.line - b.line)
    .map(
      ({ file, line, mutator, replacement, status, left: untried = 0 }) =>
        `${short(file)}:${line} ${mutator} → ${replacement.slice(0, 100)}${status === "survived" ? "" : " (no coverage)"}${untried === 0 ? "" : ` (${untried} tests not run)`}`,
    );
  return [...table, "", ...left, ""].join("\n");
}

/** What counts is what a test could find: not what runs only while modules are loaded. */
function row(name: string, results: readonly MutantResult[]): string[] {
  const counts = COLUMNS.map((status) => results.filter((result) => result.status === status).length);
  const [killed = 0, timeout = 0, survived = 0, uncovered = 0] = counts;
  const counted = killed + timeout + survived + uncovered;
  const share = counted === 0 ? "–" : (((killed + timeout) / counted) * 100).toFixed(1);
  return [name, String(results.length), ...counts.map(String), share];
}

function short(file: string): string {
  return file.replace("packages/contract/src/", "");
}
