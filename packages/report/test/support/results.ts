import {
  type AbsentEvent,
  type RuleOutcome,
  type RunResult,
  rules,
  type TimelineEntry,
  type Violation,
} from "@ondash/contract";

/** The ids of a seeded plan look like this. */
const CONVERSATION = "019a2f86-0f00-7a3c-8f1e-2b6d4c8e9a01";
const MESSAGE = "019a2f86-0f00-7b11-9c2d-5e7f80913245";

type Row = readonly [kind: TimelineEntry["kind"], at: number, says: string, task?: string, rules?: readonly string[]];

const TOPICS = { status: "status", text: "text", chart: "chart", error: "error", completion: "complete" } as const;

/** A timeline of one turn, from rows of kind, time, text, task and rules. */
export function timeline(rows: readonly Row[], schema: TimelineEntry["schema"] = "chat.v1"): TimelineEntry[] {
  const offsets = new Map<string, number>();
  return rows.map(([kind, at, says, taskId = "task_1", broken = []], index) => {
    const topic = `ondash.llm.${schema === "chat.v2" ? "v2." : ""}${TOPICS[kind]}`;
    const offset = offsets.get(topic) ?? 0;
    offsets.set(topic, offset + 1);
    return {
      conversationId: CONVERSATION,
      messageId: MESSAGE,
      taskId,
      eventId: `event-${index + 1}`,
      kind,
      schema,
      at,
      says,
      record: { topic, partition: 5, offset },
      rules: broken,
    };
  });
}

/** An event that was planned and not seen. */
export function absent(kind: AbsentEvent["kind"], at: number, says: string, fate: string): AbsentEvent {
  return {
    conversationId: CONVERSATION,
    messageId: MESSAGE,
    taskId: "task_1",
    eventId: `absent-${at}`,
    kind,
    schema: "chat.v1",
    at,
    says,
    fate,
  };
}

/** Outcomes of all rules: held but for what is given; CHT not implemented; no redelivery, no stored message. */
export function outcomes(given: Readonly<Record<string, RuleOutcome>> = {}): Record<string, RuleOutcome> {
  return Object.fromEntries(
    rules.map(({ id, severity }): [string, RuleOutcome] => {
      const known = given[id];
      if (known !== undefined) return [id, known];
      if (id.startsWith("CHT")) return [id, { status: "unprovable", why: "not implemented" }];
      if (id.startsWith("MSG") || id === "KAF-03" || severity["chat.v1"] === undefined) {
        return [id, { status: "not exercised" }];
      }
      return [id, { status: "held", count: 7, ...(id === "ORD-04" ? { by: "ledger" as const } : {}) }];
    }),
  );
}

/** The sales chart, as it should go. */
export const salesChart: RunResult = {
  scenario: "sales-chart",
  file: "scenarios/sales-chart.yaml",
  title: "The sales chart of the schema documents",
  prompt: "Create a chart with sales data",
  schema: "chat.v1",
  broker: "embedded",
  seed: 42,
  verdict: "passed",
  expectation: "met",
  unmet: [],
  reasons: [],
  durationMs: 41,
  counts: { records: 7, turns: 1, redeliveries: 0 },
  rules: outcomes(),
  violations: [],
  warnings: [],
  turns: [{ conversationId: CONVERSATION, messageId: MESSAGE, verdict: "passed", blocks: ["text", "chart", "text"] }],
  timeline: timeline([
    ["status", 0, '"Decomposing query..."', ""],
    ["status", 121.5, '"Executing chart_generation..."'],
    ["status", 921.25, '"Querying database..."'],
    ["text", 1040, '"Here is your sales chart" BEFORE'],
    ["chart", 1160, "bar"],
    ["text", 1280, '"Sales increased in Q4" AFTER'],
    ["completion", 1400, 'TASK "Task completed"'],
  ]),
};

/** A lost chart, as ORD-04 names it with a ledger. */
export const lostChart: Violation = {
  rule: "ORD-04",
  severity: "error",
  conversationId: CONVERSATION,
  messageId: MESSAGE,
  message: "A planned event was lost.",
  also: ["GRM-02", "GRM-03"],
  records: [{ topic: "ondash.llm.complete", partition: 5, offset: 0 }],
  expected: "all 7 planned events of the turn",
  actual: "missing 019a2f86-13b0-7d02-a4f1-66c0d2e8b105",
  notes: [
    "the ledger has neither an acknowledgement nor a refusal of them",
    "barrier 1 was asked for after the completion at ondash.llm.complete/5@0 was observed, and every partition was read up to it",
  ],
  eventIds: ["019a2f86-13b0-7d02-a4f1-66c0d2e8b105"],
  location: "scenarios/sales-chart.yaml:17",
  replay: "ondash run scenarios/sales-chart-lost-chart.yaml --seed 42",
};

/** The sales chart without its chart, expected to fail. */
export const salesChartLostChart: RunResult = {
  ...salesChart,
  scenario: "sales-chart-lost-chart",
  file: "scenarios/sales-chart-lost-chart.yaml",
  title: "The chart gets lost",
  verdict: "failed",
  durationMs: 12,
  counts: { records: 6, turns: 1, redeliveries: 0 },
  rules: outcomes({
    "ORD-04": { status: "violated", count: 1 },
    "GRM-02": { status: "unprovable", why: "events of the turn were lost (ORD-04)" },
    "GRM-03": { status: "unprovable", why: "events of the turn were lost (ORD-04)" },
  }),
  violations: [lostChart],
  turns: [{ conversationId: CONVERSATION, messageId: MESSAGE, verdict: "failed", blocks: ["text", "text"] }],
  timeline: salesChart.timeline.filter(({ kind }) => kind !== "chart"),
  absent: [absent("chart", 1160, "bar", "lost: never sent")],
};

/** The same, where the scenario expected to pass. */
export const salesChartUnmet: RunResult = {
  ...salesChartLostChart,
  scenario: "sales-chart-strict",
  expectation: "not met",
  unmet: [
    "scenarios/sales-chart-lost-chart.yaml:4: expected verdict passed, but it is failed",
    "scenarios/sales-chart-lost-chart.yaml:4: expected violations none, but it is [ORD-04]",
  ],
};

/** A recording that was cut off. */
export const cutRecording: RunResult = {
  ...salesChart,
  scenario: null,
  file: "recordings/cut off.jsonl",
  broker: null,
  seed: null,
  expectation: null,
  verdict: "inconclusive",
  reasons: ["the observation did not end properly"],
  counts: { records: 7, turns: 1, redeliveries: 2 },
  rules: outcomes({
    "ORD-04": { status: "unprovable", why: "chat.v1 has no sequence: only a run's ledger shows what was lost" },
  }),
  warnings: [
    {
      rule: "GRM-01",
      severity: "warning",
      conversationId: CONVERSATION,
      messageId: MESSAGE,
      message: "The turn begins with a text.",
      also: [],
      records: [{ topic: "ondash.llm.text", partition: 5, offset: 0 }],
      expected: "a status or a FATAL error first",
      actual: "a text event",
      notes: [],
      eventIds: ["event-4"],
      replay: "ondash check 'recordings/cut off.jsonl'",
    },
  ],
};
delete (cutRecording as { title?: string }).title;
delete (cutRecording as { prompt?: string }).prompt;

/** Scripts, emoji, combining marks, hostile bytes: two tasks, an error, several turns' worth of trouble. */
export const unicode: RunResult = {
  ...salesChart,
  scenario: "unicode",
  file: "scenarios/unicode.yaml",
  title: "多言語 🎉 e\u0301",
  prompt: "\u001b]0;owned\u0007Покажи продажи \u202egnp.exe",
  timeline: timeline([
    ["status", 0, '"データを照会しています…"', ""],
    ["text", 120, '"مبيعات الربع الرابع" BEFORE'],
    ["chart", 240, "bar\u001b[31m\u009b2J"],
    ["text", 360, '"👩‍👩‍👧‍👦 family, 🇩🇪 flag, ｆｕｌｌ, e\u0301e\u0301e\u0301, นี้" AFTER', "task_2"],
    ["error", 480, 'WARNING slow\u2028line: "\\u0000"', "task_2", ["REC-13", "GRM-06"]],
    ["completion", 600, 'TASK "終わり"', "task_2"],
    ["completion", 720, "CONVERSATION", ""],
  ]),
};
