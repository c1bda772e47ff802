import { createMonitor, type Judgement, type Monitor, type Observation } from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { type Profile, profileOf } from "./profile.ts";
import { type Facts, type Simulation, simulate } from "./simulate.ts";
import { createPool, type Published, type Shape, type TemplatePool } from "./template.ts";

/** All that a run of legal turns follows from. */
export interface LegalCase {
  readonly profile: string;
  readonly published: Published;
  readonly seed: number;
  /** Seed of the turns that are drawn from. */
  readonly pool: number;
  /** At most; the profile may have fewer. */
  readonly turns: number;
}

/** A run of legal turns, judged. */
export interface LegalOutcome {
  readonly facts: Facts;
  /** What the monitor had against it, a line each: there must be none. */
  readonly alarms: readonly string[];
}

/** What legal turns of one profile came to. */
export interface LegalRow {
  readonly profile: string;
  readonly runs: number;
  readonly facts: Facts;
  readonly alarms: number;
  /** The first cases that raised an alarm, and what was said. */
  readonly failures: readonly { readonly case: LegalCase; readonly alarms: readonly string[] }[];
}

/** How legal turns are proved harmless. */
export interface LegalOptions {
  readonly seed: number;
  /** Legal turns at least. */
  readonly turns: number;
  /** Turns that one monitor sees at most: a live one keeps a line for each in its result. Default 20,000. */
  readonly perRun?: number;
  /** Called after each run; true: it is enough. */
  readonly onRun?: (facts: Facts) => boolean | undefined;
  /** Makes the monitor under test. Default: a live one as it is shipped. */
  readonly create?: () => Monitor;
}

const versions: readonly Published[] = ["chat.v1", "chat.v2", "both"];
/** So many turns are drawn from the same pool, by however many runs. */
const TURNS_PER_POOL = 20_000;
/** Failing cases that are kept. */
const KEPT = 5;

/** Runs legal turns of a profile, the three ways of publishing in turn, each run with a monitor of its own. */
export function proveLegal(profile: Profile, options: LegalOptions): LegalRow {
  const { seed, turns, perRun = 20_000, onRun, create } = options;
  const random = createRandom(seed).fork("legal", profile.name);
  const sum = { turns: 0, events: 0, redeliveries: 0, skips: 0, barriers: 0, premature: 0, stuck: 0 };
  const failures: { case: LegalCase; alarms: readonly string[] }[] = [];
  let [runs, alarms] = [0, 0];
  // Each way of publishing gets its share in runs of equal length, so that it also gets its share of turns.
  const share = Math.max(1, Math.min(perRun, Math.ceil(turns / versions.length)));
  while (sum.turns < turns) {
    const published = versions[runs % versions.length] ?? "both";
    const pool = random.fork("pool", Math.floor(sum.turns / TURNS_PER_POOL)).int(0, 0x7fff_ffff);
    const next = { profile: profile.name, published, seed: random.int(0, 0x7fff_ffff), pool, turns: share };
    const outcome = runLegal(next, create);
    for (const key of Object.keys(sum) as (keyof Facts)[]) sum[key] += outcome.facts[key];
    runs++;
    alarms += outcome.alarms.length;
    if (outcome.alarms.length > 0 && failures.length < KEPT) failures.push({ case: next, alarms: outcome.alarms });
    if (onRun?.(outcome.facts) === true) break;
  }
  return { profile: profile.name, runs, facts: sum, alarms, failures };
}

/** Runs one case; `onObservation` sees what the monitor sees. */
export function runLegal(
  { profile, published, seed, pool, turns }: LegalCase,
  create: () => Monitor = createMonitor,
  onObservation?: (observation: Observation) => void,
): LegalOutcome {
  const monitor = create();
  const { shape } = profileOf(profile).draw(createRandom(seed).fork("setting"));
  const simulation = simulate(profileOf(profile), seed, {
    published,
    turns,
    pool: poolOf(published, shape, pool),
    driver: monitor,
  });
  for (const observation of simulation) {
    onObservation?.(observation);
    monitor.observe(observation);
  }
  return { facts: simulation.facts, alarms: alarmsOf(simulation, monitor.finish(), published) };
}

/** All that speaks against silence: of legal turns nothing may be said, and nothing left open. */
function alarmsOf({ facts, setting }: Simulation, judgement: Judgement, published: Published): string[] {
  const alarms: string[] = [...judgement.violations, ...judgement.warnings].map(
    ({ rule, conversationId, messageId, message }) => `${rule} ${conversationId} ${messageId}: ${message}`,
  );
  if (judgement.verdict !== "passed") alarms.push(`${judgement.verdict}: ${judgement.reasons.join("; ")}`);
  for (const { verdict, messageId } of judgement.turns) {
    if (verdict !== "passed") alarms.push(`turn ${messageId} is ${verdict}`);
  }
  if (judgement.counts.turns !== facts.turns) {
    alarms.push(`${judgement.counts.turns} turns were seen, and ${facts.turns} sent`);
  }
  // chat.v1 alone can't tell what was lost: it must say so.
  const excused = new Set(setting.ledger || published === "chat.v2" ? [] : ["ORD-04"]);
  for (const [rule, outcome] of Object.entries(judgement.rules)) {
    if (outcome.status !== "unprovable" || outcome.why === "not implemented" || excused.has(rule)) continue;
    alarms.push(`${rule} is unprovable: ${outcome.why}`);
  }
  if (facts.premature > 0) alarms.push(`turns were decided before all was read, ${facts.premature} times`);
  if (facts.stuck > 0) alarms.push(`${facts.stuck} turns were undecided when all was read`);
  return alarms;
}

const pools = new Map<string, TemplatePool>();

/** The pool of a seed; the last few are kept. */
function poolOf(published: Published, shape: Shape, seed: number): TemplatePool {
  const key = `${published} ${JSON.stringify(shape)} ${seed}`;
  const known = pools.get(key);
  if (known !== undefined) return known;
  const [oldest] = pools.keys();
  if (pools.size >= 6 && oldest !== undefined) pools.delete(oldest);
  const pool = createPool(published, shape, seed);
  pools.set(key, pool);
  return pool;
}
