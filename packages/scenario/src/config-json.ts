import { keysInOrder } from "./source.ts";

/**
 * A chart's config as JSON: members in the order of the file, no spaces. `JSON.stringify` alone would put keys that look
 * like integers first.
 */
export function configJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(configJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const record = value as Readonly<Record<string, unknown>>;
  const members = keysInOrder(record).map((key) => `${JSON.stringify(key)}:${configJson(record[key])}`);
  return `{${members.join(",")}}`;
}
