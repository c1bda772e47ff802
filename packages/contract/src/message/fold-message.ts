import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import { ContractError } from "../error.ts";
import { compareEmission, type SoundEvent, toContractEvent } from "../event.ts";
import type { EventBlock, StatusName, TaskStateName } from "./content.ts";
import { foldTurn } from "./fold-turn.ts";

const STATES: Readonly<Record<TaskStateName, v2.TaskState>> = {
  pending: v2.TaskState.PENDING,
  running: v2.TaskState.RUNNING,
  completed: v2.TaskState.COMPLETED,
  failed: v2.TaskState.FAILED,
};

const STATUSES: Readonly<Record<StatusName, v2.MessageStatus>> = {
  complete: v2.MessageStatus.COMPLETE,
  incomplete: v2.MessageStatus.INCOMPLETE,
  failed: v2.MessageStatus.FAILED,
};

/** What a stored message says that events do not. */
export interface FoldMetadata {
  /** 0 (the default): unknown. */
  readonly executionTimeMs?: number;
  /** 0 (the default): unknown. */
  readonly tokensUsed?: number;
  /** `TaskInfo.scenario` by task_id; "" by default. */
  readonly scenarios?: Readonly<Record<string, string>>;
}

/** The stored message of a schema version. */
export type MessageOf<Schema extends ChatSchema> = Schema["version"] extends 1
  ? v1.Message
  : Schema["version"] extends 2
    ? v2.Message
    : v1.Message | v2.Message;

/**
 * The stored Message that a turn's events add up to: texts and charts in emission order, tasks in order of opening,
 * errors of severity ERROR and FATAL; its timestamp is that of the first event. The order of `events` does not matter,
 * nor does an event that comes several times; any subset of a turn's events gives a valid partial message.
 * @param events of one turn, at least one; those without an event or a timestamp are left out.
 * @throws ContractError `message` when there is no event, or events of two turns.
 */
export function foldMessage<Schema extends ChatSchema>(
  schema: Schema,
  events: Iterable<AnyEnvelope>,
  metadata: FoldMetadata = {},
): MessageOf<Schema> {
  const sound = distinctInOrder(schema, events);
  const [first] = sound;
  if (first === undefined) throw new ContractError("message", "there is no event to fold into a message");
  const stranger = sound.find(
    (event) => event.messageId !== first.messageId || event.conversationId !== first.conversationId,
  );
  if (stranger !== undefined) {
    throw new ContractError("message", `events of two turns: ${first.messageId} and ${stranger.messageId}`);
  }
  const folded = foldTurn(sound, schema.sequenced);
  const { seconds, nanos } = first.timestamp;
  const base = { id: first.messageId, conversationId: first.conversationId, timestamp: { seconds, nanos } };
  const { executionTimeMs = 0, tokensUsed = 0, scenarios = {} } = metadata;
  const common = { executionTimeMs, tokensUsed, errors: [...folded.errors] };
  const scenarioOf = (id: string): string => (Object.hasOwn(scenarios, id) ? (scenarios[id] ?? "") : "");
  const message =
    schema.version === 1
      ? create(v1.MessageSchema, {
          ...base,
          role: "assistant",
          content: folded.blocks.map((block) => ({ block: blockV1(block) })),
          metadata: {
            ...common,
            tasks: folded.tasks.map(({ id, state }) => ({ taskId: id, scenario: scenarioOf(id), state })),
          },
        })
      : create(v2.MessageSchema, {
          ...base,
          role: v2.Role.ASSISTANT,
          status: STATUSES[folded.status],
          content: folded.blocks.map((block) => ({ block: blockV2(block) })),
          metadata: {
            ...common,
            tasks: folded.tasks.map(({ id, state }) => ({
              taskId: id,
              scenario: scenarioOf(id),
              state: STATES[state],
            })),
          },
        });
  return message as MessageOf<Schema>;
}

function distinctInOrder(schema: ChatSchema, envelopes: Iterable<AnyEnvelope>): SoundEvent[] {
  const byId = new Map<string, SoundEvent>();
  for (const envelope of envelopes) {
    if (envelope.$typeName !== schema.envelope.typeName) {
      throw new ContractError("message", `a ${envelope.$typeName} among the events of a ${schema.name} message`);
    }
    const { body, timestamp, ...rest } = toContractEvent(envelope);
    if (body === undefined || timestamp === undefined) continue;
    const event = { ...rest, body, timestamp };
    const known = byId.get(event.eventId);
    if (known === undefined || compareEmission(schema, event, known) < 0) byId.set(event.eventId, event);
  }
  return [...byId.values()].sort((a, b) => compareEmission(schema, a, b) || (a.eventId < b.eventId ? -1 : 1));
}

function blockV1(block: EventBlock): NonNullable<MessageInitShape<typeof v1.ContentBlockSchema>["block"]> {
  if (block.kind === "text") return { case: "text", value: { text: block.text } };
  return { case: "chart", value: { chartType: block.chartType, configJson: block.configJson } };
}

function blockV2(block: EventBlock): NonNullable<MessageInitShape<typeof v2.ContentBlockSchema>["block"]> {
  if (block.kind === "text") return { case: "text", value: { text: block.text } };
  const { typeNumber, configJson } = block;
  const customChartType = typeNumber === v2.ChartBlock_ChartType.CUSTOM ? block.chartType : "";
  return { case: "chart", value: { chartType: typeNumber as v2.ChartBlock_ChartType, customChartType, configJson } };
}
