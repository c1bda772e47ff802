import type * as z from "zod";
import type { Problem } from "./error.ts";
import type { SourceLocation } from "./plan-types.ts";
import { locate } from "./source.ts";

/** Checks a value that came from a file; what is wrong goes to `problems`, with its place. Undefined when anything is. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  fallback: SourceLocation,
  problems: Problem[],
): T | undefined {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      // The message of `closed` names each; each gets the place of its own key.
      const texts = issue.message.split("; ");
      issue.keys.forEach((key, index) => {
        const location = locate(value, [...issue.path, key], "key") ?? fallback;
        problems.push({ location, text: texts[index] ?? issue.message });
      });
    } else {
      problems.push({ location: locate(value, issue.path) ?? fallback, text: textOf(issue) });
    }
  }
  return undefined;
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
