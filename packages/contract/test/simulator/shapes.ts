import type { Step } from "../support/chat.ts";

/** How the events of a shape are spread. */
interface Style {
  /** Whether CONVERSATION ends the turn; else the last task's completion does. */
  readonly conversation: boolean;
  /** Whether tasks run side by side; else one after the other. */
  readonly interleaved: boolean;
}

const styles: readonly Style[] = [
  { conversation: false, interleaved: false },
  { conversation: true, interleaved: false },
  { conversation: false, interleaved: true },
  { conversation: true, interleaved: true },
];

/** How many events of each kind a turn has, in the order of `eventKinds`. */
type Counts = readonly [statuses: number, texts: number, charts: number, errors: number, completions: number];

/**
 * A legal turn for every way in which `events` events can spread over the five topics, in each of the styles in which
 * there is one: a task for each completion, or one fewer and CONVERSATION; tasks one after the other, or side by side.
 * Which turns there are follows from the contract: one completion at least; a status first, or a FATAL error alone; for
 * each completed task a text, a chart or an error.
 */
export function* shapes(events: number): Generator<readonly Step[]> {
  for (const counts of countsOf(events)) {
    const seen = new Set<string>();
    for (const style of styles) {
      const turn = turnOf(counts, style);
      const name = JSON.stringify(turn);
      if (turn === undefined || seen.has(name)) continue;
      seen.add(name);
      yield turn;
    }
  }
}

function* countsOf(sum: number): Generator<Counts> {
  for (let statuses = 0; statuses <= sum; statuses++) {
    for (let texts = 0; statuses + texts <= sum; texts++) {
      for (let charts = 0; statuses + texts + charts <= sum; charts++) {
        for (let errors = 0; statuses + texts + charts + errors < sum; errors++) {
          yield [statuses, texts, charts, errors, sum - statuses - texts - charts - errors];
        }
      }
    }
  }
}

function turnOf([statuses, texts, charts, errors, completions]: Counts, style: Style): Step[] | undefined {
  const named = completions - (style.conversation ? 1 : 0);
  const tasks = named === 0 ? [undefined] : Array.from({ length: named }, (_, index) => `task_${index + 1}`);
  const end: Step[] = style.conversation ? [{ completion: "CONVERSATION" }] : [];
  if (statuses === 0) {
    // After a FATAL error only completions follow, and nothing but a status may come before it.
    if (errors !== 1 || texts + charts > 0 || named > 1) return undefined;
    return [...groupOf(tasks[0], { statuses: 0, texts: 0, charts: 0, errors: 1 }, "FATAL"), ...end];
  }
  const share = (count: number, index: number): number =>
    Math.floor(count / tasks.length) + (index < count % tasks.length ? 1 : 0);
  // Dealt from both ends, so that as many tasks as possible get something that a completed task must have.
  const back = (index: number): number => tasks.length - 1 - index;
  const groups = tasks.map((task, index) => {
    const own = {
      statuses: share(statuses - 1, index),
      texts: share(texts, index),
      charts: share(charts, back(index)),
      errors: share(errors, back(index)),
    };
    return { own, steps: groupOf(task, own, own.texts + own.charts === 0 ? "ERROR" : "WARNING") };
  });
  if (named > 0 && groups.some(({ own }) => own.texts + own.charts + own.errors === 0)) return undefined;
  const lists = groups.map(({ steps }) => steps);
  return [{ status: "Working..." }, ...(style.interleaved ? sideBySide(lists) : lists.flat()), ...end];
}

/** What one task says, its completion last; undefined is the turn itself, which has none. */
function groupOf(
  task: string | undefined,
  own: { readonly statuses: number; readonly texts: number; readonly charts: number; readonly errors: number },
  severity: "WARNING" | "ERROR" | "FATAL",
): Step[] {
  const of = task === undefined ? {} : { task };
  const times = (count: number, step: (index: number) => Step): Step[] =>
    Array.from({ length: count }, (_, index) => step(index));
  const before = own.charts === 0 ? 0 : Math.ceil(own.texts / 2);
  const after = own.charts === 0 ? "STANDALONE" : "AFTER";
  return [
    ...times(own.statuses, (index): Step => ({ ...of, status: `Step ${index + 1}` })),
    ...times(before, (index): Step => ({ ...of, text: `Introduction ${index + 1}`, position: "BEFORE" })),
    ...times(own.charts, (): Step => ({ ...of, chart: "bar" })),
    ...times(own.texts - before, (index): Step => ({ ...of, text: `Comment ${index + 1}`, position: after })),
    ...times(own.errors, (): Step => ({ ...of, error: severity })),
    ...(task === undefined ? [] : [{ task, completion: "TASK" } as const]),
  ];
}

function sideBySide(lists: readonly (readonly Step[])[]): Step[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}
