import type { Observation } from "@ondash/contract";
import type { AnyEnvelope } from "@ondash/schemas";
import { ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { wholeRun } from "./log.ts";
import { failedTasks, type Legal, type Operator, pick, pickIndex } from "./operators.ts";
import { clearStep, encode, insertAt, renumber, world } from "./world.ts";

/** The turn of these events, numbered anew. */
function runOf({ schema }: Legal, events: readonly AnyEnvelope[]): Observation[] {
  const { log, records } = world(schema, encode(schema, renumber(schema, events)));
  return wholeRun(log, records);
}

const isText =
  (position: number) =>
  (event: AnyEnvelope): boolean =>
    event.event.case === "text" && event.event.value.position === position;
const isChart = ({ event }: AnyEnvelope): boolean => event.case === "chart";

/** Tasks (or "") of the turn that satisfy a condition, and have no error that excuses them. */
function tasksWith(
  { events, random }: Legal,
  suits: (own: readonly AnyEnvelope[], task: string) => boolean,
): string | undefined {
  const failed = failedTasks(events);
  const tasks = [...new Set(events.map(({ taskId }) => taskId))].filter((task) => !failed.has(task));
  return pick(
    random,
    tasks.filter((task) =>
      suits(
        events.filter(({ taskId }) => taskId === task),
        task,
      ),
    ),
  );
}

/** Inserts a text of a task at a place; `model` may be any event of the turn. */
function insertText(legal: Legal, index: number, taskId: string, position: number): AnyEnvelope[] | undefined {
  const model = legal.events.find(({ event }) => event.case === "text");
  if (model === undefined) return undefined;
  return insertAt(legal.schema, legal.events, index, model, (event) => {
    event.taskId = taskId;
    if (event.event.case === "text") Object.assign(event.event.value, { position });
  });
}

/** One operator or more for each GRM rule. */
export const grammarOperators: readonly Operator[] = [
  {
    rule: "GRM-01",
    does: "a text comes first",
    mutate(legal) {
      const events = insertText(legal, 0, "", TextPosition.STANDALONE);
      return events && runOf(legal, events);
    },
  },
  {
    rule: "GRM-02",
    does: "the charts that BEFORE texts announce are missing",
    mutate(legal) {
      const task = tasksWith(legal, (own) => own.some(isText(TextPosition.BEFORE)));
      if (task === undefined) return undefined;
      return runOf(
        legal,
        legal.events.filter((event) => event.taskId !== task || !isChart(event)),
      );
    },
  },
  {
    rule: "GRM-02",
    does: "a BEFORE text stands behind its task's last chart",
    mutate(legal) {
      const task = tasksWith(legal, (own, name) => name !== "" && own.some(isChart));
      if (task === undefined) return undefined;
      const last = legal.events.findLastIndex((event) => event.taskId === task && isChart(event));
      const events = insertText(legal, last + 1, task, TextPosition.BEFORE);
      return events && runOf(legal, events);
    },
  },
  {
    rule: "GRM-03",
    does: "an AFTER text stands before its task's first chart",
    mutate(legal) {
      const task = tasksWith(legal, (own, name) => name !== "" && own.length > 1);
      if (task === undefined) return undefined;
      const first = legal.events.findIndex((event) => event.taskId === task);
      const chart = legal.events.findIndex((event) => event.taskId === task && isChart(event));
      if (first === chart) return undefined;
      const events = insertText(legal, first + 1, task, TextPosition.AFTER);
      return events && runOf(legal, events);
    },
  },
  {
    rule: "GRM-04",
    does: "a STANDALONE text stands between a BEFORE text and its chart",
    mutate(legal) {
      const { events } = legal;
      const failed = failedTasks(events);
      const index = pickIndex(
        legal,
        (event, at) =>
          isText(TextPosition.BEFORE)(event) &&
          !failed.has(event.taskId) &&
          events.slice(at).some((other) => other.taskId === event.taskId && isChart(other)),
      );
      const before = index === undefined ? undefined : events[index];
      if (index === undefined || before === undefined) return undefined;
      const inserted = insertText(legal, index + 1, before.taskId, TextPosition.STANDALONE);
      return inserted && runOf(legal, inserted);
    },
  },
  {
    rule: "GRM-05",
    does: "a completed task has neither text nor chart",
    mutate(legal) {
      const task = tasksWith(legal, (own, name) => name !== "" && own.some(({ event }) => event.case === "completion"));
      if (task === undefined) return undefined;
      const rest = legal.events.filter(
        ({ taskId, event }) => taskId !== task || (event.case !== "text" && event.case !== "chart"),
      );
      return runOf(legal, rest);
    },
  },
  {
    rule: "GRM-06",
    does: "an event follows a FATAL error",
    mutate(legal) {
      const { schema, events } = legal;
      // Before an event that is not the first, so that the turn still begins with what it began with.
      const index = pickIndex(legal, ({ event }, at) => at > 0 && event.case !== "completion");
      const model = events.find(({ event }) => event.case === "error");
      if (index === undefined || model === undefined) return undefined;
      return runOf(
        legal,
        insertAt(schema, events, index, model, (event) => {
          event.taskId = "";
          if (event.event.case === "error") Object.assign(event.event.value, { severity: ErrorSeverity.FATAL });
        }),
      );
    },
  },
  {
    rule: "GRM-07",
    does: "a step is above total_steps",
    versions: [2],
    mutate: (legal) => withStep(legal, { step: 1_000_000, totalSteps: 999_999 }),
  },
  {
    rule: "GRM-07",
    does: "progress goes back",
    versions: [2],
    mutate(legal) {
      const status = legal.events.findIndex(({ taskId, event }) => taskId !== "" && event.case === "status");
      const model = legal.events[status];
      if (model === undefined) return undefined;
      const step = (at: number, value: number, events: readonly AnyEnvelope[]): AnyEnvelope[] =>
        insertAt(legal.schema, events, at, model, (event) => {
          event.eventId += `-${at}`;
          clearStep(event);
          if (event.event.case === "status") Object.assign(event.event.value, { step: value });
        });
      const first = step(status + 1, 900_001, legal.events);
      return runOf(legal, step(status + 2, 900_000, first));
    },
  },
];

/** A status with this progress as the last of its task that is not a completion. */
function withStep(legal: Legal, progress: { step: number; totalSteps: number }): Observation[] | undefined {
  const index = legal.events.findLastIndex(({ event }) => event.case === "status");
  const model = legal.events[index];
  if (model === undefined) return undefined;
  return runOf(
    legal,
    insertAt(legal.schema, legal.events, index + 1, model, (event) => {
      if (event.event.case === "status") Object.assign(event.event.value, progress);
    }),
  );
}
