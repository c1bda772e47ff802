import type { AbsentEvent, RunResult, TimelineEntry } from "@ondash/contract";

/** One row of a timeline: an event that was observed, or one that was planned and is not there. */
export type TimelineRow =
  | { readonly what: "observed"; readonly entry: TimelineEntry }
  | { readonly what: "absent"; readonly entry: AbsentEvent }
  /** Rows that were left out because there are too many. */
  | { readonly what: "elided"; readonly count: number };

/** The rows of one turn in one schema version. */
export interface TimelineTurn {
  readonly conversationId: string;
  readonly messageId: string;
  readonly schema: TimelineEntry["schema"];
  readonly rows: readonly TimelineRow[];
  /** All rows' times, shown or not. */
  readonly times: readonly (number | null)[];
  /** How many events of each kind were observed, shown or not. */
  readonly counts: Readonly<Record<TimelineEntry["kind"], number>>;
}

type EventRow = Exclude<TimelineRow, { what: "elided" }>;

/**
 * The timeline of a run, turn by turn, absent events at their place among the others.
 * @param limit rows shown of one turn; of a longer one the middle is left out, but for as many rows again
 *   that matter to a rule.
 */
export function timelineTurns(result: Pick<RunResult, "timeline" | "absent">, limit: number): TimelineTurn[] {
  const turns = new Map<string, EventRow[]>();
  const add = (row: EventRow): void => {
    const { conversationId, messageId, schema } = row.entry;
    const key = JSON.stringify([schema, conversationId, messageId]);
    const rows = turns.get(key);
    if (rows === undefined) turns.set(key, [row]);
    else insert(rows, row);
  };
  for (const entry of result.timeline) add({ what: "observed", entry });
  for (const entry of result.absent ?? []) add({ what: "absent", entry });
  return [...turns.values()].map((rows) => {
    const [first] = rows;
    if (first === undefined) throw new TypeError("a turn without rows");
    const { conversationId, messageId, schema } = first.entry;
    const times = rows.map(({ entry }) => entry.at);
    return { conversationId, messageId, schema, rows: elide(rows, limit), times, counts: count(rows) };
  });
}

function count(rows: readonly EventRow[]): TimelineTurn["counts"] {
  const counts = { status: 0, text: 0, chart: 0, error: 0, completion: 0 };
  for (const { what, entry } of rows) if (what === "observed") counts[entry.kind]++;
  return counts;
}

/** Observed rows keep their order (it is emission order, whatever their times say); an absent one goes in by time. */
function insert(rows: EventRow[], row: EventRow): void {
  const { at } = row.entry;
  const later = row.what === "observed" || at === null ? -1 : rows.findIndex(({ entry }) => (entry.at ?? 0) > at);
  if (later < 0) rows.push(row);
  else rows.splice(later, 0, row);
}

function elide(rows: readonly EventRow[], limit: number): TimelineRow[] {
  if (rows.length <= limit) return [...rows];
  const edge = Math.max(1, Math.floor(limit / 2));
  const shown: TimelineRow[] = [];
  let hidden = 0;
  let mattering = 0;
  const close = (): void => {
    if (hidden > 0) shown.push({ what: "elided", count: hidden });
    hidden = 0;
  };
  for (const [index, row] of rows.entries()) {
    const matters = row.what === "absent" || row.entry.rules.length > 0;
    const inside = index >= edge && index < rows.length - edge;
    if (inside && !(matters && mattering < limit)) {
      hidden++;
      continue;
    }
    if (inside) mattering++;
    close();
    shown.push(row);
  }
  close();
  return shown;
}
