import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createRandom, uuidV7 } from "@ondash/core";
import type { AnyEnvelope, SchemaName } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import type { Playlist } from "./playlist.ts";

/** The `code` of the errors that end a cancelled turn. */
export const CANCELLED_CODE = "CANCELLED";
/** The task that a cancelled turn fails in when its scenario has none left to open. */
const NO_TASK = "cancelled";
const MILLION = 1_000_000;

/**
 * What a backend says to end a turn that was cancelled after its step `lastStep` (0: before the first), so that the turn
 * ends as the contract wants it and is not taken for an answer: each open task gets an error `CANCELLED` (the last one
 * FATAL, so that the whole turn counts as failed) and its completion; the last completion ends the turn. When no task
 * is open, the next one that the scenario would open fails.
 *
 * Undefined: the backend has already said that the turn failed (FATAL) or that the conversation is over. Only what is
 * left of the scenario may follow that.
 */
export function cancelledTail(
  playlist: Playlist,
  lastStep: number,
): ReadonlyMap<SchemaName, readonly AnyEnvelope[]> | undefined {
  const tails = new Map<SchemaName, readonly AnyEnvelope[]>();
  for (const [schema, meant] of playlist.meant) {
    const envelopes = meant.flatMap((payload) => ("envelope" in payload ? [payload.envelope] : []));
    const said = envelopes.slice(0, lastStep);
    if (said.some(endsEverything)) return undefined;
    const tasks = tasksToFail(said, envelopes.slice(lastStep));
    tails.set(schema, tailOf(schema, tasks, said.at(-1) ?? (envelopes[0] as AnyEnvelope), playlist, lastStep));
  }
  return tails;
}

function endsEverything({ event }: AnyEnvelope): boolean {
  if (event.case === "error") return event.value.severity === v1.ErrorSeverity.FATAL;
  return event.case === "completion" && event.value.type === v1.CompletionType.CONVERSATION;
}

/** The tasks that are open, in order of opening; when there is none, the next that would be opened. */
function tasksToFail(said: readonly AnyEnvelope[], rest: readonly AnyEnvelope[]): readonly string[] {
  const open = new Set<string>();
  const known = new Set([""]);
  for (const { taskId, event } of said) {
    known.add(taskId);
    if (event.case === "completion") open.delete(taskId);
    else if (taskId !== "") open.add(taskId);
  }
  if (open.size > 0) return [...open];
  return [rest.find(({ taskId }) => !known.has(taskId))?.taskId ?? NO_TASK];
}

function tailOf(
  schema: SchemaName,
  tasks: readonly string[],
  last: AnyEnvelope,
  { scenario, seed }: Playlist,
  lastStep: number,
): readonly AnyEnvelope[] {
  const { conversationId, messageId } = last;
  const random = createRandom(seed).fork(scenario, "cancelled", lastStep);
  const errors = tasks.map((taskId, index) => ({ taskId, fatal: index === tasks.length - 1 }));
  const steps = [...errors, ...tasks.map((taskId) => ({ taskId, fatal: undefined }))];
  return steps.map(({ taskId, fatal }, index): AnyEnvelope => {
    const timestamp = later(last.timestamp, index + 1);
    const eventId = uuidV7(
      Number(timestamp.seconds) * 1_000 + Math.floor(timestamp.nanos / MILLION),
      random.fork(index),
    );
    const head = { eventId, conversationId, messageId, taskId, timestamp };
    const event = fatal === undefined ? COMPLETION : failure(fatal);
    if (schema === "chat.v1") return create(v1.EventEnvelopeSchema, { ...head, event });
    const sequence = lastStep + index + 1;
    const isLast = index === steps.length - 1;
    return create(v2.EventEnvelopeSchema, { ...head, sequence, event: isLast ? finalCompletion(sequence) : event });
  });
}

type EventInit = NonNullable<MessageInitShape<typeof v1.EventEnvelopeSchema>["event"]>;

const COMPLETION = {
  case: "completion",
  value: { type: v1.CompletionType.TASK, message: "Cancelled" },
} as const satisfies EventInit;

function finalCompletion(lastSequence: number) {
  return { case: "completion", value: { ...COMPLETION.value, lastSequence } } as const;
}

function failure(fatal: boolean) {
  const severity = fatal ? v1.ErrorSeverity.FATAL : v1.ErrorSeverity.ERROR;
  return { case: "error", value: { severity, code: CANCELLED_CODE, message: "Cancelled by the user" } } as const;
}

/** A timestamp so many milliseconds later. */
function later(timestamp: AnyEnvelope["timestamp"], ms: number): { seconds: bigint; nanos: number } {
  const nanos = (timestamp?.nanos ?? 0) + ms * MILLION;
  return { seconds: (timestamp?.seconds ?? 0n) + BigInt(Math.floor(nanos / 1e9)), nanos: nanos % 1e9 };
}
