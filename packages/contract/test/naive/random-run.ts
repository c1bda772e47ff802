import type { Observation, TopicOffsets } from "@ondash/contract";
import type { Random } from "@ondash/core";
import { createRandom } from "@ondash/core";
import { type AnyEnvelope, type ChatSchema, chatV1, chatV2, encodeRecord, isCastError, upcast } from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v1";
import { createTestLog, type TestLog } from "../support/log.ts";
import { storedMessage } from "../support/message-operators.ts";
import { copy } from "../support/world.ts";
import { disturbReads } from "./read-noise.ts";
import { disturbSends, pick, type Send } from "./send-noise.ts";

/** One thing that goes wrong, and the seed of how. */
export interface Noise {
  readonly what: string;
  readonly seed: number;
}

/** All that decides what a random run is: the same recipe gives the same run. */
export interface Recipe {
  readonly seed: number;
  /** Legal turns; their ids are given anew. */
  readonly turns: readonly { readonly schema: ChatSchema; readonly events: readonly AnyEnvelope[] }[];
  /** Whether turns of chat.v1 are published in both versions. */
  readonly dual: boolean;
  /** How many conversations the turns are spread over. */
  readonly conversations: number;
  readonly partitions: number;
  /** Whether the run has a ledger. */
  readonly ledger: boolean;
  /** Probability of asking for a barrier at each step. */
  readonly barriers: number;
  readonly sends: readonly Noise[];
  readonly reads: readonly Noise[];
  /** Whether each turn's stored message is observed, and what is done to the messages. */
  readonly messages: boolean;
}

/** Plays a recipe: producers, a broker's log and a collector, none of which knows what the contract wants. */
export function randomRun(recipe: Recipe): Observation[] {
  const random = createRandom(recipe.seed);
  const producers = recipe.turns.flatMap((turn, index) => sendsOf(recipe, turn, index, random));
  const planned = producers.map((sends) => [...sends]);
  for (const { what, seed } of recipe.sends) {
    if (producers.length === 0) break;
    disturbSends(producers[Math.abs(seed) % producers.length] ?? [], what, createRandom(seed));
  }
  const run = play(recipe, producers, random);
  if (recipe.messages) run.splice(run.length - 1, 0, ...messagesOf(planned, random));
  if (recipe.ledger) {
    const sent = new Set(producers.flat().map(({ event }) => event.eventId));
    const plans = planned.flat().map(({ event, record }): Observation => {
      const { eventId, conversationId, messageId } = event;
      return { kind: "plan", eventId, conversationId, messageId, topic: record.topic };
    });
    run.splice(1, 0, ...plans);
    for (const { event, record } of planned.flat()) {
      if (sent.has(event.eventId)) continue;
      const fate = fateOf(event.eventId, record.topic, record.partition, random);
      if (fate !== undefined) run.splice(run.length - 1, 0, fate);
    }
  }
  for (const { what, seed } of recipe.reads) disturbReads(run, what, createRandom(seed));
  return run;
}

function sendsOf(
  { dual, conversations, partitions }: Recipe,
  { schema, events }: Recipe["turns"][number],
  index: number,
  random: Random,
): Send[][] {
  const conversation = `c${random.int(0, conversations - 1)}`;
  // Now and then two turns are taken for one.
  const message = random.int(0, 30) === 0 ? "m0" : `m${index}`;
  const own = events.map((event) => {
    const named = copy(schema, event);
    named.conversationId = conversation;
    named.messageId = message;
    named.eventId = `${index}-${event.eventId.slice(-4)}`;
    return named;
  });
  const send =
    (version: ChatSchema) =>
    (event: AnyEnvelope): Send => {
      return { schema: version, event, record: encodeRecord(version, event, partitions) };
    };
  const newer = dual && schema.version === 1 ? upcastIfPossible(own as readonly EventEnvelope[]) : [];
  return [own.map(send(schema)), newer.map(send(chatV2))].filter((sends) => sends.length > 0);
}

function upcastIfPossible(events: readonly EventEnvelope[]): AnyEnvelope[] {
  try {
    return upcast(events);
  } catch (error) {
    if (isCastError(error)) return [];
    throw error;
  }
}

/** Lets producers send, the collector read, and barriers be asked for and granted, in any order. */
function play(recipe: Recipe, producers: readonly (readonly Send[])[], random: Random): Observation[] {
  const { partitions, barriers, ledger } = recipe;
  const log = createTestLog({ partitions, schemas: watched(recipe), base: random.int(0, 2) });
  const run: Observation[] = [{ kind: "start", partitions, start: log.start }];
  const sent = producers.map(() => 0);
  const queues = new Map<string, Observation[]>();
  const asked: { id: number; ends: TopicOffsets }[] = [];
  let ids = 0;
  const append = (producer: number): void => {
    const send = producers[producer]?.[sent[producer] ?? 0];
    sent[producer] = (sent[producer] ?? 0) + 1;
    if (send !== undefined) appendTo(log, queues, run, send, ledger, random);
  };
  for (;;) {
    const moves: (() => void)[] = [];
    const unsent = producers.flatMap((sends, index) => ((sent[index] ?? 0) < sends.length ? [index] : []));
    const unread = [...queues.values()].filter((queue) => queue.length > 0);
    if (unsent.length > 0) moves.push(() => append(pick(random, unsent)));
    if (unread.length > 0) {
      moves.push(() => {
        const next = pick(random, unread).shift();
        if (next !== undefined) run.push(next);
      });
    }
    if (asked.length > 0) {
      moves.push(() => {
        const barrier = asked.shift();
        if (barrier !== undefined) run.push({ kind: "barrier", ...barrier });
      });
    }
    if (moves.length === 0) break;
    if (random.unit() < barriers) {
      asked.push({ id: ++ids, ends: endsOf(log, partitions) });
      run.push({ kind: "asked", id: ids });
    }
    pick(random, moves)();
  }
  run.push({ kind: "end", ends: endsOf(log, partitions), producersDone: true });
  return run;
}

function watched({ turns, dual }: Recipe): ChatSchema[] {
  const seen = new Set(turns.map(({ schema }) => schema));
  if (dual) seen.add(chatV2);
  return seen.size === 0 ? [chatV1] : [...seen];
}

function appendTo(
  log: TestLog,
  queues: Map<string, Observation[]>,
  run: Observation[],
  { record, event }: Send,
  ledger: boolean,
  random: Random,
): void {
  const appended = log.append(record);
  const { topic, partition, offset } = appended;
  const key = `${topic}/${partition}`;
  let queue = queues.get(key);
  if (queue === undefined) queues.set(key, (queue = []));
  queue.push(appended);
  if (random.int(0, 9) === 0)
    queue.push(log.mark(topic, partition, random.int(1, 2), pick(random, ["control", "aborted"])));
  if (ledger && random.int(0, 9) > 0) run.push({ kind: "ack", eventId: event.eventId, topic, partition, offset });
}

/** The end offsets, of the partitions that there are meant to be. */
function endsOf(log: TestLog, partitions: number): TopicOffsets {
  return Object.fromEntries(Object.entries(log.ends()).map(([topic, ends]) => [topic, ends.slice(0, partitions)]));
}

function fateOf(eventId: string, topic: string, partition: number, random: Random): Observation | undefined {
  return pick<Observation | undefined>(random, [
    undefined,
    { kind: "rejected", eventId, topic, error: "INVALID_RECORD" },
    { kind: "indefinite", eventId, topic },
    { kind: "ack", eventId, topic, partition, offset: random.int(0, 4) },
  ]);
}

/** The stored messages of the turns as they were to be sent, some of them changed. */
function messagesOf(producers: readonly (readonly Send[])[], random: Random): Observation[] {
  return producers.flatMap((sends): Observation[] => {
    const [first] = sends;
    if (first === undefined) return [];
    const message = storedMessage(
      first.schema,
      sends.map(({ event }) => event),
    );
    const [task] = message.metadata?.tasks ?? [];
    switch (random.int(0, 11)) {
      case 0:
        message.content?.pop();
        break;
      case 1:
        message.content?.reverse();
        break;
      case 2:
        message.metadata?.errors?.pop();
        break;
      case 3:
        if (task !== undefined) task.state = first.schema.version === 1 ? "running" : "TASK_STATE_RUNNING";
        break;
      case 4:
        if (first.schema.version === 2)
          message.status = pick(random, ["MESSAGE_STATUS_INCOMPLETE", "MESSAGE_STATUS_FAILED"]);
        break;
      case 5:
        message.id = "of nobody";
        break;
      case 6:
        for (const { text } of message.content ?? [])
          if (text !== undefined && random.int(0, 1) === 0) text.text += "!";
        break;
      default:
        break;
    }
    return [{ kind: "message", schema: first.schema.name, message }];
  });
}

/** Whether a recording could hold the run: no record inside control offsets, no end below what was seen. */
export function isPossible(run: readonly Observation[]): boolean {
  const controls = run.filter((o) => o.kind === "skip" && o.why === "control");
  const end = run.at(-1);
  const ends = end?.kind === "end" ? end.ends : {};
  return run.every((o) => {
    if (o.kind !== "record" && o.kind !== "skip") return true;
    const [from, to] = o.kind === "record" ? [o.offset, o.offset] : [o.from, o.to];
    const inside = controls.some(
      (c) =>
        c.kind === "skip" &&
        o.kind === "record" &&
        c.topic === o.topic &&
        c.partition === o.partition &&
        from >= c.from &&
        to <= c.to,
    );
    return !inside && to < (ends[o.topic]?.[o.partition] ?? Number.POSITIVE_INFINITY);
  });
}
