import type { Observation } from "@ondash/contract";
import type { Random } from "@ondash/core";
import type { SchemaName } from "@ondash/schemas";
import type { Setting } from "./profile.ts";
import type { Script, Step } from "./step.ts";
import type { Stamp, StampedEvent, Template, TemplatePool, TurnTemplate } from "./template.ts";

/** Legal turns of one conversation, one after the other: a script for each version. */
export interface LegalScripts {
  readonly turns: number;
  readonly scripts: readonly Script[];
}

/** Makes legal turns: a conversation of its own each, or several in one, the last of which may end it. */
export function createLegalScripts(
  pool: TemplatePool,
  setting: Setting,
  random: Random,
): (most: number) => LegalScripts {
  let conversations = 0;
  let turns = 0;
  /** A conversation that nobody ends: more turns may join it at any time. */
  let joinable: number | undefined;

  const draw = (most: number): TurnTemplate[] => {
    const chain: TurnTemplate[] = [];
    do {
      const template = pool.turns[random.int(0, pool.turns.length - 1)];
      if (template === undefined) throw new Error("the pool is empty");
      chain.push(template);
    } while (chain.length < most && chain.at(-1)?.endsConversation === false && random.unit() < setting.share);
    return chain;
  };
  return (most) => {
    const chain = draw(most);
    const open = chain.at(-1)?.endsConversation === false;
    const joins = open && joinable !== undefined && random.unit() < setting.share;
    const conversation = joins && joinable !== undefined ? joinable : conversations++;
    if (open) joinable = conversation;
    const steps = new Map<SchemaName, Step[]>();
    for (const turn of chain) {
      const stamp = { conversation, turn: turns++, partitions: setting.partitions, days: random.int(0, 900) };
      for (const template of turn.versions) {
        let list = steps.get(template.schema.name);
        if (list === undefined) steps.set(template.schema.name, (list = []));
        stepsOf(template, stamp, setting, random, list);
      }
    }
    return { turns: chain.length, scripts: Array.from(steps.values(), (list) => ({ steps: list })) };
  };
}

/** Appends the steps of one turn in one version; labels are the steps' numbers. */
function stepsOf(template: Template, stamp: Stamp, setting: Setting, random: Random, steps: Step[]): void {
  const { conversationId, messageId, events } = template.stamp(stamp);
  const say = (observation: Observation): number =>
    steps.push({ kind: "observe", labels: [], when: "sent", make: () => observation });
  if (setting.ledger) {
    for (const { eventId, record } of events)
      say({ kind: "plan", eventId, conversationId, messageId, topic: record.topic });
    if (random.unit() < 0.1) {
      const eventId = `refused-${messageId}`;
      const topic = template.schema.topics.status;
      say({ kind: "plan", eventId, conversationId, messageId, topic });
      say({ kind: "rejected", eventId, topic, error: "MESSAGE_TOO_LARGE" });
    }
  }
  const acks: Step[] = [];
  // Nothing is acknowledged before its transaction is committed.
  const later = setting.transaction.probability > 0;
  for (const event of events) {
    const label = steps.push({ kind: "send", label: steps.length, record: event.record, ends: event.ends }) - 1;
    if (!setting.ledger) continue;
    const told = outcomeOf(event, label, random);
    (later ? acks : steps).push(...told);
  }
  steps.push(...acks);
  if (setting.messages) say({ kind: "message", schema: template.schema.name, message: template.message(stamp) });
}

/** What the producer learns of a send: that it was written, at times after a timeout. */
function outcomeOf({ eventId, record }: StampedEvent, label: number, random: Random): Step[] {
  const { topic } = record;
  const ack: Step = {
    kind: "observe",
    labels: [label],
    when: "sent",
    make: ([place]) => ({ kind: "ack", eventId, topic, partition: record.partition, offset: place?.offset ?? 0 }),
  };
  if (random.unit() >= 0.05) return [ack];
  const indefinite: Step = {
    kind: "observe",
    labels: [],
    when: "sent",
    make: () => ({ kind: "indefinite", eventId, topic }),
  };
  return random.unit() < 0.5 ? [indefinite, ack] : [indefinite];
}
