import { type ChatSchema, chatSchemas, type SchemaName, schemaOfTopic } from "@ondash/schemas";
import { held } from "../finding.ts";
import type { LedgerEntry } from "../ledger.ts";
import { createPartitionLog, type PartitionLog } from "../log/partition-log.ts";
import type { Outcomes } from "../outcomes.ts";
import type { RecordRef } from "../run-result.ts";
import type { AckSources } from "./acknowledgements.ts";
import { acksAreKept, judgePartition } from "./partition-rules.ts";
import type { TopicShapes } from "./topic-shape.ts";

/** Judges the KAF rules of all partitions of a run, at its end. */
export function judgeKafka(
  sources: AckSources & { readonly shapes: TopicShapes; readonly partitions: number },
  outcomes: Outcomes,
): void {
  const { logs, ledger, shapes, partitions } = sources;
  const topics = new Set(logs.topics());
  const misshapen = new Set<ChatSchema>();
  for (const schema of chatSchemas) {
    if (!schema.topicList.some((topic) => topics.has(topic))) continue;
    const check = shapes.judge(schema, partitions);
    if (check === undefined) continue;
    misshapen.add(schema);
    outcomes.report(nobody(schema.name), [["KAF-01", check]]);
  }
  const acks = acksByPartition(ledger.all());
  const refused = refusedSends(ledger.all());
  const observed = new Set<string>();
  for (const log of logs.all()) {
    observed.add(keyOf(log));
    const schema = schemaOfTopic(log.topic)?.schema;
    if (schema === undefined) continue;
    const phantoms = phantomsIn(log, schema, refused);
    for (const { entry } of phantoms) refused.get(schema.name)?.visible.add(entry.rejected?.topic ?? "");
    const facts = {
      ...sources,
      log,
      misshapen: misshapen.has(schema),
      acks: acks.get(keyOf(log))?.list ?? [],
      phantoms,
    };
    outcomes.report(nobody(schema.name), judgePartition(facts));
  }
  // What was acknowledged in partitions of which nothing was observed: an end alone may tell that it is not there.
  for (const [key, { schema, topic, partition, list }] of acks) {
    if (observed.has(key)) continue;
    const log = createPartitionLog(topic, partition, undefined, 0);
    outcomes.report(nobody(schema), [["KAF-04", acksAreKept({ ...sources, log, acks: list })]]);
  }
  // A refused send has no partition: where none is visible, the rule held once for each topic.
  for (const schema of chatSchemas) {
    const sends = refused.get(schema.name);
    const clean = new Set([...(sends?.entries.values() ?? [])].map((entry) => entry.rejected?.topic ?? ""));
    for (const topic of clean) if (!sends?.visible.has(topic)) outcomes.report(nobody(schema.name), [["KAF-05", held]]);
  }
}

const nobody = (schema: SchemaName): Parameters<Outcomes["report"]>[0] => ({
  schema,
  conversationId: null,
  messageId: null,
});

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;

/** What was acknowledged in one partition. */
interface PartitionAcks {
  readonly schema: SchemaName;
  readonly topic: string;
  readonly partition: number;
  readonly list: { readonly place: RecordRef; readonly eventId: string }[];
}

function acksByPartition(entries: Iterable<LedgerEntry>): Map<string, PartitionAcks> {
  const acks = new Map<string, PartitionAcks>();
  for (const { acks: places, eventId, schema } of entries) {
    for (const place of places) {
      const { topic, partition } = place;
      const known = acks.get(keyOf(place));
      if (known === undefined) acks.set(keyOf(place), { schema, topic, partition, list: [{ place, eventId }] });
      else known.list.push({ place, eventId });
    }
  }
  return acks;
}

interface Refused {
  readonly entries: Map<string, LedgerEntry>;
  /** Topics of refused sends that are visible. */
  readonly visible: Set<string>;
}

/** Sends that were definitely refused, and of which no other attempt may have succeeded. */
function refusedSends(entries: Iterable<LedgerEntry>): Map<string, Refused> {
  const refused = new Map<string, Refused>();
  for (const entry of entries) {
    if (entry.rejected === undefined || entry.acks.length > 0 || entry.indefinite) continue;
    let sends = refused.get(entry.schema);
    if (sends === undefined) refused.set(entry.schema, (sends = { entries: new Map(), visible: new Set() }));
    sends.entries.set(entry.eventId, entry);
  }
  return refused;
}

function phantomsIn(
  log: PartitionLog,
  schema: ChatSchema,
  refused: ReadonlyMap<string, Refused>,
): { offset: number; entry: LedgerEntry }[] {
  const entries = refused.get(schema.name)?.entries;
  if (entries === undefined) return [];
  return log.findEvents(entries).flatMap(({ offset, eventId }) => {
    const entry = entries.get(eventId);
    return entry === undefined ? [] : [{ offset, entry }];
  });
}
