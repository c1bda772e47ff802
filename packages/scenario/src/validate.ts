import type * as z from "zod";
import type { Problem } from "./error.ts";
import type { SourceLocation } from "./plan-types.ts";
import { locate } from "./source.ts";
import { loneText } from "./substitute.ts";

/** Checks a value that came from a file; what is wrong goes to `problems`, with its place. Undefined when anything is. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  fallback: SourceLocation,
  problems: Problem[],
): T | undefined {
  let result = schema.safeParse(value, { reportInput: true });
  if (!result.success && writeOut(value, result.error.issues)) result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      // `closed` writes a text for each key; each gets the place of its own.
      const texts = JSON.parse(issue.message) as readonly string[];
      issue.keys.forEach((key, index) => {
        const location = locate(value, [...issue.path, key], "key") ?? fallback;
        problems.push({ location, text: texts[index] ?? `unknown key ${key}` });
      });
    } else {
      problems.push({ location: locate(value, issue.path) ?? fallback, text: textOf(issue) });
    }
  }
  return undefined;
}

/** Where a string is wanted and a lone `${name}` gave something else, puts in its text. Whether there was such a place. */
function writeOut(value: unknown, issues: readonly z.core.$ZodIssue[]): boolean {
  let changed = false;
  for (const issue of issues) {
    if (issue.code !== "invalid_union" && !(issue.code === "invalid_type" && issue.expected === "string")) continue;
    const member = issue.path.at(-1);
    if (member === undefined || typeof member === "symbol") continue;
    const container = issue.path.slice(0, -1).reduce<unknown>(memberOf, value);
    const text = loneText(container, member);
    if (text === undefined) continue;
    (container as Record<string | number, unknown>)[member] = text;
    changed = true;
  }
  return changed;
}

function memberOf(container: unknown, member: PropertyKey): unknown {
  return typeof container === "object" && container !== null
    ? (container as Readonly<Record<PropertyKey, unknown>>)[member]
    : undefined;
}

function textOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.map(String).join(".")}: ` : "";
  const got = issue.input === undefined ? "nothing" : show(issue.input);
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `${where}missing: expected ${article(issue.expected)}`
        : `${where}expected ${article(issue.expected)}, got ${got}`;
    case "invalid_value":
      if (!issue.message.startsWith("Invalid")) return `${where}${issue.message}`;
      return `${where}expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}, got ${got}`;
    case "too_small":
    case "too_big":
    case "invalid_format":
    case "invalid_union":
      return `${where}${lowerFirst(issue.message)}${issue.message.startsWith("expected") ? `, got ${got}` : ""}`;
    default:
      return `${where}${lowerFirst(issue.message)}`;
  }
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    record: "a mapping",
    object: "a mapping",
    array: "a list",
    int: "an integer",
  };
  return names[type] ?? `a ${type}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** A value in one short line. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
