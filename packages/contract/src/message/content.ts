/** A block that an event makes, the same for both versions. */
export type EventBlock =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "chart";
      /** chat.v1's string; for chat.v2 the enum's name in lower case, custom_chart_type for CUSTOM. */
      readonly chartType: string;
      /** chat.v2's enum value; undefined in chat.v1. */
      readonly typeNumber: number | undefined;
      readonly configJson: string;
    };

/** A block of a message's content; in a stored message it may be one of which no arm is set. */
export type Block = EventBlock | { readonly kind: "nothing" };

/** How a task stands. */
export type TaskStateName = "pending" | "running" | "completed" | "failed";

/** How a turn stands, as chat.v2's MessageStatus says it. */
export type StatusName = "complete" | "incomplete" | "failed";

/** What a stored message says beside its ids, the same for both versions: what events can be compared with. */
export interface MessageContent {
  readonly blocks: readonly Block[];
  readonly tasks: readonly { readonly id: string; readonly state: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  /** Always undefined in a stored message of chat.v1, which has none. */
  readonly status: string | undefined;
}

/** What a turn's events add up to: always in terms of this contract, while a stored message may say anything. */
export interface FoldedContent extends MessageContent {
  readonly blocks: readonly EventBlock[];
  readonly tasks: readonly { readonly id: string; readonly state: TaskStateName }[];
  readonly status: StatusName;
}
