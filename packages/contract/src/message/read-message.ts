import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type ChatSchema, chatV1 } from "@ondash/schemas";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import { ContractError } from "../error.ts";
import { nameOfChartType, nameOfEnum } from "../event.ts";
import type { Block, MessageContent } from "./content.ts";

/** A stored message, the same for both versions. */
export interface StoredMessage extends MessageContent {
  readonly id: string;
  readonly conversationId: string;
  /** Messages of other roles are none that events build. */
  readonly fromAssistant: boolean;
}

/**
 * Reads a stored message.
 * @param json ProtoJSON of the version's `Message`, unknown members refused.
 * @throws ContractError `message` when it is not.
 */
export function readMessage(schema: ChatSchema, json: unknown): StoredMessage {
  try {
    return schema.version === chatV1.version
      ? readV1(fromJson(v1.MessageSchema, json as JsonValue))
      : readV2(fromJson(v2.MessageSchema, json as JsonValue));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContractError("message", `not a ${schema.message.typeName} in ProtoJSON: ${why}`, { cause });
  }
}

function readV1(message: v1.Message): StoredMessage {
  const { id, conversationId, content, metadata } = message;
  return {
    id,
    conversationId,
    fromAssistant: message.role === "assistant",
    blocks: content.map(({ block }): Block => {
      if (block.case === "text") return { kind: "text", text: block.value.text };
      if (block.case !== "chart") return { kind: "nothing" };
      const { chartType, configJson } = block.value;
      return { kind: "chart", chartType, typeNumber: undefined, configJson };
    }),
    tasks: (metadata?.tasks ?? []).map(({ taskId, state }) => ({ id: taskId, state })),
    errors: (metadata?.errors ?? []).map((error) => ({ code: error.code, message: error.message })),
    status: undefined,
  };
}

function readV2(message: v2.Message): StoredMessage {
  const { id, conversationId, content, metadata } = message;
  return {
    id,
    conversationId,
    fromAssistant: message.role === v2.Role.ASSISTANT,
    blocks: content.map(({ block }): Block => {
      if (block.case === "text") return { kind: "text", text: block.value.text };
      if (block.case !== "chart") return { kind: "nothing" };
      const { chartType: typeNumber, customChartType, configJson } = block.value;
      return { kind: "chart", chartType: nameOfChartType(typeNumber, customChartType), typeNumber, configJson };
    }),
    tasks: (metadata?.tasks ?? []).map(({ taskId, state }) => ({
      id: taskId,
      state: nameOfEnum(v2.TaskStateSchema, state).toLowerCase(),
    })),
    errors: (metadata?.errors ?? []).map((error) => ({ code: error.code, message: error.message })),
    status: nameOfEnum(v2.MessageStatusSchema, message.status).toLowerCase(),
  };
}
