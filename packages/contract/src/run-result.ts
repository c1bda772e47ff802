import type { EventKind, SchemaName } from "@ondash/schemas";

/** The verdict of a run or a turn. */
export type Verdict = "passed" | "failed" | "inconclusive";

/** error: fails the run. warning: reported beside it. inconclusive: the run can't be judged. */
export type Severity = "error" | "warning" | "inconclusive";

/** What became of one rule in one run. */
export type RuleOutcome =
  /** It was exercised `count` times (records, turns, partitions, messages or charts: see the catalogue) and held. */
  | { readonly status: "held"; readonly count: number; readonly by?: "ledger" | "sequence" }
  | { readonly status: "violated"; readonly count: number }
  /** It could not be judged, and never counts as held. */
  | { readonly status: "unprovable"; readonly why: string }
  /** Nothing in this run triggers it. */
  | { readonly status: "not exercised" };

/** A record as a witness names it. */
export interface RecordRef {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A broken rule with its smallest witness. */
export interface Violation {
  readonly rule: string;
  readonly severity: Severity;
  /** null where the rule is not about a conversation (KAF rules) or it can't be known. */
  readonly conversationId: string | null;
  readonly messageId: string | null;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** Other rules broken in the same scope, in the order of the catalogue. */
  readonly also: readonly string[];
  /** One to three records, empty when the witness is an absence. */
  readonly records: readonly RecordRef[];
  readonly expected: string;
  readonly actual: string;
  /** What proves an absence, or the nearest candidates; a line each. */
  readonly notes: readonly string[];
  /** event_ids concerned, so that a harness can name the scenario's file:line. */
  readonly eventIds: readonly string[];
  /** `file:line` of the scenario step, when a harness knows it. */
  readonly location?: string;
  /** The command that judges the same observations again. */
  readonly replay?: string;
}

/** One turn as judged. */
export interface TurnResult {
  readonly conversationId: string;
  readonly messageId: string;
  readonly verdict: Verdict;
  /** Kinds of the content blocks of the folded message, in emission order. */
  readonly blocks: readonly ("text" | "chart")[];
}

/** One observed event, for timelines. Emission order inside a turn is the order of the list. */
export interface TimelineEntry {
  readonly conversationId: string;
  readonly messageId: string;
  readonly taskId: string;
  readonly eventId: string;
  readonly kind: EventKind;
  readonly schema: SchemaName;
  /** Milliseconds after the turn's first event, by envelope timestamp, with sub-millisecond digits; null: unknown. */
  readonly at: number | null;
  /** What the event says, one line: `"Here is your sales chart" BEFORE`, `bar`, `TASK "Task completed"`. */
  readonly says: string;
  readonly record: RecordRef;
  /** Rules this record breaks or is a witness of. */
  readonly rules: readonly string[];
}

/** What the monitor returns: everything that follows from the observations alone. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Why, when it is inconclusive; a line each. */
  readonly reasons: readonly string[];
  /** Schema versions seen: one, "both", or null when nothing was. */
  readonly schema: SchemaName | "both" | null;
  readonly counts: { readonly records: number; readonly turns: number; readonly redeliveries: number };
  /** Every rule of the catalogue, in its order. */
  readonly rules: Readonly<Record<string, RuleOutcome>>;
  /** Severity error, and KAF-02. */
  readonly violations: readonly Violation[];
  readonly warnings: readonly Violation[];
  readonly turns: readonly TurnResult[];
  /** Empty unless asked for. */
  readonly timeline: readonly TimelineEntry[];
}

/** How a broker was had. */
export type BrokerKind = "embedded" | "container" | "external";

/** A planned event of which the timeline has no row: it was not observed, or could not be read. */
export interface AbsentEvent {
  readonly conversationId: string;
  readonly messageId: string;
  readonly taskId: string;
  readonly eventId: string;
  readonly kind: EventKind;
  readonly schema: SchemaName;
  /** On the scale of `TimelineEntry.at`; below 0 when it was to come before the first event that was observed. */
  readonly at: number | null;
  /** What it was to say, as in `TimelineEntry.says`. */
  readonly says: string;
  /** What became of it, for people: `never sent`, `not readable at ondash.llm.text/3@17`. */
  readonly fate: string;
}

/** A judged run of a scenario or recording, as reporters take it. */
export interface RunResult extends Judgement {
  /** null for a recording. */
  readonly scenario: string | null;
  /** The scenario file, or the recording as given on the command line. */
  readonly file: string;
  readonly broker: BrokerKind | null;
  readonly seed: number | null;
  /** Whether the scenario's `expect` was met; null for a recording. */
  readonly expectation: "met" | "not met" | null;
  /** What was not met, a line each, with file:line. */
  readonly unmet: readonly string[];
  readonly durationMs: number;
  /** The scenario's title and the user's prompt, when known. */
  readonly title?: string;
  readonly prompt?: string;
  /** What was planned and has no row in the timeline; only a harness that has the plan knows. */
  readonly absent?: readonly AbsentEvent[];
}
