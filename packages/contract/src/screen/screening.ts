import { type ChatSchema, createSkimmer, decodeEnvelope } from "@ondash/schemas";
import { rules } from "../catalogue.ts";
import { notImplemented } from "../implemented.ts";
import { judgeKafka } from "../kafka/judge-kafka.ts";
import type { TopicShapes } from "../kafka/topic-shape.ts";
import { createLedger } from "../ledger.ts";
import type { Logs } from "../log/logs.ts";
import { createMonitor } from "../monitor.ts";
import type { EndObservation, Observation, RecordObservation } from "../observation.ts";
import { createOutcomes, type Outcomes } from "../outcomes.ts";
import { textOfKey } from "../record/key-rules.ts";
import { recordRules } from "../record/record-rules.ts";
import type { Judgement, RuleOutcome, TurnResult } from "../run-result.ts";
import { turnKey } from "../turn/turn.ts";
import { grammarRules, orderRules } from "../turn/turn-rules.ts";
import { verdictOf } from "../verdict.ts";
import type { NamedTurn } from "./legal-turns.ts";
import { Trigger } from "./order-core.ts";

/** What a first look found. */
export type Screening =
  /** The run has what only the monitor can judge. */
  | { readonly kind: "unfit"; readonly why: string }
  /** All of it is legal: the judgement. */
  | { readonly kind: "legal"; readonly judgement: Judgement }
  /** Some conversations need a second look. */
  | { readonly kind: "suspect"; readonly conversations: ReadonlySet<string>; secondLook(): SecondLook };

/** Judges the suspect conversations: give it all observations of the run once more, in the same order. */
export interface SecondLook {
  observe(observation: Observation): void;
  /** The judgement of the whole run. */
  finish(): Judgement;
}

/** What a screen has learned by the end. */
export interface FirstLook {
  readonly unfit: string | undefined;
  readonly schema: ChatSchema;
  readonly suspects: ReadonlySet<string>;
  /** Legal turns of conversations that are not suspect. */
  readonly legal: readonly NamedTurn[];
  readonly counts: { readonly records: number; readonly redeliveries: number };
  readonly kafka: {
    readonly logs: Logs;
    readonly shapes: TopicShapes;
    readonly end: EndObservation | undefined;
    readonly partitions: number;
  };
}

/** Makes of a first look what is to be done next. */
export function createScreening(first: FirstLook): Screening {
  if (first.unfit !== undefined) return { kind: "unfit", why: first.unfit };
  if (first.suspects.size === 0) return { kind: "legal", judgement: merge(first, undefined) };
  return { kind: "suspect", conversations: first.suspects, secondLook: () => createSecondLook(first) };
}

/** A judged part of a run, and the ordinals of its turns in the whole run. */
interface SecondJudgement {
  readonly judgement: Judgement;
  readonly ordinals: ReadonlyMap<string, number>;
}

function createSecondLook(first: FirstLook): SecondLook {
  const { schema, suspects } = first;
  const monitor = createMonitor({ window: Number.POSITIVE_INFINITY });
  const skim = createSkimmer(schema);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const ordinals = new Map<string, number>();
  let observed = 0;

  const concerns = ({ key, value }: RecordObservation): boolean => {
    const text = textOfKey(key);
    if (text !== undefined && suspects.has(text)) return true;
    if (value !== null && skim.read(value)) {
      return suspects.has(decoder.decode(value.subarray(skim.conversationIdStart, skim.conversationIdEnd)));
    }
    const decoding = decodeEnvelope(schema, value);
    return decoding.ok && suspects.has(decoding.envelope.conversationId);
  };
  const noteTurn = ({ value }: RecordObservation): void => {
    const decoding = decodeEnvelope(schema, value);
    if (!decoding.ok) return;
    const name = turnKey(decoding.envelope.conversationId, decoding.envelope.messageId);
    if (!ordinals.has(name)) ordinals.set(name, observed);
  };
  return {
    observe(observation) {
      if (observation.kind !== "record") return monitor.observe(observation);
      const { topic, partition, offset } = observation;
      observed++;
      if (concerns(observation)) {
        noteTurn(observation);
        return monitor.observe(observation);
      }
      // Whoever else's it is, the position passes it.
      monitor.observe({ kind: "skip", topic, partition, from: offset, to: offset, why: "control" });
    },
    finish: () => merge(first, { judgement: monitor.finish(), ordinals }),
  };
}

/** What both looks say together; without a second one, what the first says alone. */
function merge(first: FirstLook, second: SecondJudgement | undefined): Judgement {
  const { kafka, legal, counts, schema } = first;
  const partitions = createOutcomes();
  judgeKafka({ ...kafka, ledger: createLedger() }, partitions);
  const kafkaOutcomes = partitions.rules(new Set());
  const held = heldIn(legal);
  const others = second?.judgement.rules ?? createOutcomes().rules(notImplemented);
  const outcomes = Object.fromEntries(
    rules.map(({ id, scope }): [string, RuleOutcome] => {
      if (scope === "partition") return [id, kafkaOutcomes[id] ?? NOT_EXERCISED];
      return [id, added(others[id], held.get(id) ?? 0, id)];
    }),
  );
  const violations = [...own(second?.judgement.violations ?? []), ...partitions.violations];
  const warnings = [...own(second?.judgement.warnings ?? []), ...partitions.warnings];
  const reasons = second?.judgement.reasons ?? reasonsOf(first);
  const verdict = verdictOf(violations, reasons);
  const turns = turnsOf(legal, second);
  return {
    verdict,
    reasons: verdict === "inconclusive" ? reasons : [],
    schema: counts.records === 0 ? null : schema.name,
    counts: { records: counts.records, turns: turns.length, redeliveries: counts.redeliveries },
    rules: outcomes,
    violations,
    warnings,
    turns,
    timeline: [],
  };
}

/** What a second look says of anything but partitions, of which it has not seen all. */
function own(list: Outcomes["violations"]): Outcomes["violations"] {
  return list.filter(({ rule }) => !rule.startsWith("KAF"));
}

const NOT_EXERCISED: RuleOutcome = { status: "not exercised" };

/** Where nothing needs a second look, only the run as a whole can leave the verdict open. */
function reasonsOf({ counts, kafka }: FirstLook): string[] {
  return [
    ...(counts.records === 0 ? ["nothing was observed"] : []),
    ...(kafka.end === undefined ? ["the observation did not end properly"] : []),
  ];
}

/** How often each rule held in legal turns: in each record, in each turn, or in those where its trigger occurred. */
function heldIn(legal: readonly NamedTurn[]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  const events = legal.reduce((sum, turn) => sum + turn.events, 0);
  for (const [id] of recordRules) held.set(id, events);
  for (const [id] of [...orderRules, ...grammarRules]) {
    const bit = TRIGGERS.get(id);
    const count = bit === undefined ? legal.length : legal.filter(({ triggers }) => (triggers & bit) !== 0).length;
    held.set(id, count);
  }
  return held;
}

/** The triggers of grammar rules; GRM-01 and the order rules are exercised by every turn that ended. */
const TRIGGERS: ReadonlyMap<string, number> = new Map([
  ["GRM-02", Trigger.before],
  ["GRM-03", Trigger.after],
  ["GRM-04", Trigger.standalone],
  ["GRM-05", Trigger.completion],
  ["GRM-06", Trigger.fatal],
  ["GRM-07", Trigger.step],
]);

function added(outcome: RuleOutcome | undefined, held: number, id: string): RuleOutcome {
  if (held === 0) return outcome ?? NOT_EXERCISED;
  const by = id === "ORD-04" ? { by: "sequence" as const } : {};
  if (outcome === undefined || outcome.status === "not exercised") return { status: "held", count: held, ...by };
  return outcome.status === "held" ? { ...outcome, count: outcome.count + held, ...by } : outcome;
}

function turnsOf(legal: readonly NamedTurn[], second: SecondJudgement | undefined): TurnResult[] {
  const turns = legal.map(({ conversationId, messageId, blocks, ordinal }) => ({
    ordinal,
    turn: {
      conversationId,
      messageId,
      verdict: "passed" as const,
      blocks: Array.from(blocks, (letter) => (letter === "t" ? ("text" as const) : ("chart" as const))),
    },
  }));
  const others = (second?.judgement.turns ?? []).map((turn) => ({
    ordinal: second?.ordinals.get(turnKey(turn.conversationId, turn.messageId)) ?? 0,
    turn,
  }));
  return [...turns, ...others].sort((a, b) => a.ordinal - b.ordinal).map(({ turn }) => turn);
}
