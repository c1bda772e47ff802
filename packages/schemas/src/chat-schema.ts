import type { DescMessage, DescOneof } from "@bufbuild/protobuf";

/** The published versions of the chat contract. */
export type SchemaName = "chat.v1" | "chat.v2";

/** The five kinds of event, each with a topic of its own. The name of the envelope's oneof arm. */
export type EventKind = "status" | "text" | "chart" | "error" | "completion";

/** The kinds in the order of their field numbers, which is also the order of lanes in reports. */
export const eventKinds: readonly EventKind[] = ["status", "text", "chart", "error", "completion"];

/** One version of the contract as data: whatever differs between versions stands here, not in code that asks. */
export interface ChatSchema {
  readonly name: SchemaName;
  /** 1 or 2: what the `v` column of the rule catalogue refers to. */
  readonly version: 1 | 2;
  /** Topic of each kind, `ondash.llm.status` … (completion goes to `complete`). */
  readonly topics: Readonly<Record<EventKind, string>>;
  /** The five topics in the order of `eventKinds`. */
  readonly topicList: readonly string[];
  /** Descriptor of `EventEnvelope`. */
  readonly envelope: DescMessage;
  /** The oneof `event` of the envelope. */
  readonly event: DescOneof;
  /** Descriptor of the stored `Message`. */
  readonly message: DescMessage;
  /** Whether events carry `sequence` and the final completion `last_sequence`. */
  readonly sequenced: boolean;
  /** Whether records carry CloudEvents headers. */
  readonly cloudEvents: boolean;
}
