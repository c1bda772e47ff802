import { toJson } from "@bufbuild/protobuf";
import { judgeObservations, type Observation, rules, type TurnResult } from "@ondash/contract";
import { type Plan, parseScenario, plan } from "@ondash/scenario";
import {
  type AnyEnvelope,
  type ChatSchema,
  decodeEnvelope,
  type SchemaName,
  schemaOf,
  schemaOfTopic,
} from "@ondash/schemas";
import { HarnessError } from "../error.ts";
import { formatScenario, type ScenarioFault } from "./format-scenario.ts";

/** Which recorded turn becomes a scenario, and how it is called. */
export interface ToScenarioOptions {
  /** Its name: that of its file. */
  readonly name: string;
  /** Default: of the version in which the turn was recorded; of both the newer one. */
  readonly schema?: SchemaName;
  /** Default: the first turn that was recorded. */
  readonly conversationId?: string;
}

/**
 * A recorded turn as a scenario file: `plan` makes of it the same events in kind, payload, task and order, at the pace in
 * which they were recorded. What a step can't say is said by a `set` fault, so that what is sent is the same in any case.
 * Ids and times are the scenario's own, and an event that was sent twice is said once. Its expectation is what a run of
 * it will find.
 * @throws HarnessError `turn` when there is no turn, an event of it can't be read, or it can't be said.
 */
export function toScenario(observations: readonly Observation[], options: ToScenarioOptions): string {
  const { schema, events } = findTurn(observations, options);
  const draft = { name: options.name, schema, events };
  const parse = (text: string): Plan => plan(parseScenario(text, { file: `${options.name}.yaml` }));

  // Steps first, to see what they leave different; then the faults that mend it; then what a run of it finds.
  const bare = parse(formatScenario({ ...draft, faults: [], expect: undefined }));
  const faults = events.flatMap((event, index) => mend(schema, event, sentAt(schema, bare, index), index + 1));
  const mended = parse(formatScenario({ ...draft, faults, expect: undefined }));
  for (const [index, event] of events.entries()) {
    const [left] = differences(schema, event, sentAt(schema, mended, index));
    if (left === undefined) continue;
    throw new HarnessError(
      "turn",
      `event ${index + 1} can't be said in a scenario: ${left.path} is ${JSON.stringify(left.value)}`,
    );
  }
  return formatScenario({ ...draft, faults, expect: expectationOf(mended) });
}

interface Turn {
  readonly schema: ChatSchema;
  /** In emission order, each once. */
  readonly events: readonly AnyEnvelope[];
}

function findTurn(observations: readonly Observation[], options: ToScenarioOptions): Turn {
  const turns = new Map<
    string,
    { readonly result: Pick<TurnResult, "conversationId" | "messageId">; schemas: Set<SchemaName> }
  >();
  const decoded: { readonly schema: ChatSchema; readonly envelope: AnyEnvelope }[] = [];
  for (const observation of observations) {
    if (observation.kind !== "record") continue;
    const schema = schemaOfTopic(observation.topic)?.schema;
    if (schema === undefined) continue;
    const decoding = decodeEnvelope(schema, observation.value);
    if (!decoding.ok) continue;
    const { envelope } = decoding;
    const { conversationId, messageId } = envelope;
    if (options.conversationId !== undefined && conversationId !== options.conversationId) continue;
    if (options.schema !== undefined && schema.name !== options.schema) continue;
    if (decoding.unknownFields) {
      throw new HarnessError("turn", `event ${envelope.eventId} has fields that the schema does not know`);
    }
    decoded.push({ schema, envelope });
    const key = JSON.stringify([conversationId, messageId]);
    const turn = turns.get(key) ?? { result: { conversationId, messageId }, schemas: new Set() };
    turns.set(key, turn);
    turn.schemas.add(schema.name);
  }
  const [first] = turns.values();
  if (first === undefined) {
    const of = options.conversationId === undefined ? "" : ` of conversation ${options.conversationId}`;
    throw new HarnessError("turn", `there is no turn${of} among ${observations.length} observations`);
  }
  const name: SchemaName = first.schemas.has("chat.v2") ? "chat.v2" : "chat.v1";
  const schema = schemaOf(name);
  const events = new Map<string, AnyEnvelope>();
  for (const { schema: of, envelope } of decoded) {
    const { conversationId, messageId, eventId } = envelope;
    if (of !== schema || conversationId !== first.result.conversationId || messageId !== first.result.messageId)
      continue;
    if (envelope.event.case === undefined || envelope.timestamp === undefined) {
      throw new HarnessError(
        "turn",
        `event ${eventId} has no ${envelope.timestamp === undefined ? "timestamp" : "arm"}`,
      );
    }
    if (!events.has(eventId)) events.set(eventId, envelope);
  }
  return { schema, events: [...events.values()].toSorted(byEmission) };
}

function byEmission(a: AnyEnvelope, b: AnyEnvelope): number {
  if ("sequence" in a && "sequence" in b) return a.sequence - b.sequence;
  const [left, right] = [a.timestamp, b.timestamp];
  if (left === undefined || right === undefined) return 0;
  return left.seconds < right.seconds ? -1 : left.seconds > right.seconds ? 1 : left.nanos - right.nanos;
}

/** The envelope that a plan sends for its event number `index` from 0. */
function sentAt(schema: ChatSchema, { sends }: Plan, index: number): AnyEnvelope {
  const send = sends[index];
  const decoding = decodeEnvelope(schema, send?.record.value ?? null);
  if (!decoding.ok) throw new HarnessError("turn", `event ${index + 1} can't be planned: ${decoding.failure.detail}`);
  return decoding.envelope;
}

interface Difference {
  /** Proto path, as the `set` fault takes it. */
  readonly path: string;
  /** ProtoJSON; null: not set. */
  readonly value: unknown;
}

/** In what a planned event differs from a recorded one: kind, payload, task. A `last_sequence` is the plan's own. */
function differences(schema: ChatSchema, recorded: AnyEnvelope, planned: AnyEnvelope): Difference[] {
  const wanted = said(schema, recorded);
  const got = said(schema, planned);
  return [...new Set([...wanted.keys(), ...got.keys()])]
    .filter((path) => JSON.stringify(wanted.get(path)) !== JSON.stringify(got.get(path)))
    .map((path) => ({ path, value: wanted.get(path) ?? null }));
}

function mend(schema: ChatSchema, recorded: AnyEnvelope, planned: AnyEnvelope, at: number): ScenarioFault[] {
  return differences(schema, recorded, planned).map(({ path, value }) => ({
    at,
    path,
    // It says "the last one", whatever number that has now.
    value: path.endsWith(".last_sequence") && value !== null ? at : value,
  }));
}

/** What an event says, by proto path: its task and the members of its arm that are set. */
function said(schema: ChatSchema, envelope: AnyEnvelope): ReadonlyMap<string, unknown> {
  const json = toJson(schema.envelope, envelope, { useProtoFieldName: true }) as Readonly<Record<string, unknown>>;
  const arm = envelope.event.case ?? "";
  const members = Object.entries((json[arm] ?? {}) as Readonly<Record<string, unknown>>);
  return new Map<string, unknown>([
    ["kind", arm],
    ...("task_id" in json ? [["task_id", json["task_id"]] as const] : []),
    ...members.map(([name, value]) => [`${arm}.${name}`, name === "last_sequence" ? "last" : value] as const),
  ]);
}

/** What a run of a plan finds: judged as if all of it arrived, with the ledger that a run has. */
function expectationOf({ sends, events, partitions, conversationId, messageId, topics }: Plan): {
  readonly verdict: string;
  readonly violations: readonly string[];
  readonly warnings: readonly string[];
  readonly blocks: readonly string[];
} {
  const offsets = new Map<string, number>();
  const start = Object.fromEntries(topics.map((topic) => [topic, Array.from({ length: partitions }, () => 0)]));
  const ends = structuredClone(start);
  const log = sends.flatMap(({ record, eventId }): Observation[] => {
    const { topic, partition } = record;
    const place = `${topic}/${partition}`;
    const offset = offsets.get(place) ?? 0;
    offsets.set(place, offset + 1);
    const list = ends[topic];
    if (list !== undefined) list[partition] = offset + 1;
    return [
      { kind: "ack", eventId, topic, partition, offset },
      { kind: "record", offset, timestamp: -1, ...record },
    ];
  });
  const judgement = judgeObservations([
    { kind: "start", partitions, start },
    ...events.map(({ eventId, topic }): Observation => ({ kind: "plan", eventId, conversationId, messageId, topic })),
    ...log,
    { kind: "end", ends, producersDone: true },
  ]);
  const rulesOf = (found: typeof judgement.violations): readonly string[] => {
    const broken = new Set(found.map(({ rule }) => rule));
    return rules.flatMap(({ id }) => (broken.has(id) ? [id] : []));
  };
  return {
    verdict: judgement.verdict,
    violations: rulesOf(judgement.violations),
    warnings: rulesOf(judgement.warnings),
    blocks: judgement.turns[0]?.blocks ?? [],
  };
}
