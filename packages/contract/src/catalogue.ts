import type { SchemaName } from "@ondash/schemas";
import type { Severity } from "./run-result.ts";

/** What a rule is judged on, and what its count counts. At most one rule of severity error is reported per scope. */
export type RuleScope = "record" | "turn" | "partition" | "message" | "chart";

/** One rule of the contract. Ids are public and never renumbered: a retired rule keeps its row. */
export interface Rule {
  /** `REC-01` … */
  readonly id: string;
  /** Severity in each schema version; a version that is not named is one the rule does not apply to. */
  readonly severity: Readonly<Partial<Record<SchemaName, Severity>>>;
  readonly scope: RuleScope;
  /** What must have occurred for the rule to count as held. */
  readonly trigger: string;
  /** A headline, in the affirmative: what holds. */
  readonly title: string;
  /** The whole rule. */
  readonly text: string;
  /** An example of a breach. */
  readonly breach: string;
  /** What to do about a breach. */
  readonly cure: string;
}

const both = (severity: Severity): Rule["severity"] => ({ "chat.v1": severity, "chat.v2": severity });
const v2 = (severity: Severity): Rule["severity"] => ({ "chat.v2": severity });

const ANY_RECORD = "a judged record";
const ENDED_TURN = "a turn that ended";
const A_MESSAGE = "a stored message";
const A_CHART = "a chart whose record is sound";

/**
 * Every rule of the contract, in the order that decides which of several broken rules of one scope is the primary one.
 * ORD-05 stands before ORD-03 on purpose: a late event is late first, and out of order as a consequence.
 */
export const rules: readonly Rule[] = [
  // Record: each record alone.
  {
    id: "REC-01",
    severity: both("error"),
    scope: "record",
    trigger: ANY_RECORD,
    title: "The value is a strictly valid envelope",
    text: "The value is present (no tombstone), not empty, and decodes under strict decoding: wire types match the schema, no field number 0, no varint over 10 bytes, no group, no length past its end, no sub-message overrun, valid UTF-8, the same oneof arm not twice, no Confluent prefix. Legal: any field order, explicit defaults, a repeated scalar (the last one wins).",
    breach: "A serializer of a schema registry puts 00 00 00 00 2A before the message: decoders read a field number 0.",
    cure: "Write the bare protobuf bytes of EventEnvelope: no schema-registry serializer, no length prefix, no JSON.",
  },
  {
    id: "REC-02",
    severity: both("error"),
    scope: "record",
    trigger: "a record that decodes",
    title: "Exactly one known event arm is on the wire",
    text: "Exactly one arm of the oneof `event` occurs on the wire, and it is known. Envelope numbers 10 to 29 are kept for arms: an unknown one there without a known one breaks this rule; beside a known one it is an unknown field (REC-13).",
    breach: "An envelope that carries ids and a timestamp but neither status, text, chart, error nor completion.",
    cure: "Set one event per envelope, and send what follows in an envelope of its own.",
  },
  {
    id: "REC-03",
    severity: both("error"),
    scope: "record",
    trigger: "a record with one known arm",
    title: "The event is in its own topic",
    text: "The arm belongs to the record's topic: status, text, chart and error to the topic of their name, completion to `complete`.",
    breach: "A ChartEvent in ondash.llm.text.",
    cure: "Choose the topic by the arm that is set, in one place, and not by hand at each call.",
  },
  {
    id: "REC-04",
    severity: both("error"),
    scope: "record",
    trigger: "a record that decodes",
    title: "The key is the conversation_id",
    text: "The record key equals conversation_id, byte for byte. A null key breaks this, and REC-05 is then not judged.",
    breach: 'Key conv_456 quoted as JSON: "conv_456" with the quotation marks.',
    cure: "Use the UTF-8 bytes of conversation_id as the key, without a JSON or registry key serializer.",
  },
  {
    id: "REC-05",
    severity: { "chat.v1": "warning", "chat.v2": "error" },
    scope: "record",
    trigger: "a record with a key",
    title: "The partition follows from the key",
    text: "The partition is murmur2(key) mod partitions, as Java's client computes it. A partition beyond the count is KAF-01, not this.",
    breach:
      "librdkafka's default partitioner (CRC32) puts conv_456 into partition 1 instead of the one that murmur2 gives.",
    cure: "Set partitioner=murmur2_random in librdkafka clients (confluent-kafka-python among them).",
  },
  {
    id: "REC-06",
    severity: both("error"),
    scope: "record",
    trigger: "a record that decodes",
    title: "The ids are there",
    text: "event_id, conversation_id and message_id are non-empty; task_id is non-empty on TASK completions and empty on CONVERSATION completions.",
    breach: "A TASK completion without a task_id: nobody can tell which task it closes.",
    cure: "Fill the ids when the envelope is built, from the request's context; leave task_id empty on CONVERSATION.",
  },
  {
    id: "REC-07",
    severity: both("error"),
    scope: "record",
    trigger: "a record that decodes",
    title: "Enums are set to known values",
    text: "No enum is UNSPECIFIED or unknown. chat.v2: custom_chart_type is set exactly when chart_type is CUSTOM.",
    breach: "A TextEvent whose position was never set: readers can't know whether it goes before or after the chart.",
    cure: "Set the enum explicitly; zero means 'forgotten' in this contract.",
  },
  {
    id: "REC-08",
    severity: both("error"),
    scope: "record",
    trigger: "a record that decodes",
    title: "The timestamp is set and valid",
    text: "timestamp is set (all zeroes counts as set) and valid: years 1 to 9999, nanos 0 to 999,999,999.",
    breach: "nanos 1,000,000,000, from adding milliseconds to nanos without a carry.",
    cure: "Build the Timestamp with the library's own function for the current time.",
  },
  {
    id: "REC-09",
    severity: both("error"),
    scope: "record",
    trigger: "a record with one known arm",
    title: "Texts are not blank and not too long",
    text: "Status message, text, error code and message, and the chart_type of chat.v1 are not blank (nothing but Unicode White_Space); a text is at most 65,536 bytes of UTF-8.",
    breach: "A TextEvent that says only a no-break space.",
    cure: "Do not emit empty text; split long text into several events.",
  },
  {
    id: "REC-10",
    severity: both("warning"),
    scope: "record",
    trigger: ANY_RECORD,
    title: "The record is small",
    text: "Key, value, header names and header values together are at most 524,288 bytes.",
    breach: "A chart configuration with 40,000 points inlined.",
    cure: "Aggregate the data before charting it: brokers refuse records over 1 MiB by default.",
  },
  {
    id: "REC-11",
    severity: v2("error"),
    scope: "record",
    trigger: "a chat.v2 record that decodes",
    title: "The CloudEvents headers agree with the envelope",
    text: "Each required CloudEvents header (ce_specversion, ce_id, ce_source, ce_type, ce_subject, ce_time, content-type) occurs exactly once, its name in lower case, its value UTF-8 and equal to the envelope's field; ce_source matches /ondash-llm/<one or more characters>; ce_time is any RFC 3339 text of the same instant to the nanosecond. traceparent and others are not checked.",
    breach: "ce_time truncated to milliseconds while the envelope's timestamp has nanoseconds.",
    cure: "Derive the headers from the finished envelope, in the function that also encodes it.",
  },
  {
    id: "REC-12",
    severity: v2("error"),
    scope: "record",
    trigger: "a chat.v2 record that decodes",
    title: "The sequence numbers are well-formed",
    text: "sequence is at least 1; last_sequence is 0 or equals sequence; a CONVERSATION completion carries last_sequence.",
    breach: "A final completion with sequence 7 and last_sequence 6, counted from 0.",
    cure: "Number from 1, and set last_sequence to the completion's own sequence.",
  },
  {
    id: "REC-13",
    severity: both("warning"),
    scope: "record",
    trigger: "a record that decodes",
    title: "There are no unknown fields",
    text: "The envelope has no field that the schema does not know. Unknown headers are fine.",
    breach: "A producer built from an unreleased branch sends field 7 of EventEnvelope.",
    cure: "Release the schema first, then the producer.",
  },

  // Order and completeness: a turn. Task ids are scoped to their turn.
  {
    id: "ORD-01",
    severity: both("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "No record is sent twice",
    text: "No event_id stands at two offsets of the turn.",
    breach:
      "A producer without idempotence retried after a lost acknowledgement: the same event lies at offsets 17 and 18.",
    cure: "Switch on the idempotent producer (enable.idempotence=true, acks=all).",
  },
  {
    id: "ORD-02",
    severity: v2("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "No sequence is used twice",
    text: "No sequence has two event_ids: a retry that minted a new event, or two writers of one turn.",
    breach: "Sequence 5 is there as two events with different ids.",
    cure: "Mint ids and sequence once, outside the retry; let one writer own a turn.",
  },
  {
    id: "ORD-05",
    severity: both("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "Nothing arrives after the end was said",
    text: "An event that precedes the end in emission order (chat.v1: its task's completion) does not lie at or above the end's barrier (chat.v1: the first barrier asked for after that completion). It takes the place of ORD-04 for an event that turns up late.",
    breach: "The chart is still in the producer's buffer when the completion is acknowledged, and lands after it.",
    cure: "Await the acknowledgements of all earlier events before sending a completion.",
  },
  {
    id: "ORD-03",
    severity: both("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "Emission order is kept inside a partition",
    text: "Inside one (topic, partition) emission order increases with the offset. chat.v1: no two events of the turn share a timestamp, in any topic.",
    breach: "Two texts swapped by a retry with several requests in flight.",
    cure: "Use the idempotent producer; in chat.v1 make each timestamp at least 1 ns later than the one before.",
  },
  {
    id: "ORD-04",
    severity: both("error"),
    scope: "turn",
    trigger: "a turn that ended (chat.v1: of which the ledger is known)",
    title: "Nothing is lost",
    text: "At the barrier every sequence from 1 to last_sequence is there (chat.v1: every planned event, which takes the run's ledger), and none comes later. Missing ones are named.",
    breach: "Sequences 1 to 4, 6 and 7 of 7 are in the log: the chart, 5, never arrived.",
    cure: "Look at the producer's error handling: an event that failed to send must fail the turn, not vanish.",
  },
  {
    id: "ORD-06",
    severity: both("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "Nothing follows the end",
    text: "chat.v2: no sequence above last_sequence, no second final completion. Both: no event of a named task is later in emission order than its TASK completion; after a CONVERSATION completion comes none of its own turn, and no other turn of the conversation (of the same version) has its newest completion at a higher offset of the same partition of `complete`.",
    breach: "A status 'Cleaning up...' of task_1 after task_1's completion.",
    cure: "Emit the completion last; give work that goes on a task of its own.",
  },
  {
    id: "ORD-07",
    severity: both("error"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "Every turn ends",
    text: "Once the producer is done every turn has ended. chat.v2: a final completion came, and no named task is left open unless it is CONVERSATION. chat.v1: the turn rests (at least one task was opened and all are closed), or CONVERSATION came. Otherwise the turn is TRUNCATED.",
    breach: "The backend process died after the second status; no completion was ever sent.",
    cure: "Emit an ERROR or FATAL error and the completion in a finally block, and finish interrupted turns on restart.",
  },
  {
    id: "ORD-09",
    severity: both("error"),
    scope: "turn",
    trigger: "a turn that was observed in both versions, complete on both sides",
    title: "Both versions of a turn agree",
    text: "A turn of which both versions were observed: paired by event_id they agree (chat.v1 equals the downcast chat.v2), and none is on one side only. Not judged if either side breaks ORD-04, ORD-05 or ORD-07 or is open.",
    breach: "The chart went out in chat.v2 only.",
    cure: "Publish both versions from one function; derive the chat.v1 event from the chat.v2 one.",
  },
  {
    id: "ORD-08",
    severity: v2("warning"),
    scope: "turn",
    trigger: ENDED_TURN,
    title: "Timestamps follow the sequence",
    text: "A timestamp is not more than 2 s before that of the event with the next lower sequence.",
    breach: "Sequence 4 is stamped five seconds before sequence 3: two machines with different clocks wrote the turn.",
    cure: "Take timestamps from one clock, and keep hosts in sync with NTP.",
  },

  // Grammar: a turn, in emission order. Events with task_id "" form a group of their own for 02 to 04.
  {
    id: "GRM-01",
    severity: both("warning"),
    scope: "turn",
    trigger: "a turn whose first event is known",
    title: "A turn begins with a status",
    text: "The first event is a status or a FATAL error (chat.v2: judged only if sequence 1 is there).",
    breach: "A turn whose first event is a text: the user sees nothing until then.",
    cure: "Emit a status as soon as the request is accepted.",
  },
  {
    id: "GRM-02",
    severity: both("error"),
    scope: "turn",
    trigger: "an ended turn with a BEFORE text",
    title: "A BEFORE text is followed by its chart",
    text: "After a BEFORE text a chart of the same task comes, later and before the task's completion (one chart may serve several texts), unless the task has an ERROR or FATAL error anywhere.",
    breach: "'Here is your sales chart' BEFORE, and then the completion: there is no chart.",
    cure: "Emit the chart, or an error that says why there is none, or make the text STANDALONE.",
  },
  {
    id: "GRM-03",
    severity: both("error"),
    scope: "turn",
    trigger: "an ended turn with an AFTER text",
    title: "An AFTER text is preceded by its chart",
    text: "Before an AFTER text a chart of the same task came, unless the task has an ERROR or FATAL error anywhere.",
    breach: "'Sales increased in Q4' AFTER is emitted before the chart it comments on.",
    cure: "Emit comments on a chart after the chart; make other text STANDALONE.",
  },
  {
    id: "GRM-04",
    severity: both("warning"),
    scope: "turn",
    trigger: "a STANDALONE text",
    title: "Nothing stands between a BEFORE text and its chart",
    text: "No STANDALONE text of the same task comes between a BEFORE text and its chart.",
    breach: "'Here is your chart' BEFORE, 'By the way…' STANDALONE, chart.",
    cure: "Emit the STANDALONE text before the introduction or after the chart.",
  },
  {
    id: "GRM-05",
    severity: both("error"),
    scope: "turn",
    trigger: "an ended turn with a completed task",
    title: "A completed task has a result",
    text: "A completed named task has at least one text or chart, or an ERROR or FATAL error.",
    breach: "task_1 is completed after three statuses: the user gets nothing.",
    cure: "Emit what the task found, or an error that says why there is nothing.",
  },
  {
    id: "GRM-06",
    severity: both("error"),
    scope: "turn",
    trigger: "a FATAL error",
    title: "After a FATAL error only completions follow",
    text: "In a turn, after a FATAL error only completions follow.",
    breach: "A FATAL error, and then another status.",
    cure: "Stop the turn on FATAL; use ERROR where the work goes on.",
  },
  {
    id: "GRM-07",
    severity: v2("warning"),
    scope: "turn",
    trigger: "a status with a step",
    title: "Progress goes forward",
    text: "step is at most total_steps when both are set, and step does not go back inside a task.",
    breach: "Step 4 of 3.",
    cure: "Count steps in one place; raise total_steps when the plan grows.",
  },

  // Kafka: a partition. Never blamed on a conversation.
  {
    id: "KAF-01",
    severity: both("error"),
    scope: "partition",
    trigger: "a partition that was observed",
    title: "The five topics are alike",
    text: "The five topics of each observed version exist with the same, power-of-two partition count, constant during the run, cleanup.policy=delete (where known); no record comes from a partition beyond it. In a recording `start` and `end` name all five with as many entries.",
    breach: "ondash.llm.chart was created with 12 partitions by auto-creation, the others with 8.",
    cure: "Create the topics explicitly, all five alike, and switch auto-creation off.",
  },
  {
    id: "KAF-02",
    severity: both("inconclusive"),
    scope: "partition",
    trigger: "a partition that was observed",
    title: "Every offset is accounted for",
    text: "The collector accounts for every offset (record or skip): otherwise the partition is tainted, and what depends on it can't be judged.",
    breach: "Retention deleted offsets 100 to 180 before the collector read them.",
    cure: "Run the check again; raise retention.ms, or read closer to the producer.",
  },
  {
    id: "KAF-03",
    severity: both("error"),
    scope: "partition",
    trigger: "an offset that was read twice",
    title: "An offset never changes",
    text: "A redelivered offset has the same key, headers and value.",
    breach: "After an unclean leader election offset 17 holds another record than before.",
    cure: "unclean.leader.election.enable=false, and min.insync.replicas of 2 or more.",
  },
  {
    id: "KAF-04",
    severity: both("error"),
    scope: "partition",
    trigger: "an acknowledgement",
    title: "What was acknowledged is in the log",
    text: "An acknowledged record is in the log at its offset. Needs the ledger; not judged inside a gap.",
    breach: "The broker acknowledged offset 42 with acks=1 and lost it in a failover.",
    cure: "acks=all, min.insync.replicas of 2 or more, no unclean leader election.",
  },
  {
    id: "KAF-05",
    severity: both("error"),
    scope: "partition",
    trigger: "a rejected send or an aborted transaction",
    title: "What was refused is not visible",
    text: "A definitely rejected or aborted send is not visible; nor is a record inside an aborted skip. A timed-out send is indefinite, neither lost nor phantom.",
    breach: "A record of an aborted transaction reaches the consumer.",
    cure: "Read with isolation.level=read_committed; look for a client that mishandles aborted transactions.",
  },
  {
    id: "KAF-06",
    severity: both("warning"),
    scope: "partition",
    trigger: "a known leader epoch",
    title: "Leader epochs do not go back",
    text: "The leader epoch of a partition does not go back.",
    breach: "Offset 41 has epoch 7, offset 42 has epoch 6.",
    cure: "Look for a stale leader: fencing or clock trouble in the cluster.",
  },

  // Stored message: a turn's events against its Message.
  {
    id: "MSG-01",
    severity: both("error"),
    scope: "message",
    trigger: A_MESSAGE,
    title: "The content is the turn's texts and charts",
    text: "Content blocks are the turn's texts and charts in emission order, one to one; status, error and completion make none. An assistant's message with content and no turn breaks this.",
    breach: "The stored message has the chart before its introduction.",
    cure: "Build the stored message from the events in emission order, not in order of arrival.",
  },
  {
    id: "MSG-02",
    severity: both("error"),
    scope: "message",
    trigger: A_MESSAGE,
    title: "The content is byte-equal",
    text: "Texts are byte-equal, configs byte-equal, chart types equal.",
    breach: "The store parsed config_json and wrote it out again with other spaces.",
    cure: "Store the strings as they came.",
  },
  {
    id: "MSG-03",
    severity: both("error"),
    scope: "message",
    trigger: A_MESSAGE,
    title: "The metadata tells what happened",
    text: "metadata.tasks are the turn's task_ids in order of opening with their final states (completed; failed if the task has an ERROR or FATAL error; running if open; `scenario` is not compared); metadata.errors are its errors of severity ERROR and FATAL.",
    breach: "A task with an ERROR is stored as completed.",
    cure: "Derive task states from the events.",
  },
  {
    id: "MSG-04",
    severity: v2("error"),
    scope: "message",
    trigger: "a stored chat.v2 message",
    title: "The status tells how the turn ended",
    text: "status is COMPLETE, INCOMPLETE (truncated) or FAILED (a FATAL error, or it has tasks and all failed) as the events say.",
    breach: "A truncated turn is stored as COMPLETE.",
    cure: "Set the status when the turn ends, INCOMPLETE until then.",
  },

  // Chart: judged by @ondash/chart-contract, because it takes ECharts.
  {
    id: "CHT-01",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "The config is strict, bounded JSON",
    text: "config_json is strict JSON, an object, without duplicate keys; at most 262,144 bytes of UTF-8, depth at most 32 (the root is 1), at most 5,000 points (items of every series' data plus dataset rows).",
    breach: "A trailing comma, or NaN, from a hand-made serializer.",
    cure: "Serialize with a JSON library; aggregate large data.",
  },
  {
    id: "CHT-02",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "The series agree with the chart type",
    text: "series is non-empty (one object counts as an array of one); each series type is known to ECharts; the first agrees with chart_type, the others are equal to it or cartesian with it (bar, line, scatter mix). chat.v1 strings: lower case bar, line, pie, scatter, radar, heatmap as the enum, any other is the series type itself; CUSTOM: the first series' type equals custom_chart_type.",
    breach: "chart_type bar, series[0].type line.",
    cure: "Set chart_type from the config that is sent.",
  },
  {
    id: "CHT-03",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "It renders",
    text: "Server-side rendering with real ECharts, in a worker with a limit of 2 s, does not throw.",
    breach: "A heatmap without visualMap.",
    cure: "Render the config once with ECharts before sending such charts.",
  },
  {
    id: "CHT-04",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "ECharts has nothing to say against it",
    text: "No ECharts console warning or error is printed while rendering.",
    breach: "ECharts logs that a component is used and not known.",
    cure: "Follow the message that ECharts prints.",
  },
  {
    id: "CHT-05",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "What was declared is drawn",
    text: 'There are as many series as declared, each with at least one value; no NaN except explicit null or "-"; a shown bar, pie or scatter series, not `large`, without dataZoom, draws one mark for each of its points that is not null or "-" and lies in the axis range.',
    breach: "Four values, three bars: one value was a string.",
    cure: "Send numbers, or null for a missing value.",
  },
  {
    id: "CHT-06",
    severity: both("warning"),
    scope: "chart",
    trigger: A_CHART,
    title: "Categories and data fit together",
    text: "The length of the categories is the length of the data; encode names exist.",
    breach: "Four quarters, five values.",
    cure: "Build categories and data from the same rows.",
  },
  {
    id: "CHT-07",
    severity: both("warning"),
    scope: "chart",
    trigger: A_CHART,
    title: "The config is plain data",
    text: "No function-like strings, no numeric strings in series data, no unknown root keys.",
    breach: '"formatter": "function (p) { return p.name }".',
    cure: "Use ECharts' template strings; JSON carries no functions.",
  },
  {
    id: "CHT-08",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "No prototype keys",
    text: "No `__proto__`, `constructor` or `prototype` key at any depth.",
    breach: '{"__proto__": {"polluted": true}}.',
    cure: "Remove the key; look for where the model's output is merged unfiltered.",
  },
  {
    id: "CHT-09",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "No markup",
    text: "No `<` in a `formatter` string at any depth; no extraCssText; no toolbox dataView title, lang, optionToContent.",
    breach: 'tooltip.formatter: "<img src=x onerror=…>".',
    cure: "Use ECharts' template strings without markup.",
  },
  {
    id: "CHT-10",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "No foreign resources",
    text: "Every `link` and `sublink` is https; no string starts with `image://` but `image://data:`; no `image` member but data: URLs.",
    breach: 'title.link: "javascript:alert(1)".',
    cure: "Use https links, and data: URLs for images.",
  },
  {
    id: "CHT-11",
    severity: both("error"),
    scope: "chart",
    trigger: A_CHART,
    title: "Nothing that hangs the browser",
    text: "No dataset.transform config with a `reg`; splitNumber at most 100; a value, log or time axis's own `interval` (not axisLabel's) at least range/1000 where both ends are given (values), else above 0; an axis without `type` has ECharts' default type.",
    breach: "yAxis: {interval: 1e-9, min: 0, max: 1000}: a billion ticks.",
    cure: "Leave interval to ECharts.",
  },
];

const byId: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));
const rank: ReadonlyMap<string, number> = new Map(rules.map((rule, index) => [rule.id, index]));

/** The rule of that id, or undefined. */
export function findRule(id: string): Rule | undefined {
  return byId.get(id);
}

/** Orders rule ids as the catalogue has them; ids it does not know come last. */
export function compareRules(a: string, b: string): number {
  return (rank.get(a) ?? rules.length) - (rank.get(b) ?? rules.length);
}

/** The rule's severity in a version, or undefined where it does not apply. */
export function severityOf(id: string, schema: SchemaName): Severity | undefined {
  return byId.get(id)?.severity[schema];
}
