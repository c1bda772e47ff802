import { cellsOf, fit, pad } from "./layout.ts";
import { sanitise } from "./sanitise.ts";
import type { Paint } from "./style.ts";
import { timeScale } from "./time-scale.ts";
import type { TimelineRow, TimelineTurn } from "./timeline-rows.ts";

type EventRow = Exclude<TimelineRow, { what: "elided" }>;
type Kind = EventRow["entry"]["kind"];

/** The five topics, in the order of the contract: kind of event, name of the topic. */
const LANES: readonly (readonly [kind: Kind, name: string])[] = [
  ["status", "status"],
  ["text", "text"],
  ["chart", "chart"],
  ["error", "error"],
  ["completion", "complete"],
];

/** From this width on there is room for the task and for where the record lies. */
const WIDE = 110;
const MAX_TASK_CELLS = 20;
/** Cells that what an event says should have. */
const LEAST_ROOM = 16;

/**
 * A turn as a table: a row for each event in emission order; its time after the first; one column for each topic, empty
 * where the topic had nothing; what the event says; the rules it breaks.
 */
export function viewTimeline(turn: TimelineTurn, width: number, paint: Paint): string[] {
  const rows = turn.rows.filter((row) => row.what !== "elided");
  const scale = timeScale(turn.times);
  const used = new Set(LANES.filter(([kind]) => turn.counts[kind] > 0).map(([kind]) => kind));
  for (const { entry } of rows) used.add(entry.kind);

  const timeCells = rows.reduce((most, { entry }) => Math.max(most, cellsOf(scale(entry.at))), 6);
  const gap = width >= WIDE ? "  " : " ";

  const lanes = (cell: (kind: Kind, name: string) => string): string =>
    LANES.map(([kind, name]) => cell(kind, name)).join(gap);
  const lead = (time: string): string => `  ${paint("dim", pad(time, timeCells, "right"))}  `;
  const laneCells = LANES.reduce((sum, [, name]) => sum + name.length + gap.length, -gap.length);
  const task = taskColumn(rows, width);
  const place = width >= WIDE ? column(rows, "part@offset", placeOf, 24) : undefined;
  let columns = [task, place].filter((one) => one !== undefined);
  const roomFor = (): number =>
    width - (2 + timeCells + 2 + laneCells + 2) - columns.reduce((sum, { cells }) => sum + cells + 2, 0);
  // What is said matters more than by which task.
  if (roomFor() < LEAST_ROOM) columns = [];
  const room = Math.max(0, roomFor());

  const header = `${lead("time")}${lanes((kind, name) => (used.has(kind) ? name : paint("dim", name)))}  ${columns
    .map(({ title, cells }) => `${pad(title, cells)}  `)
    .join("")}`;
  const footer = `${" ".repeat(timeCells + 4)}${lanes((kind, name) => pad(String(turn.counts[kind]), name.length, "centre"))}`;
  const line = (row: TimelineRow): string => {
    if (row.what === "elided") {
      const dots = lanes((kind, name) => pad(used.has(kind) ? "⋮" : "", name.length, "centre"));
      return `${lead("⋮")}${paint("dim", dots)}  ${paint("dim", `${row.count} more`)}`;
    }
    const { entry } = row;
    const mark = markOf(row, paint);
    const cells = lanes((kind, name) => {
      if (kind !== entry.kind) return paint("dim", pad(used.has(kind) ? "│" : "", name.length, "centre"));
      return pad("●", name.length, "centre").replace("●", mark);
    });
    const details = columns.map(({ cells: most, read }) => `${paint("dim", pad(fit(read(row), most), most))}  `);
    return `${lead(scale(entry.at))}${cells}  ${details.join("")}${saysOf(row, room, paint)}`;
  };
  return [header.trimEnd(), ...turn.rows.map(line), paint("dim", footer.trimEnd())];
}

interface Column {
  readonly title: string;
  readonly cells: number;
  readonly read: (row: EventRow) => string;
}

function column(
  rows: readonly EventRow[],
  title: string,
  read: (row: EventRow) => string,
  limit: number,
): Column | undefined {
  const widest = rows.reduce((most, row) => Math.max(most, cellsOf(read(row))), 0);
  return widest === 0 ? undefined : { title, read, cells: Math.max(title.length, Math.min(widest, limit)) };
}

/** Where room is short, tasks are named only if there is more than one to tell apart. */
function taskColumn(rows: readonly EventRow[], width: number): Column | undefined {
  const tasks = new Set(rows.map(({ entry }) => entry.taskId).filter((id) => id !== ""));
  if (width < WIDE && tasks.size < 2) return undefined;
  return column(rows, "task", ({ entry }) => sanitise(entry.taskId), width < WIDE ? 10 : MAX_TASK_CELLS);
}

function placeOf(row: EventRow): string {
  return row.what === "observed" ? `${row.entry.record.partition}@${row.entry.record.offset}` : "";
}

function markOf(row: EventRow, paint: Paint): string {
  if (row.what === "absent") return paint("bad", "○");
  return row.entry.rules.length > 0 ? paint("bad", "✗") : paint("good", "●");
}

/** What the event says, cut to make room for what is wrong with it. */
function saysOf(row: EventRow, room: number, paint: Paint): string {
  const wrong = fit(row.what === "absent" ? sanitise(row.entry.fate) : row.entry.rules.join(" "), room);
  const says = sanitise(row.entry.says);
  if (wrong === "") return fit(says, room);
  const left = fit(says, Math.max(0, room - cellsOf(wrong) - 2));
  const shown = row.what === "absent" ? paint("dim", left) : left;
  return left === "" ? paint("bad", wrong) : `${shown}  ${paint("bad", wrong)}`;
}
