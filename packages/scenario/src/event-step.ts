import { parseDuration } from "@ondash/core";
import { configJson } from "./config-json.ts";
import type { EventStepKind, Steps, TaskRef } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";

/** What an event says, before ids and time. */
export type EventBody =
  | { readonly kind: "status"; readonly message: string }
  | { readonly kind: "text"; readonly position: "BEFORE" | "AFTER" | "STANDALONE"; readonly body: string }
  | { readonly kind: "chart"; readonly type: string; readonly configJson: string }
  | {
      readonly kind: "error";
      readonly severity: "WARNING" | "ERROR" | "FATAL";
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "completion"; readonly type: "TASK" | "CONVERSATION"; readonly message: string };

/** A task as a file names it, taken apart. */
export interface Task {
  /** "" is the turn itself. */
  readonly id: string;
  /** The stored message's `TaskInfo.scenario`. */
  readonly scenario: string | undefined;
}

/** A step that emits an event, after expansion. */
export interface ExpandedStep {
  readonly id: string | undefined;
  readonly location: SourceLocation;
  /** Milliseconds after the step before; undefined: the scenario's gap. */
  readonly after: number | undefined;
  readonly task: Task;
  readonly body: EventBody;
}

/**
 * What a step that was checked says.
 * @param raw the same step as it came from the file, for the order of a config's members.
 */
export function eventStep(
  step: Steps[EventStepKind],
  raw: unknown,
  location: SourceLocation,
  defaultTask: Task,
): ExpandedStep {
  const body = bodyOf(step, raw);
  // CONVERSATION ends the turn, whatever the default task of the steps is.
  const turnWide = body.kind === "completion" && body.type === "CONVERSATION";
  return {
    id: step.id,
    location,
    after: step.after === undefined ? undefined : parseDuration(step.after),
    task: taskOf(step.task) ?? (turnWide ? THE_TURN : defaultTask),
    body,
  };
}

/** Events that belong to no task. */
export const THE_TURN: Task = { id: "", scenario: undefined };

/** A task as its parts; `none` is the turn itself. */
export function taskOf(task: TaskRef | undefined): Task | undefined {
  if (task === undefined) return undefined;
  const { id, scenario } = typeof task === "string" ? { id: task } : task;
  return id === "none" ? THE_TURN : { id, scenario };
}

function bodyOf(step: Steps[EventStepKind], raw: unknown): EventBody {
  if ("status" in step) return { kind: "status", message: step.status };
  if ("text" in step) return { kind: "text", ...step.text };
  if ("chart" in step) {
    const { type, raw: exact } = step.chart;
    return { kind: "chart", type, configJson: exact ?? configJson((raw as Steps["chart"]).chart.config) };
  }
  if ("error" in step) return { kind: "error", ...step.error };
  return { kind: "completion", type: step.completion.type, message: step.completion.message ?? "" };
}
