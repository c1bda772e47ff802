import type { Judgement, TurnResult, Violation } from "@ondash/contract";
import type { Expectation, Plan } from "@ondash/scenario";

/** What a run gave that an expectation is compared with. */
export interface Found extends Pick<Judgement, "verdict" | "violations" | "warnings"> {
  /** The scenario's turn; undefined: no event of it was seen. */
  readonly turn: Pick<TurnResult, "blocks"> | undefined;
  /** Its folded message as ProtoJSON; undefined when no event of it was seen. */
  readonly message: unknown;
}

/**
 * What of a scenario's `expect` is not met, a line each, with file:line. Empty: all is met.
 * @param message the folded message of the scenario's turn as ProtoJSON; undefined when no event of it was seen.
 */
export function unmetExpectations(
  { expect, conversationId, messageId }: Pick<Plan, "expect" | "conversationId" | "messageId">,
  judgement: Pick<Judgement, "verdict" | "violations" | "warnings" | "turns">,
  message: unknown,
): readonly string[] {
  const turn = judgement.turns.find((one) => one.conversationId === conversationId && one.messageId === messageId);
  return compareWith(expect, { ...judgement, turn, message });
}

/** The same for a turn whose ids the scenario did not choose. */
export function compareWith(expect: Expectation, found: Found): readonly string[] {
  const where = `${expect.location.file}:${expect.location.line}`;
  const unmet: string[] = [];
  const differs = (what: string, expected: string, actual: string): void => {
    unmet.push(`${where}: expected ${what} ${expected}, but it is ${actual}`);
  };
  if (found.verdict !== expect.verdict) differs("verdict", expect.verdict, found.verdict);
  compareRules("violations", expect.violations, found.violations, differs);
  if (expect.warnings !== undefined) compareRules("warnings", expect.warnings, found.warnings, differs);
  if (expect.blocks !== undefined) {
    const blocks = found.turn?.blocks ?? [];
    if (blocks.join() !== expect.blocks.join()) differs("blocks", list(expect.blocks), list(blocks));
  }
  if (expect.message !== undefined) {
    for (const line of differences("message", expect.message, found.message)) unmet.push(`${where}: ${line}`);
  }
  return unmet;
}

function compareRules(
  what: string,
  expected: readonly string[],
  found: readonly Violation[],
  differs: (what: string, expected: string, actual: string) => void,
): void {
  const actual = [...new Set(found.map(({ rule }) => rule))].toSorted();
  if ([...expected].toSorted().join() !== actual.join()) differs(what, list(expected), list(actual));
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "none" : `[${items.join(", ")}]`;
}

/** Where `actual` lacks what `expected` names. Members that `expected` does not name are not compared. */
function differences(path: string, expected: unknown, actual: unknown): readonly string[] {
  if (Array.isArray(expected)) {
    const wanted = `expected ${path} to have ${expected.length} item${expected.length === 1 ? "" : "s"}`;
    if (!Array.isArray(actual)) return [`${wanted}, but it is ${actual === undefined ? "absent" : "no list"}`];
    const items = actual as readonly unknown[];
    if (items.length !== expected.length) return [`${wanted}, but it has ${items.length}`];
    return expected.flatMap((item: unknown, index) => differences(`${path}[${index}]`, item, items[index]));
  }
  if (typeof expected === "object" && expected !== null) {
    const members = typeof actual === "object" && actual !== null ? (actual as Readonly<Record<string, unknown>>) : {};
    return Object.entries(expected).flatMap(([name, value]) =>
      differences(`${path}.${name}`, value, members[name] ?? members[jsonName(name)]),
    );
  }
  if (Object.is(expected, actual)) return [];
  return [`expected ${path} to be ${JSON.stringify(expected)}, but it is ${JSON.stringify(actual) ?? "absent"}`];
}

/** ProtoJSON takes `tokens_used` for `tokensUsed`, and so does an expectation. */
function jsonName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
