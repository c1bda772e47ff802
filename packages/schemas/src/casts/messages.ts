import * as v1 from "../chat/v1.ts";
import * as v2 from "../chat/v2.ts";
import { at, type CastPlace, counterpart, pathOf, timestampOf } from "./carry.ts";
import { downcastChartType, upcastChartType } from "./charts.ts";
import { roles, taskStates } from "./fixed-set.ts";

/** What chat.v1's stored message does not say. */
export interface UpcastMessageOptions {
  /**
   * How the turn ended, where the caller knows. Default: as far as the message itself shows it. FAILED when it has tasks
   * and all have failed, or errors and no content; else INCOMPLETE when a task is pending or running; else COMPLETE. (It
   * does not show whether an error was FATAL, nor that an answer was cut off between two tasks.)
   */
  readonly status?: v2.MessageStatus;
}

/**
 * A stored message of chat.v1 as chat.v2 says it. Unknown fields are kept.
 * @throws CastError of code `value` for a role or task state outside the fixed set (an unset one stays unset),
 * `unknown-field` for an unknown field with a number that chat.v2 uses.
 */
export function upcastMessage(message: v1.Message, options: UpcastMessageOptions = {}): v2.Message {
  const place: CastPlace = { subject: { kind: "message", id: message.id, from: "chat.v1", to: "chat.v2" }, path: "" };
  const role = roles.numberOf(message.role) ?? roles.refuse(message.role, place.subject, "role");
  const made = counterpart(
    v2.MessageSchema,
    {
      id: message.id,
      conversationId: message.conversationId,
      role: role as v2.Role,
      ...timestampOf(message),
      content: message.content.map((block, index) => upcastBlock(block, at(place, `content[${index}]`))),
    },
    message,
    place,
  );
  if (message.metadata !== undefined) made.metadata = upcastMetadata(message.metadata, at(place, "metadata"));
  made.status = options.status ?? statusOf(made);
  return made;
}

function isOpen({ state }: v2.TaskInfo): boolean {
  return state === v2.TaskState.PENDING || state === v2.TaskState.RUNNING;
}

function statusOf({ content, metadata }: v2.Message): v2.MessageStatus {
  const { tasks, errors } = metadata ?? { tasks: [], errors: [] };
  const allFailed = tasks.length > 0 && tasks.every(({ state }) => state === v2.TaskState.FAILED);
  if (allFailed || (errors.length > 0 && content.length === 0)) return v2.MessageStatus.FAILED;
  return tasks.some(isOpen) ? v2.MessageStatus.INCOMPLETE : v2.MessageStatus.COMPLETE;
}

function upcastBlock(source: v1.ContentBlock, place: CastPlace): v2.ContentBlock {
  const { block } = source;
  if (block.case === undefined) return counterpart(v2.ContentBlockSchema, {}, source, place);
  const inner = at(place, block.case);
  if (block.case === "text") {
    const value = counterpart(v2.TextBlockSchema, { text: block.value.text }, block.value, inner);
    return counterpart(v2.ContentBlockSchema, { block: { case: "text", value } }, source, place);
  }
  const init = { ...upcastChartType(block.value.chartType), configJson: block.value.configJson };
  const value = counterpart(v2.ChartBlockSchema, init, block.value, inner);
  return counterpart(v2.ContentBlockSchema, { block: { case: "chart", value } }, source, place);
}

function upcastMetadata(source: v1.MessageMetadata, place: CastPlace): v2.MessageMetadata {
  const { executionTimeMs, tokensUsed } = source;
  const tasks = source.tasks.map((task, index) => {
    const inner = at(place, `tasks[${index}]`);
    const { taskId, scenario, state: name } = task;
    const state = taskStates.numberOf(name) ?? taskStates.refuse(name, place.subject, pathOf(inner, "state"));
    return counterpart(v2.TaskInfoSchema, { taskId, scenario, state: state as v2.TaskState }, task, inner);
  });
  const errors = source.errors.map((error, index) => {
    const { code, message } = error;
    return counterpart(v2.MessageErrorSchema, { code, message }, error, at(place, `errors[${index}]`));
  });
  return counterpart(v2.MessageMetadataSchema, { tasks, executionTimeMs, tokensUsed, errors }, source, place);
}

/**
 * A stored message of chat.v2 as chat.v1 says it: role, task states and chart types as strings; the status is lost.
 * Total on messages that keep the contract. Unknown fields are kept.
 * @throws CastError of code `value` for an enum number or chart type that is no valid one, `unknown-field` for an
 * unknown field with a number that chat.v1 uses (chat.v2 reserves it).
 */
export function downcastMessage(message: v2.Message): v1.Message {
  const place: CastPlace = { subject: { kind: "message", id: message.id, from: "chat.v2", to: "chat.v1" }, path: "" };
  const made = counterpart(
    v1.MessageSchema,
    {
      id: message.id,
      conversationId: message.conversationId,
      role: roles.nameOf(message.role, place.subject, "role"),
      ...timestampOf(message),
      content: message.content.map((block, index) => downcastBlock(block, at(place, `content[${index}]`))),
    },
    message,
    place,
  );
  if (message.metadata !== undefined) made.metadata = downcastMetadata(message.metadata, at(place, "metadata"));
  return made;
}

function downcastBlock(source: v2.ContentBlock, place: CastPlace): v1.ContentBlock {
  const { block } = source;
  if (block.case === undefined) return counterpart(v1.ContentBlockSchema, {}, source, place);
  const inner = at(place, block.case);
  if (block.case === "text") {
    const value = counterpart(v1.TextBlockSchema, { text: block.value.text }, block.value, inner);
    return counterpart(v1.ContentBlockSchema, { block: { case: "text", value } }, source, place);
  }
  const init = { chartType: downcastChartType(block.value, inner), configJson: block.value.configJson };
  const value = counterpart(v1.ChartBlockSchema, init, block.value, inner);
  return counterpart(v1.ContentBlockSchema, { block: { case: "chart", value } }, source, place);
}

function downcastMetadata(source: v2.MessageMetadata, place: CastPlace): v1.MessageMetadata {
  const { executionTimeMs, tokensUsed } = source;
  const tasks = source.tasks.map((task, index) => {
    const inner = at(place, `tasks[${index}]`);
    const { taskId, scenario } = task;
    const state = taskStates.nameOf(task.state, place.subject, pathOf(inner, "state"));
    return counterpart(v1.TaskInfoSchema, { taskId, scenario, state }, task, inner);
  });
  const errors = source.errors.map((error, index) => {
    const { code, message } = error;
    return counterpart(v1.MessageErrorSchema, { code, message }, error, at(place, `errors[${index}]`));
  });
  return counterpart(v1.MessageMetadataSchema, { tasks, executionTimeMs, tokensUsed, errors }, source, place);
}
