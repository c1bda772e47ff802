import { ErrorSeverity } from "@ondash/schemas/chat/v1";
import { completesConversation, completesTask, isFailure, type SoundEvent } from "../event.ts";
import type { EventBlock, FoldedContent, TaskStateName } from "./content.ts";

interface TaskFold {
  readonly id: string;
  completed: boolean;
  failed: boolean;
}

/**
 * What a turn's events add up to.
 * @param events in emission order, each event_id once; any subset of a turn's gives a valid partial result.
 * @param sequenced whether the version numbers its events.
 */
export function foldTurn(events: readonly SoundEvent[], sequenced: boolean): FoldedContent {
  const blocks: EventBlock[] = [];
  const errors: { code: string; message: string }[] = [];
  const tasks = new Map<string, TaskFold>();
  let fatal = false;
  let conversationEnded = false;
  let last = 0;
  for (const event of events) {
    const { body, taskId } = event;
    let task: TaskFold | undefined;
    if (taskId !== "") {
      task = tasks.get(taskId) ?? { id: taskId, completed: false, failed: false };
      tasks.set(taskId, task);
    }
    if (body.kind === "text") blocks.push({ kind: "text", text: body.text });
    else if (body.kind === "chart") {
      const { chartType, typeNumber, configJson } = body;
      blocks.push({ kind: "chart", chartType, typeNumber, configJson });
    } else if (body.kind === "error" && isFailure(body)) {
      errors.push({ code: body.code, message: body.message });
      if (task !== undefined) task.failed = true;
      fatal ||= body.severity === ErrorSeverity.FATAL;
    } else if (body.kind === "completion") {
      if (task !== undefined && completesTask(event)) task.completed = true;
      conversationEnded ||= completesConversation(event);
      last = Math.max(last, body.lastSequence);
    }
  }
  const folded = [...tasks.values()];
  // CONVERSATION ends its turn's open tasks too.
  const allClosed = conversationEnded || folded.every((task) => task.completed);
  // With sequences a hole shows that the turn is not all there; without, a turn has ended when its tasks have.
  const whole = sequenced
    ? last > 0 && new Set(events.map(({ sequence }) => sequence)).size >= last
    : conversationEnded || folded.length > 0;
  const failed = fatal || (folded.length > 0 && folded.every((task) => task.failed));
  return {
    blocks,
    errors,
    tasks: folded.map((task) => ({ id: task.id, state: stateOf(task, conversationEnded) })),
    status: failed ? "failed" : whole && allClosed ? "complete" : "incomplete",
  };
}

/** An error outweighs the completion; CONVERSATION closes what it finds open. */
function stateOf({ completed, failed }: TaskFold, conversationEnded: boolean): TaskStateName {
  if (failed) return "failed";
  return completed || conversationEnded ? "completed" : "running";
}
