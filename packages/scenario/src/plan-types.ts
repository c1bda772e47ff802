import type { EventKind, OutgoingRecord, SchemaName } from "@ondash/schemas";

/** A place in a scenario file, 1-based, as editors count. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One event that the mock LLM means to say, before any fault touches it. In a plan for both versions each step has two,
 * of the same `index` and `eventId`; `topic` tells them apart.
 */
export interface PlannedEvent {
  /** 1-based position in emission order, after `repeat`, `when` and `include` were expanded. */
  readonly index: number;
  /** The step's `id`, if it has one. */
  readonly stepId: string | undefined;
  readonly location: SourceLocation;
  readonly kind: EventKind;
  readonly topic: string;
  readonly eventId: string;
  /** "" for events of the turn itself. */
  readonly taskId: string;
  /** Milliseconds after the start of the turn at which it is due at speed 1. */
  readonly at: number;
  /** The record as it should go out. */
  readonly record: OutgoingRecord;
}

/** One record that really goes to the broker, in append order, with the faults applied. */
export interface PlannedSend {
  /** `index` of the planned event that it stems from. */
  readonly event: number;
  /** The `event_id` its ledger entries carry: the planned one, or the new one of a re-minted duplicate. */
  readonly eventId: string;
  readonly location: SourceLocation;
  /** Milliseconds after the start of the turn at which it is due at speed 1. */
  readonly at: number;
  readonly record: OutgoingRecord;
  /** The fault that made or changed it, for reports; undefined when it is untouched. */
  readonly fault: string | undefined;
  /**
   * Whose earlier sends must be acknowledged before this one leaves (record contract: a completion waits for its task,
   * a final completion for its turn).
   */
  readonly awaits: "nothing" | { readonly task: string } | "turn";
  /** Held back until the checker's barrier for the turn has been granted (fault `late`). */
  readonly held: boolean;
}

/** What the checker must find. */
export interface Expectation {
  readonly verdict: "passed" | "failed" | "inconclusive";
  /** The exact set of rule ids of severity error (and inconclusive), sorted. */
  readonly violations: readonly string[];
  /** The exact set of rule ids of severity warning, sorted; undefined: not compared. */
  readonly warnings: readonly string[] | undefined;
  /** Content blocks of the folded message; undefined: not compared. */
  readonly blocks: readonly ("text" | "chart")[] | undefined;
  /** A partial stored Message (ProtoJSON), each named member of which must be equal; undefined: not compared. */
  readonly message: Readonly<Record<string, unknown>> | undefined;
  /** Where `expect` stands in the file, or the scenario's first line. */
  readonly location: SourceLocation;
}

/** What a plan is made for: one schema version, or both side by side (one event of each for every step). */
export type PlanSchema = SchemaName | "both";

/** A scenario, expanded: the same inputs give the same bytes on every machine. */
export interface Plan {
  readonly scenario: string;
  readonly title: string | undefined;
  readonly prompt: string | undefined;
  readonly file: string;
  readonly schema: PlanSchema;
  /** The topics that it writes to and that are watched: five for each version. */
  readonly topics: readonly string[];
  /** The version in which `expect.message` is written. */
  readonly messageSchema: SchemaName;
  readonly seed: number;
  readonly partitions: number;
  readonly conversationId: string;
  readonly messageId: string;
  readonly events: readonly PlannedEvent[];
  readonly sends: readonly PlannedSend[];
  /** The stored message's metadata as far as the scenario gives it. */
  readonly metadata: {
    readonly executionTimeMs: number;
    readonly tokensUsed: number;
    /** `TaskInfo.scenario` by task_id, for the tasks whose scenario the file names. */
    readonly scenarios?: Readonly<Record<string, string>>;
  };
  readonly expect: Expectation;
}

/** What a plan depends on besides the scenario itself. */
export interface PlanOptions {
  /** Overrides the scenario's `schema`. */
  readonly schema?: PlanSchema;
  /** Overrides the scenario's `seed` (else 42). */
  readonly seed?: number;
  /** Partition count of the topics, a power of two. Default 8. */
  readonly partitions?: number;
  /** Values of scenario parameters (`--set`), as text; types and bounds are checked. */
  readonly set?: Readonly<Record<string, string>>;
  /** Mixed into the ids so that runs on a shared broker do not collide. Default: none. */
  readonly salt?: string;
  /**
   * The conversation that the turn belongs to, where somebody else chose it (the URL of an HTTP request, say); keys and
   * partitions follow. All other ids and all times stay what they are without it. Default: an id from the seed.
   */
  readonly conversationId?: string;
  /** Whether the checker will have the ledger: selects `expect.violations.*.ledger`. Default true. */
  readonly ledger?: boolean;
}
