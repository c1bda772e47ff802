import type { RuleOutcome, RunResult } from "@ondash/contract";
import { cellsOf, pad, wrap } from "./layout.ts";
import { abbreviateRules } from "./rule-list.ts";
import { excerpt } from "./sanitise.ts";
import type { Paint } from "./style.ts";

const LABEL_CELLS = 15;

/** What became of every rule, a few lines: which were broken, held, could not be judged (and why), were not triggered. */
export function viewRules(rules: RunResult["rules"], width: number, paint: Paint): string[] {
  const entries = Object.entries(rules);
  const of = <S extends RuleOutcome["status"]>(status: S): (readonly [string, Extract<RuleOutcome, { status: S }>])[] =>
    entries.flatMap(([id, outcome]) => (outcome.status === status ? [[id, outcome as never]] : []));
  const section = (title: string, parts: readonly string[], tone?: "dim"): string[] => {
    if (parts.length === 0) return [];
    const lines = wrapParts(parts, width - 2 - LABEL_CELLS);
    return lines.map(
      (line, index) =>
        `  ${paint("dim", pad(index === 0 ? title : "", LABEL_CELLS))}${tone === undefined ? line : paint(tone, line)}`,
    );
  };

  const held = of("held");
  const byLedger = held.filter(([, { by }]) => by === "ledger").map(([id]) => id);
  const plainlyHeld = held.filter(([, { by }]) => by !== "ledger").map(([id]) => id);
  return [
    ...section("violated", abbreviateRules(of("violated").map(([id]) => id))),
    ...section("held", [
      ...abbreviateRules(plainlyHeld),
      ...abbreviateRules(byLedger).map((ids) => `${ids} held by ledger`),
    ]),
    ...unprovable(of("unprovable")).flatMap((part, index) => section(index === 0 ? "unprovable" : "", [part])),
    ...section("not exercised", abbreviateRules(of("not exercised").map(([id]) => id)), "dim"),
  ];
}

/** Rules that can't be judged for the same reason stand together. */
function unprovable(rules: readonly (readonly [string, { readonly why: string }])[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const [id, { why }] of rules) {
    const ids = reasons.get(why);
    if (ids === undefined) reasons.set(why, [id]);
    else ids.push(id);
  }
  return [...reasons].map(([why, ids]) => `${abbreviateRules(ids).join("  ")}: ${excerpt(why)}`);
}

/** Parts two spaces apart; a part is broken only when it has no line of its own. */
function wrapParts(parts: readonly string[], cells: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && cellsOf(last) + 2 + cellsOf(part) <= cells) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(...wrap(part, cells));
  }
  return lines;
}
