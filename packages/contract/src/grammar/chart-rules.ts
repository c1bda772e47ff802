import { type Check, idle, nameRecord, quote, unprovable, violated } from "../finding.ts";
import { describeBarrier, doubt, type TurnFacts, type TurnRule } from "../turn/facts.ts";
import { firstAfter, type Group, groupsOf, type Ordered } from "./groups.ts";
import { unlessIncomplete } from "./whole.ts";

const inTask = (task: string): string => (task === "" ? "outside any task" : `of ${task}`);

const says = ({ placed }: Ordered): string => (placed.event.body.kind === "text" ? quote(placed.event.body.text) : "");

/** What an ended turn's grammar rule says when nothing is wrong. */
function clean(turn: TurnFacts, triggered: boolean): Check {
  if (!turn.ended || !triggered) return idle;
  const why = doubt(turn);
  return why === undefined ? { status: "held" } : unprovable(why);
}

/** The charts of the turn that are nearest to a text, for a witness. */
function candidates(groups: readonly Group[], text: Ordered): string[] {
  const charts = groups.flatMap((group) => group.charts.map((chart) => ({ chart, task: group.task })));
  return charts
    .sort((a, b) => Math.abs(a.chart.index - text.index) - Math.abs(b.chart.index - text.index))
    .slice(0, 2)
    .map(({ chart, task }) => {
      const where = chart.index < text.index ? "before it" : "after it";
      return `nearest: a chart ${inTask(task)}, ${where}, at ${nameRecord(chart.placed.place)}`;
    });
}

function proof(turn: TurnFacts): string[] {
  return "why" in turn.settled ? [] : [describeBarrier(turn.settled)];
}

/** Whether a chart can be what a BEFORE text announces: its task is not complete by then. */
function isInTime({ completion }: Group, chart: Ordered): boolean {
  return completion === undefined || chart.index < completion.index;
}

/** GRM-02: after a BEFORE text comes its chart. */
export const beforeHasChart: TurnRule = (turn) => {
  if (!turn.ended) return idle;
  const groups = groupsOf(turn);
  for (const group of groups) {
    if (group.failed) continue;
    for (const text of group.before) {
      const chart = firstAfter(group.charts, text.index);
      if (chart !== undefined && isInTime(group, chart)) continue;
      const why = doubt(turn);
      if (why !== undefined) return unprovable(why);
      return violated({
        message: `The BEFORE text ${says(text)} ${inTask(group.task)} is not followed by a chart.`,
        expected: `a chart ${inTask(group.task)} after it${group.completion === undefined ? "" : " and before the task's completion"}`,
        actual: chart === undefined ? "no chart follows" : "the chart comes after the task's completion",
        records: [text, chart, group.completion].flatMap((event) => (event === undefined ? [] : [event.placed.place])),
        notes: [...candidates(groups, text), ...proof(turn)],
        eventIds: [text.placed.event.eventId],
      });
    }
  }
  return clean(
    turn,
    groups.some((group) => group.before.length > 0),
  );
};

/** GRM-03: before an AFTER text came its chart. */
export const afterHasChart: TurnRule = (turn) => {
  if (!turn.ended) return idle;
  const groups = groupsOf(turn);
  for (const group of groups) {
    const [text] = group.after;
    const [chart] = group.charts;
    if (group.failed || text === undefined || (chart !== undefined && chart.index < text.index)) continue;
    const why = doubt(turn);
    if (why !== undefined) return unprovable(why);
    return violated({
      message: `The AFTER text ${says(text)} ${inTask(group.task)} is not preceded by a chart.`,
      expected: `a chart ${inTask(group.task)} before it`,
      actual: chart === undefined ? "no chart at all" : "the first chart comes after it",
      records: chart === undefined ? [text.placed.place] : [text.placed.place, chart.placed.place],
      notes: [...candidates(groups, text), ...proof(turn)],
      eventIds: [text.placed.event.eventId],
    });
  }
  return clean(
    turn,
    groups.some((group) => group.after.length > 0),
  );
};

/** GRM-04: nothing STANDALONE between a BEFORE text and its chart. */
export const nothingBetween: TurnRule = (turn) => {
  const groups = groupsOf(turn);
  for (const group of groups) {
    for (const before of group.before) {
      const chart = firstAfter(group.charts, before.index);
      const between = firstAfter(group.standalone, before.index);
      if (chart === undefined || !isInTime(group, chart)) continue;
      if (between === undefined || between.index > chart.index) continue;
      return unlessIncomplete(turn, {
        message: `A STANDALONE text ${inTask(group.task)} stands between a BEFORE text and its chart.`,
        expected: `the chart next after ${says(before)}`,
        actual: `${says(between)} comes first`,
        records: [before.placed.place, between.placed.place, chart.placed.place],
        eventIds: [between.placed.event.eventId, before.placed.event.eventId],
      });
    }
  }
  return groups.some((group) => group.standalone.length > 0) ? unlessIncomplete(turn, undefined) : idle;
};

/** GRM-05: a completed task has a result. */
export const taskHasResult: TurnRule = (turn) => {
  if (!turn.ended) return idle;
  const groups = groupsOf(turn);
  for (const group of groups) {
    const { completion } = group;
    if (completion === undefined || group.failed) continue;
    if (group.before.length + group.after.length + group.standalone.length + group.charts.length > 0) continue;
    const why = doubt(turn);
    if (why !== undefined) return unprovable(why);
    return violated({
      message: `Task ${group.task} was completed without a result.`,
      expected: "at least one text or chart of the task, or an ERROR or FATAL error",
      actual: `${group.statuses.length} status events and the completion`,
      records: [completion.placed.place],
      notes: proof(turn),
      eventIds: [completion.placed.event.eventId],
    });
  }
  return clean(
    turn,
    groups.some((group) => group.completion !== undefined),
  );
};
