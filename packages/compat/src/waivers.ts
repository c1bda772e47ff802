import { readYaml } from "./yaml-file.ts";

/** A break that was looked at and is wanted. */
export interface Waiver {
  /** The finding's first line without its place: `chat.v1.TextEvent.position: int32 enum → string` (`->` is as good). */
  readonly change: string;
  readonly reason: string;
  /** Who is affected. */
  readonly affected: readonly string[];
  /** The last day on which it counts, in UTC: 2027-01-31. */
  readonly expires: string;
  /** Line in the file, counted from 1. */
  readonly line: number;
}

/**
 * Reads waivers.yaml: `waivers`, a list of `change`, `reason`, `affected` and `expires`.
 *
 * @throws CompatError `file` with file:line
 */
export function parseWaivers(text: string, file: string): Waiver[] {
  const root = readYaml(text, file);
  if (root.value === null || root.value === undefined) return [];
  root.keys(["waivers"]);
  const list = root.get("waivers");
  if (list.value === null || list.value === undefined) return [];
  return list.items().map((node) => {
    node.keys(["change", "reason", "affected", "expires"]);
    const expires = node.get("expires");
    const day = expires.text();
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
      throw expires.error(`expires ${day}: expected a day such as 2027-01-31`);
    const affected = node
      .get("affected")
      .items()
      .map((item) => item.text());
    if (affected.length === 0) throw node.get("affected").error("expected at least one who is affected");
    return {
      change: node.get("change").text(),
      reason: node.get("reason").text(),
      affected,
      expires: day,
      line: node.line,
    };
  });
}

/** Whether a waiver still counts at a time, in milliseconds since the epoch: through the end of its last day in UTC. */
export function isExpired(waiver: Waiver, now: number): boolean {
  return now >= Date.parse(waiver.expires) + 86_400_000;
}

/** Whether a waiver is about this change. */
export function waives(waiver: Waiver, change: string): boolean {
  return waiver.change.replaceAll("->", "→").replace(/\s+/g, " ").trim() === change;
}
