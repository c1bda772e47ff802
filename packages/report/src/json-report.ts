import type { RuleOutcome, RunResult, TurnResult, Violation } from "@ondash/contract";
import type { Reporter, ReportOutput } from "./reporter.ts";

/** The JSON report, version 1: a stable interface. Members are added, never renamed. */
export interface JsonReport {
  readonly ondash: 1;
  /** In the order of the command line's arguments. */
  readonly runs: readonly JsonRun[];
}

/** One judged scenario or recording. Of a recording `scenario`, `broker`, `seed` and `expectation` are null. */
export interface JsonRun {
  readonly scenario: string | null;
  readonly file: string;
  readonly schema: RunResult["schema"];
  readonly broker: RunResult["broker"];
  readonly seed: number | null;
  readonly verdict: RunResult["verdict"];
  readonly expectation: RunResult["expectation"];
  /** Whole milliseconds. */
  readonly durationMs: number;
  readonly counts: RunResult["counts"];
  /** Every rule of the catalogue. */
  readonly rules: Readonly<Record<string, RuleOutcome>>;
  /** Severity error, and KAF-02. */
  readonly violations: readonly JsonViolation[];
  readonly warnings: readonly JsonViolation[];
  readonly turns: readonly JsonTurn[];
}

/** A broken rule. */
export interface JsonViolation {
  readonly rule: string;
  readonly severity: Violation["severity"];
  readonly conversation_id: string | null;
  readonly message_id: string | null;
  readonly message: string;
  readonly also: readonly string[];
  readonly records: Violation["records"];
  readonly expected: string;
  readonly actual: string;
  /** The command that judges it again; null when nobody knows one. */
  readonly replay: string | null;
}

/** One turn. */
export interface JsonTurn {
  readonly conversation_id: string;
  readonly message_id: string;
  readonly verdict: TurnResult["verdict"];
  readonly blocks: TurnResult["blocks"];
}

/** The runs as a JSON report. */
export function toJsonReport(results: readonly RunResult[]): JsonReport {
  return { ondash: 1, runs: results.map(toRun) };
}

function toRun(result: RunResult): JsonRun {
  const { scenario, file, schema, broker, seed, verdict, expectation, rules } = result;
  const { records, turns, redeliveries } = result.counts;
  return {
    scenario,
    file,
    schema,
    broker,
    seed,
    verdict,
    expectation,
    durationMs: Math.round(result.durationMs),
    counts: { records, turns, redeliveries },
    rules,
    violations: result.violations.map(toViolation),
    warnings: result.warnings.map(toViolation),
    turns: result.turns.map(toTurn),
  };
}

function toViolation(violation: Violation): JsonViolation {
  const { rule, severity, conversationId, messageId, message, also, expected, actual } = violation;
  return {
    rule,
    severity,
    conversation_id: conversationId,
    message_id: messageId,
    message,
    also,
    records: violation.records.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
    expected,
    actual,
    replay: violation.replay ?? null,
  };
}

function toTurn({ conversationId, messageId, verdict, blocks }: TurnResult): JsonTurn {
  return { conversation_id: conversationId, message_id: messageId, verdict, blocks };
}

/**
 * What JSON lets stand and a terminal does not: the control characters from U+007F on, separators, bidirectional
 * controls. Escaped, the value stays the same for every reader.
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The report as text, indented by two spaces. */
export function formatJsonReport(report: JsonReport): string {
  return JSON.stringify(report, null, 2).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Creates the reporter of format `json`: one document, written at the end. */
export function createJsonReporter(output: ReportOutput): Reporter {
  const results: RunResult[] = [];
  return {
    start: () => undefined,
    run: (result) => void results.push(result),
    end: () => output.write(`${formatJsonReport(toJsonReport(results))}\n`),
  };
}
