import type { RecordRef, Violation } from "@ondash/contract";
import { pad, wrap } from "./layout.ts";
import { excerpt } from "./sanitise.ts";
import type { Paint } from "./style.ts";

const LABEL_CELLS = 10;

/** A broken rule with its witness. `turn`: name the turn, because there are several. */
export function viewViolation(violation: Violation, options: { turn: boolean }, width: number, paint: Paint): string[] {
  const { rule, severity, also, conversationId, messageId } = violation;
  const tone = severity === "error" ? "bad" : "warn";
  const sign = severity === "error" ? "✗" : severity === "warning" ? "!" : "?";
  const lead = `  ${sign} ${rule}  `;
  const title = wrap(excerpt(violation.message), width - lead.length);
  const field = (label: string, lines: readonly string[]): string[] => {
    const cells = width - 4 - LABEL_CELLS;
    return lines
      .flatMap((line) => wrap(excerpt(line), cells))
      .map((line, index) => `    ${paint("dim", pad(index === 0 ? label : "", LABEL_CELLS))}${line}`);
  };
  return [
    ...title.map((line, index) => (index === 0 ? paint(tone, lead) : " ".repeat(lead.length)) + paint("strong", line)),
    ...field("expected", [violation.expected]),
    ...field("actual", [violation.actual]),
    ...field("records", violation.records.map(nameRecord)),
    ...(options.turn && conversationId !== null
      ? field("turn", [`${messageId} of conversation ${conversationId}`])
      : []),
    ...(violation.location === undefined ? [] : field("scenario", [violation.location])),
    ...field("evidence", violation.notes),
    ...(also.length === 0 ? [] : field("also", [also.join(" ")])),
    ...(violation.replay === undefined ? [] : field("replay", [violation.replay])),
  ];
}

function nameRecord({ topic, partition, offset }: RecordRef): string {
  return `${topic}, partition ${partition}, offset ${offset}`;
}
