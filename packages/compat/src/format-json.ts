import type { Report } from "./report.ts";

/** The report for programs: `{"ondash":1,"verdict":…,"findings":[…]}`, one line. */
export function formatJson(report: Report): string {
  const verdict = report.breaking ? "breaking" : "compatible";
  const { against, seed, runs, searched } = report;
  const search = { seed, runs, types: searched };
  return `${JSON.stringify({ ondash: 1, verdict, findings: report.assessed.map(({ finding }) => finding), against, search })}\n`;
}
