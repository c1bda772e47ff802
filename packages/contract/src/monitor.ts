import { type BarrierLaw, barrierLaw, createBarriers } from "./barrier.ts";
import { ContractError } from "./error.ts";
import type { PlacedEvent } from "./event.ts";
import { notImplemented } from "./implemented.ts";
import { createIntake } from "./intake.ts";
import { judgeKafka } from "./kafka/judge-kafka.ts";
import { createTopicShapes } from "./kafka/topic-shape.ts";
import { createLedger } from "./ledger.ts";
import { createLogs } from "./log/logs.ts";
import { type GivenMessage, judgeMessage, readGivenMessage } from "./message/judge-messages.ts";
import type { Monitor, MonitorOptions } from "./monitor-types.ts";
import type { EndObservation, Observation } from "./observation.ts";
import { createOutcomes } from "./outcomes.ts";
import type { Judgement } from "./run-result.ts";
import { createTimeline } from "./timeline.ts";
import { gapsOf } from "./turn/assemble.ts";
import { createTurnJudge } from "./turn/judge-run.ts";
import { createTurnResults } from "./turn/results.ts";
import type { Turn } from "./turn/turn.ts";
import { createTurns } from "./turn/turns.ts";
import { createWatch } from "./turn/watch.ts";
import { shorten, verdictOf } from "./verdict.ts";

/** What a live monitor keeps. A parameter for the same reason as `BarrierLaw`; everything else uses `liveBounds`. */
export interface LiveBounds {
  /** How far the sequences of a live turn may lie apart. */
  readonly window: number;
  /** How many decided turns it keeps whole, so that what comes late is still named. */
  readonly tombstones: number;
  /** How many records of a partition it remembers, to compare redeliveries with. */
  readonly records: number;
}

const liveBounds: LiveBounds = { window: 1_024, tombstones: 1_024, records: 1_024 };

/** Creates the judge. See `Monitor`. */
export function createMonitor(options: MonitorOptions = {}): Monitor {
  return createMonitorWith(options, barrierLaw);
}

/**
 * The monitor with the comparisons of the barrier and its bounds given: for the tests that prove that they matter.
 *
 * A turn is judged as late as possible, at the end of the run, from all that was observed: so a late event, a gap that
 * was filled or a ledger entry that came after the turn's barrier are weighed like any other, and the verdict depends on
 * what was observed and not on when. Only a live monitor judges earlier, when it lets go of the turns decided longest ago.
 */
export function createMonitorWith(options: MonitorOptions, law: BarrierLaw, bounds: LiveBounds = liveBounds): Monitor {
  const window = options.window ?? bounds.window;
  const live = Number.isFinite(window);
  const ledger = createLedger();
  const logs = createLogs(law, live ? bounds.records : Number.POSITIVE_INFINITY);
  const barriers = createBarriers(law, live ? bounds.tombstones : Number.POSITIVE_INFINITY);
  const turns = createTurns(window);
  const outcomes = createOutcomes();
  const results = createTurnResults();
  const shapes = createTopicShapes();
  const timeline = options.timeline === true ? createTimeline() : undefined;
  const messages: GivenMessage[] = [];
  /** Decided turns, the longest decided first. */
  const decided = new Set<Turn>();
  /**
   * Decided turns whose time has come while their partitions have a gap: it may be filled yet, even with a record of
   * theirs that trails behind their end. As many as `decided`.
   */
  const withheld = new Set<Turn>();
  let partitions: number | undefined;
  let end: EndObservation | undefined;
  let finished = false;

  const judge = createTurnJudge(
    () => ({ law, barriers, logs, ledger, turns, end, goesOn: !finished }),
    outcomes,
    results,
  );

  const hasGap = (turn: Turn): boolean => gapsOf(turn, { logs, end }).next().done !== true;
  const letGo = (from: Set<Turn>): void => {
    const [oldest] = from;
    if (oldest === undefined) return;
    from.delete(oldest);
    const versions = turns.versions(oldest.conversationId, oldest.messageId);
    // Both versions of a turn are judged together: one that is still undecided keeps the other, and its turn comes again
    // when that one is decided.
    if (versions.some((version) => watch.isUndecided(version))) return;
    if (from === decided && versions.some(hasGap)) {
      withheld.add(oldest);
      if (withheld.size > bounds.tombstones) letGo(withheld);
      return;
    }
    judge.judge(oldest);
    for (const version of versions) {
      decided.delete(version);
      withheld.delete(version);
      judge.forget(version);
      turns.forget(version);
    }
  };
  const watch = createWatch(law, barriers, logs, (turn) => {
    withheld.delete(turn);
    decided.delete(turn);
    decided.add(turn);
    if (live && decided.size > bounds.tombstones) letGo(decided);
  });

  const changeTurn = (turn: Turn, change: () => void): void => {
    const { schema, conversationId, messageId } = turn;
    const before = turn.endAsked;
    if (judge.isForgotten(schema.name, conversationId, messageId)) {
      turn.spoil(`it was judged before: a live monitor keeps the ${bounds.tombstones} turns that were decided last`);
    }
    change();
    results.open(conversationId, messageId);
    watch.changed(turn, before);
  };

  const intake = createIntake(logs, outcomes, {
    take(schema, event, place) {
      const placed: PlacedEvent = { event, place, asked: barriers.asked };
      turns.note(schema, placed);
      const turn = turns.at(schema, event.conversationId, event.messageId);
      changeTurn(turn, () => turn.add(placed));
    },
    spoilTurn(schema, { conversationId, messageId }, { partition }, ends, why) {
      const turn = turns.at(schema, conversationId, messageId);
      changeTurn(turn, () => turn.spoil(why, partition, ends ? barriers.asked : undefined));
      results.fail(conversationId, messageId);
    },
    spoilConversation: (schema, conversationId, why) => turns.spoilConversation(schema, conversationId, why),
    show: (schema, event, place) => timeline?.add(schema, event, place),
  });

  const judgeAll = (): void => {
    for (const turn of turns.all()) judge.judge(turn);
    judgeKafka({ logs, ledger, end, shapes, partitions: partitions ?? 0 }, outcomes);
    const gap = outcomes.violations.find(({ rule }) => rule === "KAF-02")?.message;
    for (const message of messages) {
      const judged = judgeMessage(message, { gap, find: (...turn) => judge.find(...turn) });
      if (judged === undefined) continue;
      const { conversationId, messageId, schema, checks } = judged;
      const broken = outcomes.report({ schema, conversationId, messageId }, checks);
      if (broken !== undefined) results.fail(conversationId, messageId);
    }
  };
  const reasonsOf = (): string[] => {
    const gaps = outcomes.violations.filter(({ rule }) => rule === "KAF-02").map(({ message }) => message);
    return [
      ...(intake.records === 0 ? ["nothing was observed"] : []),
      ...(end === undefined ? ["the observation did not end properly"] : []),
      ...shorten(gaps, "partitions"),
      ...shorten(judge.reasons, "turns"),
    ];
  };

  return {
    get wantsBarrier() {
      return watch.wantsBarrier;
    },
    get undecided() {
      return watch.undecided;
    },
    observe(observation: Observation) {
      if (finished || end !== undefined)
        throw new ContractError("observation", `${observation.kind} came after the end`);
      if (observation.kind === "start") {
        if (partitions !== undefined) throw new ContractError("observation", "`start` came twice");
        partitions = observation.partitions;
        if (observation.start === undefined) return;
        shapes.note("start", observation.start);
        return logs.start(observation.start);
      }
      if (partitions === undefined) throw new ContractError("observation", `${observation.kind} came before \`start\``);
      switch (observation.kind) {
        case "record":
          intake.record(observation, partitions);
          return watch.advanced(logs.at(observation.topic, observation.partition));
        case "skip": {
          const log = logs.at(observation.topic, observation.partition);
          log.skip(observation.from, observation.to, observation.why);
          return watch.advanced(log);
        }
        case "gap": {
          const log = logs.at(observation.topic, observation.partition);
          log.gap(observation.from, observation.to);
          return watch.advanced(log);
        }
        case "asked":
          watch.asked();
          return barriers.ask(observation.id);
        case "barrier":
          shapes.note(`barrier ${observation.id}`, observation.ends);
          return watch.granted(barriers.grant(observation.id, observation.ends));
        case "plan": {
          const turn = turns.at(ledger.plan(observation), observation.conversationId, observation.messageId);
          return watch.changed(turn, turn.endAsked);
        }
        case "ack":
          return ledger.acknowledge(observation);
        case "rejected":
          return ledger.reject(observation);
        case "indefinite":
          return ledger.leaveOpen(observation);
        case "message":
          messages.push(readGivenMessage(observation));
          return;
        default:
          shapes.note("end", observation.ends);
          end = observation;
      }
    },
    finish(): Judgement {
      if (finished) throw new ContractError("observation", "the monitor was finished before");
      finished = true;
      judgeAll();
      const reasons = reasonsOf();
      const verdict = verdictOf(outcomes.violations, reasons);
      const [schema] = intake.schemas;
      const { records, redeliveries } = intake;
      return {
        verdict,
        reasons: verdict === "inconclusive" ? reasons : [],
        schema: intake.schemas.size > 1 ? "both" : (schema ?? null),
        counts: { records, turns: results.size, redeliveries },
        rules: outcomes.rules(notImplemented),
        violations: outcomes.violations,
        warnings: outcomes.warnings,
        turns: results.list(),
        timeline: timeline?.entries((place) => outcomes.rulesAt(place)) ?? [],
      };
    },
  };
}
