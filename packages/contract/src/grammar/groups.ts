import { TextPosition } from "@ondash/schemas/chat/v1";
import { completesTask, isFailure, type PlacedEvent } from "../event.ts";
import type { TurnFacts } from "../turn/facts.ts";

/** An event with its index in the turn's emission order. */
export interface Ordered {
  readonly index: number;
  readonly placed: PlacedEvent;
}

/** The events of one task_id of a turn; "" is a group of its own. Lists are in emission order. */
export interface Group {
  readonly task: string;
  readonly before: readonly Ordered[];
  readonly after: readonly Ordered[];
  readonly standalone: readonly Ordered[];
  readonly charts: readonly Ordered[];
  readonly statuses: readonly Ordered[];
  /** An ERROR or FATAL error anywhere in it: excuses it from having a chart or a result. */
  readonly failed: boolean;
  /** The TASK completion that is first in emission order. */
  readonly completion: Ordered | undefined;
}

interface GrowingGroup {
  task: string;
  before: Ordered[];
  after: Ordered[];
  standalone: Ordered[];
  charts: Ordered[];
  statuses: Ordered[];
  failed: boolean;
  completion: Ordered | undefined;
}

/** The turn's events by task, in order of opening; a re-sent record counts once. */
export function groupsOf(turn: TurnFacts): Group[] {
  const groups = new Map<string, GrowingGroup>();
  for (const ordered of distinct(turn)) {
    const { event } = ordered.placed;
    let group = groups.get(event.taskId);
    if (group === undefined) {
      group = {
        task: event.taskId,
        before: [],
        after: [],
        standalone: [],
        charts: [],
        statuses: [],
        failed: false,
        completion: undefined,
      };
      groups.set(event.taskId, group);
    }
    put(group, ordered);
  }
  return [...groups.values()];
}

/** The events in emission order, each event_id once. */
export function distinct(turn: TurnFacts): Ordered[] {
  const seen = new Set<string>();
  const list: Ordered[] = [];
  for (const placed of turn.events) {
    if (seen.has(placed.event.eventId)) continue;
    seen.add(placed.event.eventId);
    list.push({ index: list.length, placed });
  }
  return list;
}

function put(group: GrowingGroup, ordered: Ordered): void {
  const { event } = ordered.placed;
  switch (event.body.kind) {
    case "status":
      group.statuses.push(ordered);
      break;
    case "chart":
      group.charts.push(ordered);
      break;
    case "error":
      group.failed ||= isFailure(event.body);
      break;
    case "completion":
      if (completesTask(event)) group.completion ??= ordered;
      break;
    case "text":
      if (event.body.position === TextPosition.BEFORE) group.before.push(ordered);
      else if (event.body.position === TextPosition.AFTER) group.after.push(ordered);
      else group.standalone.push(ordered);
  }
}

/** The first of a list in emission order that comes after `index`. */
export function firstAfter(list: readonly Ordered[], index: number): Ordered | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.index ?? 0) > index) high = middle;
    else low = middle + 1;
  }
  return list[low];
}
