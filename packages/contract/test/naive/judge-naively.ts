import { type Observation, rules, type Verdict } from "@ondash/contract";
import { chatSchemas } from "@ondash/schemas";
import { versionsAgree } from "./agreement-rule.ts";
import { judgeGrammar } from "./grammar-rules.ts";
import { judgePartition, topicsAreAlike } from "./kafka-rules.ts";
import { type Log, sortLog } from "./log.ts";
import { judgeMessage, storedMessage } from "./message-rules.ts";
import { judgeOrder, type Outcomes } from "./order-rules.ts";
import { chargeBroken, completesConversation, coverOf, sortTurns, type Turn } from "./turns.ts";

/** A broken rule and the scope in which it is the first one that is broken. */
export interface NaiveFinding {
  readonly rule: string;
  /** `record t/p@o`, `partition t/p`, `topics chat.v1`, `turn [c,m]`, `message [c,m]`. */
  readonly scope: string;
}

/** What became of a rule. */
export type NaiveStatus = "held" | "violated" | "unprovable" | "not exercised";

/** What the naive judge makes of a run. */
export interface NaiveVerdict {
  readonly verdict: Verdict;
  readonly violations: readonly NaiveFinding[];
  readonly warnings: readonly NaiveFinding[];
  /** Of all rules but the CHT ones. */
  readonly statuses: Readonly<Record<string, NaiveStatus>>;
}

/** Judges what was decided in one scope. */
interface Scope {
  readonly scope: string;
  readonly outcomes: Outcomes;
}

const order = rules.map(({ id }) => id);
const ofFamilies = (...families: string[]): string[] => order.filter((id) => families.includes(id.slice(0, 3)));

/**
 * Judges a whole run by the contract's rules, in the plainest way: sort what was observed, look at it as often as is
 * convenient. It shares no code with the monitor, whose second opinion it is.
 */
export function judgeNaively(observations: readonly Observation[]): NaiveVerdict {
  const log = sortLog(observations);
  const turns = sortTurns(log, observations);
  const scopes: Scope[] = log.records.map(({ record, errors, warnings, judged }) => {
    const broken = new Set([...errors, ...warnings]);
    const outcomes: Outcomes = new Map(judged.map((rule) => [rule, broken.has(rule) ? "violated" : "held"]));
    return { scope: `record ${record.topic}/${record.partition}@${record.offset}`, outcomes };
  });
  const judged = new Map(turns.map((turn) => [turn, judgeTurn(turn, log, turns)]));
  for (const [turn, outcomes] of judged) scopes.push({ scope: scopeOf("turn", turn), outcomes });
  scopes.push(...judgeVersions(turns, judged));
  scopes.push(...judgeMessages(observations, log, turns, judged));
  for (const place of log.partitions.values()) {
    const outcomes = judgePartition(place, log, observations);
    scopes.push({ scope: `partition ${place.topic}/${place.partition}`, outcomes });
  }
  for (const schema of log.schemas) {
    const outcome = topicsAreAlike(schema, log) ? "held" : "violated";
    scopes.push({ scope: `topics ${schema.name}`, outcomes: new Map([["KAF-01", outcome]]) });
  }
  return summarise(scopes, isInconclusive(log, turns, scopes));
}

function scopeOf(what: string, { conversationId, messageId }: { conversationId: string; messageId: string }): string {
  return `${what} ${JSON.stringify([conversationId, messageId])}`;
}

/** ORD and GRM of one version of a turn, with what can't be judged withheld. */
function judgeTurn(turn: Turn, log: Log, turns: readonly Turn[]): Outcomes {
  const all = ofFamilies("ORD", "GRM").filter(
    (id) => id !== "ORD-09" && rules.find((rule) => rule.id === id)?.severity[turn.schema.name] !== undefined,
  );
  if (turn.spoiled) return new Map(all.map((id) => [id, "unprovable"]));
  const outcomes = new Map([...judgeOrder(turn, log, turns), ...judgeGrammar(turn)]);
  const withhold = (...ids: readonly string[]): void => {
    for (const id of ids) if (all.includes(id)) outcomes.set(id, "unprovable");
  };
  if (turn.holed) withhold("ORD-04", "ORD-05", "ORD-07", "GRM-02", "GRM-03", "GRM-04", "GRM-05");
  if (turn.holed && !turn.schema.sequenced) withhold("GRM-01");
  if (hidesGrammar(turn, outcomes)) withhold(...ofFamilies("GRM"));
  if (turn.end !== undefined && coverOf(log, turn.end)?.reached !== true) {
    withhold("ORD-04", "ORD-05", "ORD-07", "GRM-02", "GRM-03", "GRM-05");
  }
  return outcomes;
}

/** Whether events of the turn are known to be missing, or late: then its grammar and its message prove nothing. */
function hidesGrammar(turn: Turn, outcomes: Outcomes): boolean {
  return (
    outcomes.get("ORD-04") === "violated" ||
    outcomes.get("ORD-05") === "violated" ||
    turn.planned.some(({ fate }) => fate === "acknowledged") ||
    (turn.schema.sequenced && outcomes.get("ORD-04") === "unprovable")
  );
}

/** ORD-09 of the turns that were observed in both versions. */
function judgeVersions(turns: readonly Turn[], judged: ReadonlyMap<Turn, Outcomes>): Scope[] {
  const pairs = Map.groupBy(
    turns.filter(({ events, broken }) => events.length + broken > 0),
    (turn) => scopeOf("turn", turn),
  );
  return [...pairs].flatMap(([scope, [older, newer]]) => {
    if (older === undefined || newer === undefined) return [];
    const provable = [older, newer].every((turn) => {
      const outcomes = judged.get(turn);
      return (
        !turn.spoiled &&
        !turn.holed &&
        turn.end !== undefined &&
        outcomes?.get("ORD-07") === "held" &&
        outcomes.get("ORD-05") !== "violated" &&
        (outcomes.get("ORD-04") === "held" || (!turn.schema.sequenced && turn.planned.length === 0))
      );
    });
    const outcome = !provable ? "unprovable" : versionsAgree(older, newer) ? "held" : "violated";
    return [{ scope, outcomes: new Map([["ORD-09", outcome]]) }];
  });
}

function judgeMessages(
  observations: readonly Observation[],
  log: Log,
  turns: readonly Turn[],
  judged: ReadonlyMap<Turn, Outcomes>,
): Scope[] {
  const blame = chargeBroken(log);
  const holed = [...log.partitions.values()].some(({ holes }) => holes.length > 0);
  return observations.flatMap((o) => {
    const stored = o.kind === "message" ? storedMessage(o) : undefined;
    if (stored === undefined) return [];
    const { schema, message } = stored;
    const ids = { conversationId: message.conversationId, messageId: message.id };
    const scope = scopeOf("message", ids);
    const turn = turns.find((other) => other.schema === schema && scopeOf("message", other) === scope);
    const applicable = ofFamilies("MSG").filter((id) => schema.version === 2 || id !== "MSG-04");
    const unprovable = { scope, outcomes: new Map(applicable.map((id) => [id, "unprovable" as const])) };
    if (turn === undefined || (turn.events.length === 0 && turn.broken === 0)) {
      const spoiled = blame.all || blame.conversations[schema.name]?.has(ids.conversationId) === true;
      if (holed || spoiled) return [unprovable];
      return [{ scope, outcomes: new Map([["MSG-01", message.content.length > 0 ? "violated" : "held"] as const]) }];
    }
    const outcomes = judged.get(turn);
    const undecided =
      turn.spoiled ||
      turn.holed ||
      outcomes === undefined ||
      hidesGrammar(turn, outcomes) ||
      !["held", "violated"].includes(outcomes.get("ORD-07") ?? "");
    return [undecided ? unprovable : { scope, outcomes: judgeMessage(stored, turn) }];
  });
}

/** Whether the run, if nothing is broken, proves nothing. */
function isInconclusive(log: Log, turns: readonly Turn[], scopes: readonly Scope[]): boolean {
  const producing = log.end?.producersDone !== true;
  return (
    log.records.length === 0 ||
    log.end === undefined ||
    scopes.some(({ outcomes }) => outcomes.get("KAF-02") === "violated") ||
    turns.some((turn) => {
      const { end, openTasks, schema } = turn;
      if (end === undefined) return producing;
      if (coverOf(log, end)?.reached !== true) return true;
      return producing && schema.sequenced && openTasks.length > 0 && !completesConversation(end);
    })
  );
}

function summarise(scopes: readonly Scope[], inconclusive: boolean): NaiveVerdict {
  const violations: NaiveFinding[] = [];
  const warnings: NaiveFinding[] = [];
  const statuses: Record<string, NaiveStatus> = {};
  const severityOf = (id: string, scope: string): string | undefined => {
    const older = chatSchemas[0]?.topicList.some((topic) => scope.startsWith(`record ${topic}/`)) === true;
    const severities = rules.find((rule) => rule.id === id)?.severity;
    return older ? severities?.["chat.v1"] : severities?.["chat.v2"];
  };
  const rank: readonly NaiveStatus[] = ["not exercised", "held", "unprovable", "violated"];
  for (const id of order) if (!id.startsWith("CHT")) statuses[id] = "not exercised";
  for (const { scope, outcomes } of scopes) {
    const broken = order.filter((id) => outcomes.get(id) === "violated");
    const primary = broken.find((id) => severityOf(id, scope) === "error");
    if (primary !== undefined) violations.push({ rule: primary, scope });
    if (broken.includes("KAF-02")) violations.push({ rule: "KAF-02", scope });
    for (const id of broken) if (severityOf(id, scope) === "warning") warnings.push({ rule: id, scope });
    for (const [id, outcome] of outcomes) {
      if (rank.indexOf(outcome) > rank.indexOf(statuses[id] ?? "not exercised")) statuses[id] = outcome;
    }
  }
  const failed = violations.some(({ rule }) => rule !== "KAF-02");
  return { verdict: failed ? "failed" : inconclusive ? "inconclusive" : "passed", violations, warnings, statuses };
}
