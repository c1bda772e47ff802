import { detailLines } from "./format-terminal.ts";
import type { Report } from "./report.ts";

const commands = { break: "error", warn: "warning", note: "notice" } as const;

/** Workflow commands that GitHub shows at the line of the .proto file. */
export function formatGithub(report: Report): string {
  return report.assessed
    .map((assessed) => {
      const { subject, change, severity, file, line, waived } = assessed.finding;
      const command = waived ? "notice" : commands[severity];
      const title = `${waived ? "waived: " : ""}${subject}: ${change}`;
      const body = [title, ...detailLines(assessed)].join("\n");
      return `::${command} file=${property(file)},line=${line},title=${property(title)}::${data(body)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
