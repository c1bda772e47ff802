import { createMonitor, type Judgement, type Monitor, type Observation, severityOf } from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import { type AnyEnvelope, type ChatSchema } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { PARTITIONS } from "../support/world.ts";
import { allOperators, type VersionedOperator } from "./all-operators.ts";
import { type Graft, graft, tamperOf } from "./graft.ts";
import { profileOf, profiles } from "./profile.ts";
import { type Simulation, simulate } from "./simulate.ts";
import { createPool, type Published, type TemplatePool } from "./template.ts";

/** All that a run with mutants follows from. */
export interface MutantCase {
  /** Name of the operator with its version. */
  readonly operator: string;
  readonly profile: string;
  readonly seed: number;
  /** Mutants at most. */
  readonly mutants: number;
}

/** A run of mutants among legal turns, judged. */
export interface MutantOutcome {
  readonly made: number;
  readonly manifested: number;
  readonly detected: number;
  /** What was missed, or said of somebody else; a line each. */
  readonly faults: readonly string[];
}

/** What became of an operator's mutants. */
export interface OperatorRow extends Omit<MutantOutcome, "faults"> {
  readonly operator: string;
  readonly rule: string;
  readonly faults: number;
  readonly failures: readonly { readonly case: MutantCase; readonly faults: readonly string[] }[];
}

/** How operators are proved to be found. */
export interface OperatorOptions {
  readonly seed: number;
  /** Manifested mutants at least. */
  readonly mutants: number;
  readonly create?: () => Monitor;
}

/** Mutants in one run, of operators whose findings name the turn; of the others there is one. */
const TOGETHER = 12;
const KEPT = 3;

/** Runs an operator's mutants among legal turns of all profiles in turn. */
export function proveOperator({ name, operator }: VersionedOperator, options: OperatorOptions): OperatorRow {
  const random = createRandom(options.seed).fork("operator", name);
  const sum = { made: 0, manifested: 0, detected: 0 };
  const failures: { case: MutantCase; faults: readonly string[] }[] = [];
  let faults = 0;
  for (let run = 0; sum.manifested < options.mutants; run++) {
    const left = options.mutants - sum.manifested;
    const profile = profiles[run % profiles.length]?.name ?? "";
    const next = { operator: name, profile, seed: random.int(0, 0x7fff_ffff), mutants: Math.min(left, TOGETHER) };
    const outcome = runMutants(next, options.create);
    sum.made += outcome.made;
    sum.manifested += outcome.manifested;
    sum.detected += outcome.detected;
    faults += outcome.faults.length;
    if (outcome.faults.length > 0 && failures.length < KEPT) failures.push({ case: next, faults: outcome.faults });
    if (sum.made > 1_000 && sum.manifested * 500 < sum.made) break;
  }
  return { operator: name, rule: operator.rule, ...sum, faults, failures };
}

/** Runs one case; `onObservation` sees what the monitor sees. */
export function runMutants(
  { operator: name, profile, seed, mutants: most }: MutantCase,
  create: () => Monitor = createMonitor,
  onObservation?: (observation: Observation) => void,
): MutantOutcome {
  const found = allOperators.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no operator ${name}`);
  const { operator, schema } = found;
  const random = createRandom(seed).fork("mutants");
  const alone = operator.alone === true || operator.rule.startsWith("KAF");
  const { made, mutants } = makeMutants(found, random, alone ? 1 : most);
  if (mutants.length === 0) return { made, manifested: 0, detected: 0, faults: [] };
  const grafts = mutants.map(({ graft: own }) => own);
  const both = grafts.some(({ bothVersions }) => bothVersions) || random.unit() < 0.5;
  const published: Published = both ? "both" : schema.name;
  const monitor = create();
  const simulation = simulate(profileOf(profile), seed, {
    published,
    turns: alone ? 3 : Math.ceil(mutants.length / 2) + 1,
    pool: neighbours(published),
    driver: monitor,
    mutants: grafts.map(({ script }) => script),
    tamper: tamperOf(grafts),
    // Operators know eight partitions; what they leave open an eager collector would not read.
    setting: { partitions: PARTITIONS, eager: false, turns: Number.POSITIVE_INFINITY },
  });
  for (const observation of simulation) {
    onObservation?.(observation);
    monitor.observe(observation);
  }
  const conversations = mutants.map(({ conversationId }) => conversationId);
  return { made, manifested: mutants.length, ...compare(found, conversations, simulation, monitor.finish()) };
}

interface Mutant {
  readonly conversationId: string;
  readonly graft: Graft;
}

function makeMutants(
  { operator, schema }: VersionedOperator,
  random: Random,
  most: number,
): { readonly made: number; readonly mutants: readonly Mutant[] } {
  const mutants: Mutant[] = [];
  const turns = legalTurns(schema);
  let made = 0;
  while (mutants.length < most && made < most * 20) {
    const turn = turns[random.int(0, turns.length - 1)] ?? [];
    const { conversationId, events } = asAnother(turn, made++);
    const run = operator.mutate({ schema, events, random });
    if (run !== undefined) mutants.push({ conversationId, graft: graft(schema, run, operator.atOnce) });
  }
  return { made, mutants };
}

/** The same turn with ids of its own; event_ids are unique in the world, which a ledger relies on. */
export function asAnother(
  turn: readonly AnyEnvelope[],
  serial: number,
): { readonly conversationId: string; readonly events: readonly AnyEnvelope[] } {
  const conversationId = `${turn[0]?.conversationId}/${serial}`;
  const events = turn.map(
    (event): AnyEnvelope => ({ ...event, conversationId, eventId: `${serial}-${event.eventId}` }),
  );
  return { conversationId, events };
}

/** Whether each mutant is charged with the operator's rule, and nobody with anything else. */
function compare(
  { operator, schema }: VersionedOperator,
  conversations: readonly string[],
  { facts }: Simulation,
  judgement: Judgement,
): Pick<MutantOutcome, "detected" | "faults"> {
  const severity = severityOf(operator.rule, schema.name);
  const nameless = operator.rule.startsWith("KAF");
  const missing = new Set<string | null>(nameless ? [null] : conversations);
  const faults: string[] = [];
  const own = severity === "warning" ? judgement.warnings : judgement.violations;
  for (const { rule, conversationId, message } of [...judgement.violations, ...judgement.warnings]) {
    const known = operator.anonymous === true ? [...missing][0] : conversationId;
    if (operator.beside?.includes(rule) && conversations.includes(conversationId ?? "")) continue;
    if (rule === operator.rule && known !== undefined && missing.delete(known)) continue;
    faults.push(`${rule} of ${conversationId}: ${message}`);
  }
  for (const conversationId of missing) faults.push(`nothing was found in ${conversationId}`);
  const want = severity === "error" ? "failed" : severity === "warning" ? "passed" : "inconclusive";
  if (judgement.verdict !== want) faults.push(`the verdict is ${judgement.verdict}, want ${want}`);
  const mutated = new Set(conversations);
  for (const { conversationId, messageId, verdict } of judgement.turns) {
    if (verdict === "failed" && !mutated.has(conversationId)) faults.push(`neighbour ${messageId} failed`);
  }
  // Where the start does not name a topic there is nothing to wait for in it.
  if (facts.premature > 0 && operator.rule !== "KAF-01")
    faults.push(`turns were decided before all was read, ${facts.premature} times`);
  const found = own.filter(({ rule }) => rule === operator.rule).length;
  return { detected: faults.length === 0 ? conversations.length : Math.min(found, conversations.length - 1), faults };
}

const turnsByVersion = new Map<ChatSchema, readonly (readonly AnyEnvelope[])[]>();

/** Legal turns that operators take. */
export function legalTurns(schema: ChatSchema): readonly (readonly AnyEnvelope[])[] {
  let turns = turnsByVersion.get(schema);
  if (turns === undefined) {
    turns = fc.sample(validTurn(schema, { length: 8 }), { seed: 7, numRuns: 600 }).map(({ events }) => events);
    turnsByVersion.set(schema, turns);
  }
  return turns;
}

const pools = new Map<Published, TemplatePool>();

function neighbours(published: Published): TemplatePool {
  let pool = pools.get(published);
  if (pool === undefined)
    pools.set(published, (pool = createPool(published, { tasks: 2, length: 6, trailing: true }, 7, 120)));
  return pool;
}
