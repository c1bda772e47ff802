import { type Observation, rules, severityOf, type Verdict } from "@ondash/contract";
import { chatSchemas, chatV1, type SchemaName } from "@ondash/schemas";
import { readLedger } from "./acknowledgements.ts";
import { versionsAgree } from "./agreement-rule.ts";
import { judgeGrammar } from "./grammar-rules.ts";
import { judgePartition, topicsAreAlike } from "./kafka-rules.ts";
import { type Log, sortLog } from "./log.ts";
import { judgeMessage, storedMessage } from "./message-rules.ts";
import { judgeOrder, missingOf, type Outcomes } from "./order-rules.ts";
import { chargeBroken, completesConversation, coverOf, sortTurns, type Turn } from "./turns.ts";

/** A broken rule and the scope in which it is the first one that is broken. */
export interface NaiveFinding {
  readonly rule: string;
  /** `record t/p@o`, `partition t/p`, `topics chat.v1`, `turn [c,m]`, `message [c,m]`. */
  readonly scope: string;
}

/** What became of a rule; undefined: the contract leaves it open. */
export type NaiveStatus = "held" | "violated" | "unprovable" | "not exercised" | "undefined";

/** What the naive judge makes of a run. */
export interface NaiveVerdict {
  readonly verdict: Verdict;
  readonly violations: readonly NaiveFinding[];
  readonly warnings: readonly NaiveFinding[];
  /**
   * Rules of which the contract does not say what becomes of them in a scope, "rule of scope": where one sequence is two
   * events (ORD-02) there is no emission order, and which blocks of an unlike message stand against each other is open.
   */
  readonly open: ReadonlySet<string>;
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
  const ledger = readLedger(log, observations);
  const turns = sortTurns(log, observations, ledger);
  const scopes: Scope[] = log.records.map(({ record, errors, warnings, judged }) => {
    const broken = new Set([...errors, ...warnings]);
    const outcomes: Outcomes = new Map(judged.map((rule) => [rule, broken.has(rule) ? "violated" : "held"]));
    return { scope: `record ${record.topic}/${record.partition}@${record.offset}`, outcomes };
  });
  const conversations = Map.groupBy(turns, ({ schema, conversationId }) => `${schema.name} ${conversationId}`);
  const judged = new Map(
    [...conversations.values()].flatMap((own) => own.map((turn) => [turn, judgeTurn(turn, log, own)] as const)),
  );
  scopes.push(...judgeVersions(log, turns, judged));
  for (const [turn, outcomes] of judged) if (!turn.neverWas) scopes.push({ scope: scopeOf("turn", turn), outcomes });
  scopes.push(...judgeMessages(observations, log, turns, judged));
  const misshapen = log.schemas.filter((schema) => !topicsAreAlike(schema, log));
  for (const place of log.partitions.values()) {
    const outcomes = judgePartition(place, log, ledger);
    // One entry for what is wrong with the topics of a version: a partition too many is part of it.
    if (misshapen.some(({ topicList }) => topicList.includes(place.topic))) outcomes.delete("KAF-01");
    scopes.push({ scope: `partition ${place.topic}/${place.partition}`, outcomes });
  }
  // A send that was refused lies in no partition; it is an occasion for KAF-05 all the same.
  if ([...ledger.fates.values()].includes("rejected")) {
    scopes.push({ scope: "", outcomes: new Map([["KAF-05", "held"]]) });
  }
  const elsewhere = ledger.acks.filter(({ topic, partition }) => !log.partitions.has(`${topic}/${partition}`));
  for (const [place, acks] of Map.groupBy(elsewhere, ({ topic, partition }) => `${topic}/${partition}`)) {
    const isGone = acks.some(({ fate }) => fate === "gone");
    scopes.push({ scope: `partition ${place}`, outcomes: new Map([["KAF-04", isGone ? "violated" : "unprovable"]]) });
  }
  for (const { name } of misshapen) {
    scopes.push({ scope: `topics ${name}`, outcomes: new Map([["KAF-01", "violated"]]) });
  }
  return summarise(scopes, isInconclusive(log, turns, scopes));
}

function scopeOf(what: string, { conversationId, messageId }: { conversationId: string; messageId: string }): string {
  return `${what} ${JSON.stringify([conversationId, messageId])}`;
}

/** ORD and GRM of one version of a turn, with what can't be judged withheld. */
function judgeTurn(turn: Turn, log: Log, conversation: readonly Turn[]): Outcomes {
  const all = ofFamilies("ORD", "GRM").filter(
    (id) => id !== "ORD-09" && rules.find((rule) => rule.id === id)?.severity[turn.schema.name] !== undefined,
  );
  if (turn.spoiled) return new Map(all.map((id) => [id, "unprovable"]));
  const outcomes = new Map([...judgeOrder(turn, log, conversation), ...judgeGrammar(turn)]);
  const withhold = (...ids: readonly string[]): void => {
    for (const id of ids) if (outcomes.has(id)) outcomes.set(id, "unprovable");
  };
  if (hidesGrammar(turn, outcomes))
    for (const id of ofFamilies("GRM")) if (all.includes(id)) outcomes.set(id, "unprovable");
  if (turn.holed || isUndecided(turn, log)) {
    withhold("ORD-04", "GRM-02", "GRM-03", "GRM-04", "GRM-05");
    if (!turn.schema.sequenced) withhold("GRM-01");
  }
  if (turn.holed) withhold("ORD-05", "ORD-07");
  const cutShort = turn.end === undefined && missingOf(turn) > 0;
  if (cutShort) withhold("GRM-04", "GRM-07");
  // What is missing may be what must not be there.
  if (turn.holed || cutShort) {
    for (const id of ["GRM-06", "GRM-07"]) if (outcomes.get(id) === "held") outcomes.set(id, "unprovable");
  }
  // What is not decided may still be broken by what comes.
  if (isUndecided(turn, log)) {
    for (const [id, outcome] of outcomes) if (outcome === "held" && id !== "GRM-01") outcomes.set(id, "unprovable");
  }
  if (outcomes.get("ORD-02") === "violated") {
    for (const id of ["ORD-08", ...ofFamilies("GRM")]) if (outcomes.has(id)) outcomes.set(id, "undefined");
  }
  return outcomes;
}

/** Whether nothing proves that all of the turn was seen: no barrier of its end, or, if it has none, no end of the run. */
function isUndecided({ end }: Turn, log: Log): boolean {
  return end === undefined ? log.end === undefined : coverOf(log, end)?.reached !== true;
}

/** Whether events of the turn are known to be missing, or late: then its grammar and its message prove nothing. */
function hidesGrammar(turn: Turn, outcomes: Outcomes): boolean {
  if (turn.planned.some(({ fate }) => fate === "gone" || fate === "unseen")) return true;
  if (turn.holed) return false;
  if (outcomes.get("ORD-04") === "violated" || outcomes.get("ORD-05") === "violated") return true;
  return turn.end !== undefined && missingOf(turn) > 0;
}

/** ORD-09 of the turns that were observed in both versions. */
function judgeVersions(log: Log, turns: readonly Turn[], judged: ReadonlyMap<Turn, Outcomes>): Scope[] {
  const blame = chargeBroken(log);
  const pairs = Map.groupBy(
    turns.filter(({ events, broken }) => blame.all || events.length + broken > 0),
    (turn) => scopeOf("turn", turn),
  );
  return [...pairs].flatMap(([scope, [older, newer]]): Scope[] => {
    // The broken record of the other version may be one of this turn.
    const charged = chatSchemas.some(
      ({ name }) =>
        (newer !== undefined || older?.schema.name !== name) &&
        blame.conversations[name]?.has(older?.conversationId ?? "") === true,
    );
    if (blame.all || charged) return [{ scope, outcomes: new Map([["ORD-09", "unprovable"]]) }];
    if (older === undefined || newer === undefined) return [];
    const provable = [older, newer].every((turn) => {
      const outcomes = judged.get(turn);
      return (
        !turn.spoiled &&
        !turn.holed &&
        turn.end !== undefined &&
        !isUndecided(turn, log) &&
        !turn.planned.some(({ fate }) => fate === "gone" || fate === "unseen" || fate === "indefinite") &&
        outcomes?.get("ORD-07") !== "violated" &&
        outcomes?.get("ORD-05") !== "violated" &&
        outcomes?.get("ORD-04") !== "violated"
      );
    });
    const outcome = !provable ? "unprovable" : versionsAgree(older, newer) ? "held" : "violated";
    // Of the two entries of such a turn it is in that of chat.v2.
    judged.get(newer)?.set("ORD-09", outcome);
    return [];
  });
}

/** The first rule of severity error that is broken. Only REC-05 differs between the versions in that. */
function primaryOf(outcomes: Outcomes, name: SchemaName): string | undefined {
  return order.find((id) => outcomes.get(id) === "violated" && severityOf(id, name) === "error");
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
    if (turn === undefined || turn.neverWas) {
      const spoiled = blame.all || blame.conversations[schema.name]?.has(ids.conversationId) === true;
      if (spoiled) return [unprovable];
      if (message.content.length === 0) return [];
      return [{ scope, outcomes: new Map([["MSG-01", holed ? "unprovable" : "violated"] as const]) }];
    }
    const outcomes = judged.get(turn);
    const undecided =
      turn.spoiled ||
      turn.holed ||
      outcomes === undefined ||
      hidesGrammar(turn, outcomes) ||
      isUndecided(turn, log) ||
      (turn.end === undefined && (log.end?.producersDone !== true || missingOf(turn) > 0));
    if (outcomes?.get("ORD-02") === "violated" && !undecided) {
      return [{ scope, outcomes: new Map(applicable.map((id) => [id, "undefined" as const])) }];
    }
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
      if (turn.neverWas) return false;
      if (end === undefined) return producing;
      if (coverOf(log, end)?.reached !== true) return true;
      return producing && schema.sequenced && openTasks.length > 0 && !completesConversation(end);
    })
  );
}

function summarise(scopes: readonly Scope[], inconclusive: boolean): NaiveVerdict {
  const violations: NaiveFinding[] = [];
  const warnings: NaiveFinding[] = [];
  const open = new Set<string>();
  const statuses: Record<string, NaiveStatus> = {};
  const nameOf = (scope: string): SchemaName => {
    const older = chatV1.topicList.some((topic) => scope.startsWith(`record ${topic}/`));
    return older ? "chat.v1" : "chat.v2";
  };
  const rank: readonly NaiveStatus[] = ["not exercised", "held", "unprovable", "undefined", "violated"];
  for (const id of order) if (!id.startsWith("CHT")) statuses[id] = "not exercised";
  for (const { scope, outcomes } of scopes) {
    const broken = order.filter((id) => outcomes.get(id) === "violated");
    const primary = primaryOf(outcomes, nameOf(scope));
    if (primary !== undefined) violations.push({ rule: primary, scope });
    if (broken.includes("KAF-02")) violations.push({ rule: "KAF-02", scope });
    for (const id of broken) if (severityOf(id, nameOf(scope)) === "warning") warnings.push({ rule: id, scope });
    for (const [id, outcome] of outcomes) {
      if (outcome === "undefined") open.add(`${id} of ${scope}`);
      if (rank.indexOf(outcome) > rank.indexOf(statuses[id] ?? "not exercised")) statuses[id] = outcome;
    }
  }
  const failed = violations.some(({ rule }) => rule !== "KAF-02");
  return {
    verdict: failed ? "failed" : inconclusive ? "inconclusive" : "passed",
    violations,
    warnings,
    open,
    statuses,
  };
}
