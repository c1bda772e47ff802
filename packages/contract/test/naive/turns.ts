import type { Observation, PlanObservation, TopicOffsets } from "@ondash/contract";
import { type ChatSchema, chatSchemas, schemaOfTopic, utf8Text } from "@ondash/schemas";
import type { Fate, Ledger } from "./acknowledgements.ts";
import { isReached, type Log, type Seen, type Sound } from "./log.ts";

/** What the ledger says of one event that was to be sent. */
export interface Planned extends PlanObservation {
  /** Seen in its turn counts as kept. */
  readonly fate: Fate | "unsent";
}

/** One version of a turn: what was observed of it, in emission order, and what is known about it. */
export interface Turn {
  readonly schema: ChatSchema;
  readonly conversationId: string;
  readonly messageId: string;
  /** Sound records, in emission order. */
  readonly events: readonly Sound[];
  /** The same without those that repeat the event_id of one before: what readers make of it. */
  readonly said: readonly Sound[];
  /** How many broken records are known to be of this turn. */
  readonly broken: number;
  /** Why nothing can be said of the turn. */
  readonly spoiled: boolean;
  readonly planned: readonly Planned[];
  /** The completion that ends the turn (chat.v1 at rest: the one observed last), if it has ended. */
  readonly end: Sound | undefined;
  /** The CONVERSATION completion. */
  readonly conversation: Sound | undefined;
  /** First TASK completion of each task. */
  readonly completions: ReadonlyMap<string, Sound>;
  /** Named tasks, in the order of opening. */
  readonly tasks: readonly string[];
  readonly openTasks: readonly string[];
  /** It was planned, and all of it was refused or is in doubt: nobody is to blame for it. */
  readonly neverWas: boolean;
  /** There is a hole in a partition with the number of one of its records, in a topic of its version. */
  readonly holed: boolean;
}

/** What a completion's barrier says. */
export interface Cover {
  /** The end offsets of the first barrier asked for after the completion was observed. */
  readonly ends: TopicOffsets;
  /** Whether all below them was read. */
  readonly reached: boolean;
}

/** All turns, of each version. */
export function sortTurns(log: Log, observations: readonly Observation[], { fates }: Ledger): readonly Turn[] {
  const blame = chargeBroken(log);
  const turns: Turn[] = [];
  for (const schema of chatSchemas) {
    const records = log.records.filter((record) => record.schema === schema);
    const places = [...log.partitions.values()].filter(({ topic }) => schema.topicList.includes(topic));
    const holes = new Set(places.filter((place) => place.holes.length > 0).map(({ partition }) => partition));
    const plans = observations.filter((o) => o.kind === "plan" && schemaOfTopic(o.topic)?.schema === schema);
    const found = new Map<string, { ids: [string, string]; all: Seen[]; plans: PlanObservation[] }>();
    const at = (conversation: string, message: string) => {
      const key = JSON.stringify([conversation, message]);
      let turn = found.get(key);
      if (turn === undefined) found.set(key, (turn = { ids: [conversation, message], all: [], plans: [] }));
      return turn;
    };
    for (const record of records) {
      const ids = idsOf(record);
      if (ids !== undefined) at(...ids).all.push(record);
    }
    for (const plan of plans) if (plan.kind === "plan") at(plan.conversationId, plan.messageId).plans.push(plan);
    for (const { ids, all, plans: own } of found.values()) {
      const sound = all.flatMap((record) => (isSound(record) ? [record] : []));
      const events = sound.toSorted(byEmission(schema));
      const known = new Set<string>();
      const said = events.filter(({ event }) => !known.has(event.eventId) && known.add(event.eventId));
      const observed = new Set(all.flatMap(({ decoding }) => (decoding.ok ? [decoding.envelope.eventId] : [])));
      const spoiled = all.length > sound.length || blame.all || blame.conversations[schema.name]?.has(ids[0]) === true;
      const planned = plannedOf(own, schema, observed, fates);
      turns.push({
        schema,
        conversationId: ids[0],
        messageId: ids[1],
        events,
        said,
        broken: all.length - sound.length,
        spoiled,
        planned,
        ...endingOf(schema, events),
        holed: all.some(({ record }) => holes.has(record.partition)),
        neverWas: all.length === 0 && !spoiled && !planned.some(({ fate }) => fate === "unsent" || fate === "gone"),
      });
    }
  }
  return turns;
}

/** What became of the planned events of a turn. */
function plannedOf(
  plans: readonly PlanObservation[],
  { name }: ChatSchema,
  observed: ReadonlySet<string>,
  fates: Ledger["fates"],
): Planned[] {
  return [...new Map(plans.map((plan) => [plan.eventId, plan])).values()].map((plan) => ({
    ...plan,
    fate: observed.has(plan.eventId) ? "kept" : (fates.get(`${name} ${plan.eventId}`) ?? "unsent"),
  }));
}

/** The conversations, of each version, that broken records are charged to since their turn is not known. */
export function chargeBroken(log: Log): {
  readonly all: boolean;
  readonly conversations: Readonly<Record<string, ReadonlySet<string>>>;
} {
  const conversations: Record<string, Set<string>> = {};
  let all = false;
  for (const record of log.records) {
    if (record.errors.length === 0 || idsOf(record) !== undefined) continue;
    const key = utf8Text(record.record.key);
    if (key === undefined || key === "") all = true;
    else (conversations[record.schema.name] ??= new Set()).add(key);
  }
  return { all, conversations };
}

/** The barrier of a completion. */
export function coverOf(log: Log, completion: Sound): Cover | undefined {
  const { topicList } = completion.schema;
  // A barrier is one only for a version whose five topics it names.
  const names = (ends: TopicOffsets): boolean => topicList.every((topic) => ends[topic] !== undefined);
  const first = log.barriers.find(({ askedAt, ends }) => askedAt > completion.at && names(ends));
  if (first !== undefined) return { ends: first.ends, reached: isReached(first.ends, topicList, log) };
  if (log.end === undefined || !(log.end.producersDone || log.barriers.length === 0)) return undefined;
  if (!names(log.end.ends)) return undefined;
  return { ends: log.end.ends, reached: isReached(log.end.ends, topicList, log) };
}

/** Sorts by emission: the timestamp in chat.v1, the sequence in chat.v2; what is equal in that, by place. */
function byEmission(schema: ChatSchema): (a: Sound, b: Sound) => number {
  return (a, b) => compareEmission(schema, a, b) || comparePlace(a, b);
}

/** Below 0: `a` was emitted first. 0: that can't be told. */
export function compareEmission(schema: ChatSchema, a: Sound, b: Sound): number {
  if (schema.sequenced) return sequenceOf(a) - sequenceOf(b);
  return Number(nanosOf(a) - nanosOf(b));
}

function comparePlace(a: Seen, b: Seen): number {
  const topics = a.schema.topicList;
  return (
    topics.indexOf(a.record.topic) - topics.indexOf(b.record.topic) ||
    a.record.partition - b.record.partition ||
    a.record.offset - b.record.offset
  );
}

/** The event's sequence; chat.v2 only. */
export function sequenceOf({ event }: Sound): number {
  return "sequence" in event ? event.sequence : 0;
}

/** The event's timestamp in nanoseconds since 1970. */
export function nanosOf({ event }: Sound): bigint {
  return (event.timestamp?.seconds ?? 0n) * 1_000_000_000n + BigInt(event.timestamp?.nanos ?? 0);
}

/** Whether an event completes its task. */
export function completesTask({ event }: Sound): boolean {
  return event.event.case === "completion" && event.event.value.type === 1;
}

/** Whether an event completes the conversation. */
export function completesConversation({ event }: Sound): boolean {
  return event.event.case === "completion" && event.event.value.type === 2;
}

/** Whether an event is a final completion of chat.v2. */
export function isFinal({ event }: Sound): boolean {
  const { event: body } = event;
  return body.case === "completion" && "lastSequence" in body.value && body.value.lastSequence !== 0;
}

function isSound(record: Seen): record is Sound {
  if (record.errors.length > 0 || !record.decoding.ok) return false;
  Object.assign(record, { event: record.decoding.envelope });
  return true;
}

/** The turn that a record names, sound or not. */
function idsOf({ decoding }: Seen): [conversation: string, message: string] | undefined {
  if (!decoding.ok) return undefined;
  const { conversationId, messageId } = decoding.envelope;
  return conversationId === "" || messageId === "" ? undefined : [conversationId, messageId];
}

/** How a turn of these events, in emission order, ends. */
export function endingOf(
  schema: ChatSchema,
  events: readonly Sound[],
): Pick<Turn, "end" | "conversation" | "completions" | "tasks" | "openTasks"> {
  const tasks = [...new Set(events.map(({ event }) => event.taskId))].filter((task) => task !== "");
  const completions = new Map<string, Sound>();
  for (const event of events) {
    const { taskId } = event.event;
    if (completesTask(event) && !completions.has(taskId)) completions.set(taskId, event);
  }
  const openTasks = tasks.filter((task) => !completions.has(task));
  const conversation = events.find(completesConversation);
  let end = schema.sequenced ? events.find(isFinal) : conversation;
  if (!schema.sequenced && end === undefined && tasks.length > 0 && openTasks.length === 0) {
    // A task that was completed twice is at rest with the first that was observed, whichever was emitted first.
    const closings = tasks.map((task) =>
      events
        .filter((event) => completesTask(event) && event.event.taskId === task)
        .reduce((first, other) => (other.at < first.at ? other : first)),
    );
    end = closings.reduce((latest, other) => (other.at > latest.at ? other : latest));
  }
  return { end, conversation, completions, tasks, openTasks };
}
