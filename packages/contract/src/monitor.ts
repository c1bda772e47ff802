import { type ChatSchema, type SchemaName, schemaOfTopic } from "@ondash/schemas";
import { type BarrierLaw, barrierLaw, createBarriers } from "./barrier.ts";
import { rules } from "./catalogue.ts";
import { ContractError } from "./error.ts";
import type { ContractEvent, PlacedEvent, SoundEvent } from "./event.ts";
import { nameRecord } from "./finding.ts";
import { contentHash } from "./hash.ts";
import { createLedger } from "./ledger.ts";
import { createLogs } from "./log/logs.ts";
import type { Monitor, MonitorOptions } from "./monitor-types.ts";
import type { EndObservation, Observation, RecordObservation } from "./observation.ts";
import { createOutcomes } from "./outcomes.ts";
import { decodeRecord } from "./record/decode.ts";
import type { DecodedRecord } from "./record/facts.ts";
import { textOfKey } from "./record/key-rules.ts";
import { recordRules } from "./record/record-rules.ts";
import type { Judgement, RecordRef } from "./run-result.ts";
import { createTimeline } from "./timeline.ts";
import { assembleFacts } from "./turn/assemble.ts";
import { allUnprovable, judgeTurn } from "./turn/judge-turn.ts";
import { createTurnResults } from "./turn/results.ts";
import type { Turn } from "./turn/turn.ts";
import { grammarRules, orderRules } from "./turn/turn-rules.ts";
import { createTurns } from "./turn/turns.ts";
import { createWatch } from "./turn/watch.ts";
import { openReason, shorten, verdictOf } from "./verdict.ts";

/** How far the sequences of a live turn may lie apart. */
const LIVE_WINDOW = 1_024;
/** How many decided turns a live monitor keeps whole, so that what comes late is still named. */
const LIVE_TOMBSTONES = 1_024;
/** How many records of a partition a live monitor remembers, to compare redeliveries with. */
const LIVE_RECORDS = 4_096;

const implemented = new Set([...recordRules, ...orderRules, ...grammarRules].map(([id]) => id));
const notImplemented: ReadonlySet<string> = new Set(rules.map(({ id }) => id).filter((id) => !implemented.has(id)));

/** Creates the judge. See `Monitor`. */
export function createMonitor(options: MonitorOptions = {}): Monitor {
  return createMonitorWith(options, barrierLaw);
}

/** The monitor with the comparisons of the barrier given: for the tests that prove that they matter. */
export function createMonitorWith(options: MonitorOptions, law: BarrierLaw): Monitor {
  const window = options.window ?? LIVE_WINDOW;
  const live = Number.isFinite(window);
  const ledger = createLedger();
  const logs = createLogs(law, live ? LIVE_RECORDS : Number.POSITIVE_INFINITY);
  const barriers = createBarriers(law, live ? LIVE_TOMBSTONES : Number.POSITIVE_INFINITY);
  const turns = createTurns(window);
  const outcomes = createOutcomes();
  const results = createTurnResults();
  const timeline = options.timeline === true ? createTimeline() : undefined;
  const reasons: string[] = [];
  const schemas = new Set<SchemaName>();
  /** Decided turns, the longest decided first. */
  const decided = new Set<Turn>();
  const counts = { records: 0, redeliveries: 0 };
  let partitions: number | undefined;
  let end: EndObservation | undefined;
  let finished = false;

  const watch = createWatch(law, barriers, logs, (turn) => {
    decided.delete(turn);
    decided.add(turn);
    if (!live || decided.size <= LIVE_TOMBSTONES) return;
    const [oldest] = decided;
    if (oldest === undefined) return;
    decided.delete(oldest);
    if (watch.isUndecided(oldest)) return;
    judge(oldest);
    turns.forget(oldest);
  });

  const judge = (turn: Turn): void => {
    const facts = assembleFacts(turn, { law, barriers, logs, ledger, turns, end, isAbsent });
    const spoiled = turns.spoiled(turn);
    const nothing = turn.events.length === 0 && spoiled === undefined;
    if (nothing && (facts.ledger?.missing.length ?? 0) + (facts.ledger?.absent.length ?? 0) === 0) return;
    const checks = spoiled === undefined ? judgeTurn(facts) : allUnprovable(facts, spoiled);
    const owner = { schema: turn.schema.name, conversationId: turn.conversationId, messageId: turn.messageId };
    results.open(turn.conversationId, turn.messageId);
    if (outcomes.report(owner, checks) !== undefined) results.fail(turn.conversationId, turn.messageId);
    const overflowed = turn.overflowed ? spoiled : undefined;
    const reason = spoiled === undefined || turn.overflowed ? openReason(facts, overflowed) : undefined;
    if (reason !== undefined) reasons.push(reason);
    results.judged(turn, reason !== undefined || spoiled !== undefined || facts.gap !== undefined);
  };

  const isAbsent = (place: RecordRef): boolean => {
    const log = logs.find(place.topic, place.partition);
    if (log?.hasRecord(place.offset)) return false;
    return (end?.ends[place.topic]?.[place.partition] ?? Number.POSITIVE_INFINITY) <= place.offset;
  };

  const changeTurn = (turn: Turn, change: (turn: Turn) => void): void => {
    const before = turn.endAsked;
    change(turn);
    results.open(turn.conversationId, turn.messageId);
    watch.changed(turn, before);
  };

  const spoil = (schema: ChatSchema, record: RecordObservation, decoded: DecodedRecord, rule: string): void => {
    const why = `${nameRecord(record)} breaks ${rule}`;
    if (decoded.ok && decoded.event.conversationId !== "" && decoded.event.messageId !== "") {
      const { conversationId, messageId, body } = decoded.event;
      const ends = body?.kind === "completion" && (!schema.sequenced || body.lastSequence !== 0);
      const turn = turns.at(schema, conversationId, messageId);
      changeTurn(turn, () => turn.spoil(why, record.partition, ends ? barriers.asked : undefined));
      results.fail(conversationId, messageId);
      return;
    }
    const key = textOfKey(record.key);
    turns.spoilConversation(schema, key === undefined || key === "" ? null : key, why);
  };

  const take = (schema: ChatSchema, event: SoundEvent, place: RecordRef): void => {
    const placed: PlacedEvent = { event, place, asked: barriers.asked };
    turns.note(schema, placed);
    const turn = turns.at(schema, event.conversationId, event.messageId);
    changeTurn(turn, () => turn.add(placed));
  };

  const onRecord = (record: RecordObservation): void => {
    const found = schemaOfTopic(record.topic);
    if (found === undefined) throw new ContractError("observation", `topic ${record.topic} is of no schema version`);
    if (partitions === undefined) throw new ContractError("observation", "a record came before `start`");
    const { schema } = found;
    const { topic, partition, offset } = record;
    const log = logs.at(topic, partition);
    if (log.start !== undefined && offset < log.start) {
      throw new ContractError("observation", `${nameRecord(record)} lies below the start offset ${log.start}`);
    }
    const hash = contentHash(record);
    if (log.arrive(offset) === "again") {
      counts.redeliveries++;
      return;
    }
    counts.records++;
    schemas.add(schema.name);
    const decoded = decodeRecord(schema, record.value);
    const event = decoded.ok ? decoded.event : undefined;
    log.remember(offset, { hash, eventId: event?.eventId });
    const facts = { record, schema, partitions, decoded };
    const place = { topic, partition, offset };
    const owner = ownerOf(schema, record, event);
    const broken = outcomes.report(
      owner,
      recordRules.map(([id, rule]) => [id, rule(facts)]),
    );
    if (event !== undefined) timeline?.add(schema, event, place);
    if (broken !== undefined) spoil(schema, record, decoded, broken);
    else if (event !== undefined) take(schema, soundOf(event), place);
    watch.advanced();
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
      switch (observation.kind) {
        case "start":
          partitions = observation.partitions;
          if (observation.start !== undefined) logs.start(observation.start);
          return;
        case "record":
          return onRecord(observation);
        case "skip":
          logs.at(observation.topic, observation.partition).skip(observation.from, observation.to, observation.why);
          return watch.advanced();
        case "gap":
          logs.at(observation.topic, observation.partition).gap(observation.from, observation.to);
          return watch.advanced();
        case "asked":
          watch.asked();
          return barriers.ask(observation.id);
        case "barrier":
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
          return;
        case "end":
          end = observation;
      }
    },
    finish(): Judgement {
      if (finished) throw new ContractError("observation", "the monitor was finished before");
      finished = true;
      for (const turn of turns.all()) judge(turn);
      const lines = [
        ...(counts.records === 0 ? ["nothing was observed"] : []),
        ...(end === undefined ? ["the observation did not end properly (no end line)"] : []),
        ...shorten(reasons, "turns"),
      ];
      const verdict = verdictOf(outcomes.violations, lines);
      const [schema] = schemas;
      return {
        verdict,
        reasons: verdict === "inconclusive" ? lines : [],
        schema: schemas.size > 1 ? "both" : (schema ?? null),
        counts: { records: counts.records, turns: results.size, redeliveries: counts.redeliveries },
        rules: outcomes.rules(notImplemented),
        violations: outcomes.violations,
        warnings: outcomes.warnings,
        turns: results.list(),
        timeline: timeline?.entries(outcomes.rulesAt) ?? [],
      };
    },
  };
}

/** Whom a record is charged to: its envelope's turn, else the conversation of its key. */
function ownerOf(
  schema: ChatSchema,
  record: RecordObservation,
  event: ContractEvent | undefined,
): { schema: SchemaName; conversationId: string | null; messageId: string | null } {
  const conversationId = event?.conversationId || textOfKey(record.key) || null;
  return { schema: schema.name, conversationId, messageId: event?.messageId || null };
}

/** A record that breaks no rule of severity error has a body and a timestamp: REC-02 and REC-08 saw to it. */
function soundOf(event: ContractEvent): SoundEvent {
  const { body, timestamp } = event;
  if (body === undefined || timestamp === undefined)
    throw new ContractError("observation", "a sound event has a body and a timestamp");
  return { ...event, body, timestamp };
}
