/** A format and where it goes: a file, or stdout. */
export interface ReportChoice {
  readonly format: "terminal" | "json";
  readonly file: string | undefined;
}

/** Reads `FORMAT[=FILE]`; a string is what is wrong with it. */
export function parseReportChoice(text: string): ReportChoice | string {
  const at = text.indexOf("=");
  const format = at < 0 ? text : text.slice(0, at);
  const file = at < 0 ? undefined : text.slice(at + 1);
  if (file === "") return "expected a file after =.";
  if (format === "terminal" || format === "json") return { format, file };
  if (format === "junit" || format === "html")
    return `the ${format} report is not supported yet; there are terminal and json.`;
  return "expected terminal or json, each with =FILE if it is not for stdout.";
}
