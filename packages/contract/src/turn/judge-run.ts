import type { SchemaName } from "@ondash/schemas";
import type { Outcomes } from "../outcomes.ts";
import { openReason } from "../verdict.ts";
import type { FactSources } from "./assemble.ts";
import type { TurnFacts } from "./facts.ts";
import { type JudgedVersion, judgeVersions, neverWas } from "./judge-versions.ts";
import type { TurnResults } from "./results.ts";
import { type Turn, turnKey } from "./turn.ts";

/** Judges turns and keeps what is reported of them. */
export interface TurnJudge {
  /** Judges a turn in all its versions; once for each of them. */
  judge(turn: Turn): void;
  /** Why the run's verdict stays open, a line for each turn. */
  readonly reasons: readonly string[];
  /** A judged turn, or why it can't be compared with its message; undefined: not observed. */
  find(schema: SchemaName, conversationId: string, messageId: string): TurnFacts | { readonly why: string } | undefined;
  /** Takes note that a judged turn is let go of. */
  forget(turn: Turn): void;
  /** Whether a turn was judged and let go of. */
  isForgotten(schema: SchemaName, conversationId: string, messageId: string): boolean;
}

/** Creates the judge. `sources` is asked each time, since the end of the run comes later. */
export function createTurnJudge(sources: () => FactSources, outcomes: Outcomes, results: TurnResults): TurnJudge {
  const judged = new WeakSet<Turn>();
  /** What was looked up for stored messages. */
  const found = new Map<string, TurnFacts | { readonly why: string } | undefined>();
  const forgotten = new Set<string>();
  const reasons: string[] = [];

  const report = (version: JudgedVersion): void => {
    const { turn, facts, checks, spoiled } = version;
    judged.add(turn);
    if (neverWas(version)) return;
    const { conversationId, messageId } = turn;
    const owner = { schema: turn.schema.name, conversationId, messageId };
    if (outcomes.report(owner, checks) !== undefined) results.fail(conversationId, messageId);
    const overflow = turn.overflowed ? spoiled : undefined;
    const reason = spoiled === undefined || turn.overflowed ? openReason(facts, overflow) : undefined;
    if (reason !== undefined) reasons.push(reason);
    results.judged(turn, reason !== undefined || spoiled !== undefined || facts.gap !== undefined);
  };
  const lookUp: TurnJudge["find"] = (schema, conversationId, messageId) => {
    if (forgotten.has(keyOf(schema, conversationId, messageId))) {
      return { why: "the turn was judged long ago, and its events are no longer kept" };
    }
    const { turns } = sources();
    const versions = judgeVersions(turns.versions(conversationId, messageId), sources());
    const version = versions.find(({ turn }) => turn.schema.name === schema);
    if (version === undefined || neverWas(version)) {
      const why = turns.conversationSpoiled(schema, conversationId);
      return why === undefined ? undefined : { why };
    }
    const why = version.contentIsUnprovable;
    return why === undefined ? version.facts : { why };
  };
  return {
    reasons,
    judge(turn) {
      if (judged.has(turn)) return;
      const { turns } = sources();
      const versions = turns.versions(turn.conversationId, turn.messageId);
      for (const version of judgeVersions(versions, sources())) report(version);
    },
    find(schema, conversationId, messageId) {
      const key = keyOf(schema, conversationId, messageId);
      if (!found.has(key)) found.set(key, lookUp(schema, conversationId, messageId));
      return found.get(key);
    },
    forget(turn) {
      forgotten.add(keyOf(turn.schema.name, turn.conversationId, turn.messageId));
    },
    isForgotten: (schema, conversationId, messageId) => forgotten.has(keyOf(schema, conversationId, messageId)),
  };
}

function keyOf(schema: SchemaName, conversationId: string, messageId: string): string {
  return `${schema} ${turnKey(conversationId, messageId)}`;
}
