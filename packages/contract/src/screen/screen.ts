import { type ChatSchema, chatV2, schemaOfTopic } from "@ondash/schemas";
import { barrierLaw, createBarriers, speaksOf } from "../barrier.ts";
import { ContractError } from "../error.ts";
import { nameRecord } from "../finding.ts";
import { createTopicShapes } from "../kafka/topic-shape.ts";
import { createLogs } from "../log/logs.ts";
import type { EndObservation, Observation, RecordObservation, TopicOffsets } from "../observation.ts";
import { createBarrierQueue } from "./barrier-queue.ts";
import { type ContentMemory, createContentMemory } from "./content-memory.ts";
import { hashConversation } from "./hash-ids.ts";
import { createKeyIndex } from "./key-index.ts";
import { createLegalTurns } from "./legal-turns.ts";
import { createOrderCore } from "./order-core.ts";
import { createRecordReader, type TurnName } from "./read-record.ts";
import { createRecordScreen } from "./record-screen.ts";
import { Kind } from "./screened-event.ts";
import { createScreening, type Screening } from "./screening.ts";

/** Settings of a screen. */
export interface ScreenOptions {
  /**
   * How many turns that were found legal, and how many offsets of each partition, are remembered: an event that comes
   * late for an older turn, or a redelivery of an older record, is not noticed as such. Default: all, as a recording wants.
   */
  readonly keep?: number;
}

/**
 * The first look at much traffic: proves of most turns that they are legal, in a few hundred bytes a turn and without
 * decoding their records, and names the conversations of which it can't. Those are judged by the monitor, in a second
 * look at the same observations; the two looks together say what the monitor alone would have said, always.
 *
 * It takes chat.v2 as observed traffic has it. What it is not made for (chat.v1, a ledger, stored messages, gaps) makes
 * the whole run unfit: judge it with the monitor then.
 */
export interface Screen {
  /** As `Monitor.observe`. */
  observe(observation: Observation): void;
  /** As `Monitor.wantsBarrier`. */
  readonly wantsBarrier: boolean;
  /** Turns that have not been found legal yet, but for those of suspect conversations. */
  readonly undecided: number;
  /** Why the run is unfit, as soon as that is known: there is no need to go on. */
  readonly unfit: string | undefined;
  /** Turns found legal so far. */
  readonly legal: number;
  /** Bytes of the state of undecided turns. */
  readonly bytes: number;
  finish(): Screening;
}

/** Creates a screen. */
export function createScreen(options: ScreenOptions = {}): Screen {
  const { keep = Number.POSITIVE_INFINITY } = options;
  const schema: ChatSchema = chatV2;
  const logs = createLogs(barrierLaw, 0);
  const barriers = createBarriers(barrierLaw, 1_024);
  const shapes = createTopicShapes();
  const core = createOrderCore();
  const legal = createLegalTurns(keep);
  const suspects = createKeyIndex();
  const suspectIds = new Set<string>();
  /** Live turns by their names, by slot. */
  const names = new Map<number, TurnName>();
  /** Conversations that were completed. */
  const ended = createKeyIndex();
  const memories = new Map<string, ContentMemory[]>();
  const topics = new Map(schema.topicList.map((topic, index) => [topic, index]));
  const glance = createRecordScreen(schema);
  const reader = createRecordReader(schema, glance.event);
  const queue = createBarrierQueue(logs, schema);
  let partitions: number | undefined;
  let end: EndObservation | undefined;
  let unfit: string | undefined;
  let finished = false;
  let records = 0;
  /** Records with redeliveries. */
  let observed = 0;
  let redeliveries = 0;

  const suspect = (conversationId: string): void => {
    if (suspectIds.has(conversationId)) return;
    suspectIds.add(conversationId);
    const [high, low] = hashConversation(encoder.encode(conversationId));
    if (suspects.get(high, low) < 0) suspects.add(high, low, 0);
  };
  const drop = (slot: number): void => {
    const name = names.get(slot);
    if (name !== undefined) suspect(name.conversationId);
    names.delete(slot);
    core.forget(slot);
  };
  const memoryOf = (topic: string, partition: number): ContentMemory => {
    let list = memories.get(topic);
    if (list === undefined) memories.set(topic, (list = []));
    return (list[partition] ??= createContentMemory(keep));
  };
  /** A sound event. */
  const take = (record: RecordObservation): void => {
    const { event } = glance;
    if (suspects.size > 0 && suspects.get(event.conversationHigh, event.conversationLow) >= 0) {
      const slot = core.find(event.turnHigh, event.turnLow);
      if (slot >= 0) drop(slot);
      return;
    }
    if (legal.has(event.turnHigh, event.turnLow)) return suspect(reader.namesOf(record).conversationId);
    // No turn may complete after a CONVERSATION; the partition is the conversation's, so its offsets grow.
    if (event.topic === COMPLETIONS) {
      if (ended.get(event.conversationHigh, event.conversationLow) >= 0) {
        return suspect(reader.namesOf(record).conversationId);
      }
      if (event.kind === Kind.conversation) ended.add(event.conversationHigh, event.conversationLow, 0);
    }
    const before = core.find(event.turnHigh, event.turnLow);
    const intake = core.take(event);
    const slot = core.find(event.turnHigh, event.turnLow);
    if (before !== slot) {
      names.set(slot, names.get(before) ?? { ...reader.namesOf(record), ordinal: observed });
      names.delete(before);
    }
    if (intake === "suspect") {
      suspect(reader.namesOf(record).conversationId);
      drop(slot);
    } else if (intake === "ends") queue.add(event.turnHigh, event.turnLow);
  };
  const settle = (keys: readonly number[], ends: TopicOffsets): void => {
    for (let at = 0; at < keys.length; at += 2) {
      const slot = core.find(keys[at] ?? 0, keys[at + 1] ?? 0);
      // It was dropped in the meantime.
      if (slot < 0) continue;
      const name = names.get(slot);
      const turn = core.settle(slot, (topic, partition) => ends[schema.topicList[topic] ?? ""]?.[partition] ?? 0);
      if (name === undefined || turn === undefined) {
        drop(slot);
        continue;
      }
      legal.add({ ...name, ...turn });
      names.delete(slot);
      core.forget(slot);
    }
  };
  const takeRecord = (record: RecordObservation, count: number): void => {
    observed++;
    const topic = topics.get(record.topic);
    if (topic === undefined) {
      if (schemaOfTopic(record.topic) === undefined) {
        throw new ContractError("observation", `topic ${record.topic} is of no schema version`);
      }
      unfit ??= `${nameRecord(record)} is not of ${schema.name}`;
      return;
    }
    const log = logs.at(record.topic, record.partition);
    if (log.floor !== undefined && record.offset < log.floor) {
      throw new ContractError("observation", `${nameRecord(record)} lies below the start offset ${log.floor}`);
    }
    const position = log.position ?? record.offset;
    const memory = memoryOf(record.topic, record.partition);
    if (log.arrive(record.offset) === "again") {
      redeliveries++;
      log.redeliver(record.offset, memory.isSame(record));
      return;
    }
    if (record.offset < position) unfit ??= `${nameRecord(record)} came after the offsets behind it`;
    records++;
    memory.remember(record);
    if (record.leaderEpoch !== undefined && record.leaderEpoch >= 0) log.epoch(record.offset, record.leaderEpoch);
    if (glance.read(record, topic, count)) return take(record);
    const reading = reader.read(record, topic, count);
    if (reading.kind === "sound") return take(record);
    // A broken record may concern the conversation that it names and the one of its key.
    for (const id of reading.conversations) suspect(id);
    if (reading.conversations.length === 0) unfit ??= `${nameRecord(record)} is broken, and nobody knows whose it is`;
  };
  const advance = (): void => {
    for (let ready = queue.next(); ready !== undefined; ready = queue.next()) settle(ready.keys, ready.ends);
  };
  const takeEnd = (observation: EndObservation): void => {
    shapes.note("end", observation.ends);
    end = observation;
    // What settles a turn at the end of a run: see the monitor.
    if (barriers.granted > 0 && !observation.producersDone) return;
    if (!speaksOf(observation, schema) || logs.short(observation, schema) !== undefined) return;
    settle(queue.uncovered(), observation.ends);
  };

  return {
    get wantsBarrier() {
      return queue.waiting;
    },
    get undecided() {
      return core.live;
    },
    get unfit() {
      return unfit;
    },
    get legal() {
      return legal.count;
    },
    get bytes() {
      return core.bytes;
    },
    observe(observation) {
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
          takeRecord(observation, partitions);
          return advance();
        case "skip":
          logs.at(observation.topic, observation.partition).skip(observation.from, observation.to, observation.why);
          return advance();
        case "asked":
          queue.ask(barriers.asked);
          return barriers.ask(observation.id);
        case "barrier":
          shapes.note(`barrier ${observation.id}`, observation.ends);
          queue.grant(barriers.grant(observation.id, observation.ends));
          return advance();
        case "end":
          return takeEnd(observation);
        default:
          unfit ??= `${observation.kind} observations are for the monitor`;
      }
    },
    finish() {
      if (finished) throw new ContractError("observation", "the screen was finished before");
      finished = true;
      for (const log of logs.all()) {
        if (log.unaccounted(end?.ends[log.topic]?.[log.partition], 1).length > 0) unfit ??= "offsets were not seen";
      }
      for (const { conversationId } of names.values()) suspect(conversationId);
      if (partitions === undefined) unfit ??= "nothing was observed";
      return createScreening({
        unfit,
        schema,
        suspects: suspectIds,
        legal: legal.list().filter(({ conversationId }) => !suspectIds.has(conversationId)),
        counts: { records, redeliveries },
        kafka: { logs, shapes, end, partitions: partitions ?? 0 },
      });
    },
  };
}

/** The topic of completions, in the order of arms. */
const COMPLETIONS = 4;
const encoder = new TextEncoder();
