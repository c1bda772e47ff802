import { fromJson } from "@bufbuild/protobuf";
import type { MessageObservation } from "@ondash/contract";
import { type ChatSchema, schemaOf } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import type * as v2 from "@ondash/schemas/chat/v2";
import { isFailure, isFatal } from "./grammar-rules.ts";
import { missingOf, type Outcomes } from "./order-rules.ts";
import { endingOf, type Turn } from "./turns.ts";

/** A stored message. */
export interface Stored {
  readonly schema: ChatSchema;
  readonly message: v1.Message | v2.Message;
}

/** The assistant's message in an observation, if it is one. */
export function storedMessage({ schema: name, message: json }: MessageObservation): Stored | undefined {
  const schema = schemaOf(name);
  const message = fromJson(schema.message, json as never, {
    ignoreUnknownFields: true,
  }) as unknown as Stored["message"];
  return message.role === "assistant" || message.role === 2 ? { schema, message } : undefined;
}

/** The MSG rules of a message and its turn. */
export function judgeMessage({ schema, message }: Stored, turn: Turn): Outcomes {
  const outcomes: Outcomes = new Map();
  const judge = (rule: string, holds: boolean): void => void outcomes.set(rule, holds ? "held" : "violated");
  const said = turn.said.flatMap(({ event: { event } }) => {
    if (event.case === "text") return [`text ${event.value.text}`];
    return event.case === "chart" ? [`chart ${JSON.stringify(contentOf(event.value))}`] : [];
  });
  const stored = message.content.map(({ block }) => {
    if (block.case === "text") return `text ${block.value.text}`;
    return block.case === "chart" ? `chart ${JSON.stringify(contentOf(block.value))}` : "nothing";
  });
  const kinds = (blocks: readonly string[]): string => blocks.map((block) => block.slice(0, 5)).join();
  const differ = said.join("\0") !== stored.join("\0");
  const permuted = differ && said.toSorted().join("\0") === stored.toSorted().join("\0");
  judge("MSG-01", kinds(said) === kinds(stored) && !permuted);
  judge("MSG-02", !differ);
  // Which blocks stand against each other is open where they don't do so one to one.
  if (outcomes.get("MSG-01") === "violated") outcomes.set("MSG-02", "undefined");
  judge("MSG-03", sameTasks(message, turn) && sameErrors(message, turn));
  if (schema.version === 2) judge("MSG-04", "status" in message && message.status === statusOf(turn));
  return outcomes;
}

function contentOf(chart: object): unknown {
  const { configJson, chartType, customChartType } = chart as v2.ChartBlock;
  return [configJson, chartType, customChartType];
}

function failedTasks({ said }: Turn): ReadonlySet<string> {
  return new Set(said.filter(isFailure).map(({ event }) => event.taskId));
}

function sameTasks({ metadata }: Stored["message"], turn: Turn): boolean {
  const failed = failedTasks(turn);
  const { conversation, completions, tasks } = endingOf(turn.schema, turn.said);
  const closed = conversation !== undefined;
  const expected = tasks.map((task) => {
    const state = failed.has(task) ? 4 : completions.has(task) || closed ? 3 : 2;
    return `${task} ${state}`;
  });
  const states: readonly unknown[] = [undefined, "pending", "running", "completed", "failed"];
  const stored = (metadata?.tasks ?? []).map(({ taskId, state }) => {
    return `${taskId} ${typeof state === "number" ? state : states.indexOf(state)}`;
  });
  return expected.join("\0") === stored.join("\0");
}

function sameErrors({ metadata }: Stored["message"], { said }: Turn): boolean {
  const expected = said.filter(isFailure).map(({ event: { event } }) => {
    return event.case === "error" ? [event.value.code, event.value.message] : [];
  });
  const stored = (metadata?.errors ?? []).map(({ code, message }) => [code, message]);
  return JSON.stringify(expected) === JSON.stringify(stored);
}

/** COMPLETE 1, INCOMPLETE 2, FAILED 3. */
function statusOf(turn: Turn): number {
  const failed = failedTasks(turn);
  const { end, conversation, tasks, openTasks } = endingOf(turn.schema, turn.said);
  if (turn.said.some(isFatal) || (tasks.length > 0 && tasks.every((task) => failed.has(task)))) return 3;
  const missing = missingOf({ ...turn, end, events: turn.said });
  return end !== undefined && missing === 0 && (conversation !== undefined || openTasks.length === 0) ? 1 : 2;
}
