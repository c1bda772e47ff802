import { nearest } from "@ondash/core";
import * as z from "zod";
import type { FaultKind, Faults, ParamKind, Params, ScenarioFile, StepKind, Steps } from "./file-types.ts";

/**
 * The format of scenario files: the one definition that the parser checks against and that `scenario.schema.json` is
 * generated from. Descriptions end up in the JSON Schema, for editors.
 */

/** An object without other keys; the issue's message is a JSON array with a text, and the nearest name, for each. */
function closed<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      return JSON.stringify(issue.keys.map((key) => unknownName("key", key, known)));
    },
  });
}

/** `unknown key \`txet\`: did you mean \`text\`?`, or the list of what there is. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const hint = meant === undefined ? `expected one of ${known.join(", ")}` : `did you mean \`${meant}\`?`;
  return `unknown ${what} \`${name}\`: ${hint}`;
}

const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, { error: "expected a name of letters, digits, hyphens, dots and underscores" });
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, { error: "expected a duration: a number and a unit, as in 300ms, 1.5s, 2m or 1h" })
  .describe("A duration: 300ms, 1.5s, 2m, 1h");
const stepName = z.string().min(1).describe("Name of the step, for faults");
/** Whatever YAML can say is JSON, for the reader of sources refuses what is not. */
const json: z.ZodType = z.unknown();

const task = z
  .union([z.string().min(1), closed({ id: z.string().min(1), scenario: z.string().optional() })], {
    error: "expected a task id, none, or { id, scenario }",
  })
  .describe("The task an event belongs to; none: the turn itself");
const common = {
  id: stepName.optional(),
  after: duration.optional().describe("Time after the step before; replaces timing.gap"),
  task: task.optional(),
};

/** Steps that emit an event, and steps that contain others. Told apart by the key that names them. */
const steps = {
  status: closed({ ...common, status: z.string().describe("What the LLM is doing") }),
  text: closed({
    ...common,
    text: closed({
      position: z.enum(["BEFORE", "AFTER", "STANDALONE"]).describe("Where the text stands to the chart of its task"),
      body: z.string(),
    }),
  }),
  chart: closed({
    ...common,
    chart: closed({
      type: z.string().describe("bar, line, pie, scatter, radar, heatmap, or a type of one's own"),
      config: z.record(z.string(), json).optional().describe("ECharts options; written as JSON in this order"),
      raw: z.string().optional().describe("The exact config_json instead, for bad ones"),
    }).refine((chart) => (chart.config === undefined) !== (chart.raw === undefined), {
      error: "expected either config or raw",
    }),
  }),
  error: closed({
    ...common,
    error: closed({ severity: z.enum(["WARNING", "ERROR", "FATAL"]), code: z.string(), message: z.string() }),
  }),
  completion: closed({
    ...common,
    completion: closed({ type: z.enum(["TASK", "CONVERSATION"]), message: z.string().optional() }),
  }),
  repeat: closed({
    repeat: closed({
      times: z.int().min(0).max(100_000).describe("How often; a lone ${param} works too"),
      as: z
        .string()
        .regex(/^[A-Za-z_]\w*$/)
        .optional()
        .describe("Name of the counter, 1, 2, …, for ${…} inside"),
      do: z.array(z.unknown()).min(1),
    }),
  }),
  when: closed({
    when: closed({
      param: z.string(),
      equals: z.union([z.string(), z.number(), z.boolean()]),
      then: z.array(z.unknown()),
      else: z.array(z.unknown()).optional(),
    }),
  }),
  include: closed({ include: z.string().min(1).describe("A file with a list of steps, relative to this one") }),
  wait_for: closed({
    wait_for: closed({
      signal: z.enum(["cancel"]),
      timeout: duration.optional(),
      then: z.array(z.unknown()).optional().describe("What is emitted instead of the rest when the signal comes"),
    }),
  }),
} as const;
export const stepKinds: { readonly [Kind in StepKind]: z.ZodType<Steps[Kind]> } = steps;

const at = z.union([z.string(), z.int().min(1)]).describe("A step's id, or its 1-based index after expansion");
const versions = ["chat.v1", "chat.v2"] as const;
const version = z.enum(versions).optional().describe("In a run of both versions: the record it strikes (chat.v2)");

/** Faults, told apart by `do`. */
const faults = {
  drop: closed({ do: z.literal("drop"), at, version }),
  duplicate: closed({
    do: z.literal("duplicate"),
    at,
    version,
    same_id: z.boolean().optional().describe("true (default): a re-sent record; false: a re-minted one"),
  }),
  delay: closed({ do: z.literal("delay"), at, version, by: duration }),
  swap: closed({ do: z.literal("swap"), at: z.tuple([at, at]), version }),
  late: closed({ do: z.literal("late"), at, version }),
  corrupt: closed({
    do: z.literal("corrupt"),
    at,
    version,
    how: z.enum(["truncate_bytes", "flip_bit", "confluent_prefix", "wrong_wire_type"]),
    bytes: z.int().min(1).optional().describe("truncate_bytes: how many at the end (default 1)"),
    byte: z.int().min(0).optional().describe("flip_bit: which byte (default 0)"),
    bit: z.int().min(0).max(7).optional().describe("flip_bit: which bit (default 0)"),
  }),
  set: closed({
    do: z.literal("set"),
    at,
    version,
    path: z.string().min(1).describe("A field of the envelope: text.position, timestamp, conversation_id"),
    value: json.describe("null unsets it; enums by name, timestamps as RFC 3339"),
  }),
  header: closed({ do: z.literal("header"), at, version, name: z.string(), value: z.string().nullable() }),
  key: closed({ do: z.literal("key"), at, version, value: z.string().nullable() }),
  partition: closed({ do: z.literal("partition"), at, version, value: z.int().min(0) }),
  topic: closed({
    do: z.literal("topic"),
    at,
    version,
    value: z.string().describe("A topic, or the kind of event whose topic it is"),
  }),
  tombstone: closed({ do: z.literal("tombstone"), at, version }),
  stop: closed({ do: z.literal("stop"), after: at, version }),
} as const;
export const faultKinds: { readonly [Kind in FaultKind]: z.ZodType<Faults[Kind]> } = faults;

const rule = z.string().regex(/^[A-Z]{3}-\d\d$/, { error: "expected a rule id, as in ORD-04" });
const ruleList = z.array(rule);
const violations = z.union(
  [
    ruleList,
    closed({
      "chat.v1": z.union([ruleList, closed({ ledger: ruleList.optional(), observed: ruleList.optional() })]).optional(),
      "chat.v2": ruleList.optional(),
    }),
  ],
  { error: "expected a list of rule ids, or lists per schema" },
);
const expect = closed({
  verdict: z
    .enum(["passed", "failed", "inconclusive"])
    .optional()
    .describe("Default: failed when violations are expected, else passed"),
  violations: violations.optional().describe("The exact set of error rules that must be found"),
  warnings: ruleList.optional(),
  blocks: z
    .array(z.enum(["text", "chart"]))
    .optional()
    .describe("Content blocks of the stored message"),
  message: z.record(z.string(), json).optional().describe("A partial stored message (ProtoJSON)"),
});

const paramCommon = { description: z.string().optional() };
/** Parameters, told apart by `type`. */
const params = {
  string: closed({ ...paramCommon, type: z.literal("string"), default: z.string() }),
  int: closed({
    ...paramCommon,
    type: z.literal("int"),
    default: z.int(),
    min: z.int().optional(),
    max: z.int().optional(),
  }),
  bool: closed({ ...paramCommon, type: z.literal("bool"), default: z.boolean() }),
  enum: closed({
    ...paramCommon,
    type: z.literal("enum"),
    default: z.string(),
    values: z.array(z.string()).min(1),
  }),
} as const;
export const paramKinds: { readonly [Kind in ParamKind]: z.ZodType<Params[Kind]> } = params;

/** The members of a file that are neither steps, faults nor params. */
const rest = {
  scenario: name.describe("The scenario's name: that of its file"),
  title: z.string().optional(),
  prompt: z.string().optional().describe("What the user asks"),
  match: closed({
    user_message: closed({
      regex: z.string(),
      flags: z
        .string()
        .regex(/^[imsu]*$/)
        .optional(),
    }),
  }).optional(),
  extends: z.string().optional().describe("A scenario whose top-level keys this one replaces"),
  schema: z
    .enum([...versions, "both"])
    .optional()
    .describe("The version that is published, or both side by side"),
  seed: z.int().optional(),
  start: z.string().optional().describe("Virtual time of the turn's start, RFC 3339"),
  timing: closed({ first: duration.optional(), gap: duration.optional(), jitter: z.number().min(0).max(1).optional() })
    .optional()
    .describe("Relative; --speed divides it, 0 = instant"),
  task: task.optional(),
  message: closed({
    execution_time_ms: z.int().min(0).max(4_294_967_295).optional(),
    tokens_used: z.int().min(0).max(4_294_967_295).optional(),
  }).optional(),
  expect: expect.optional(),
};

/** A whole file as the parser checks it: steps, faults and params are told apart by their keys and checked one by one. */
export const scenarioFile: z.ZodType<ScenarioFile> = closed({
  ...rest,
  params: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.unknown()).optional(),
  steps: z.array(z.unknown()).min(1),
  faults: z.array(z.unknown()).optional(),
});

/** Keys that the format has and that are not built yet: refused by name, never ignored. */
export const plannedKeys: readonly string[] = ["kafka", "chaos", "transport"];

/** The same as one type, with the steps, faults and params in it told apart: for editors. */
export function wholeFile(): z.ZodType {
  const step: z.ZodType = z.lazy(() => z.union(Object.values(nested(step)))).meta({ id: "step" });
  return z.strictObject({
    ...rest,
    params: z.record(z.string(), z.union(Object.values(params))).optional(),
    steps: z.array(step).min(1).optional(),
    faults: z.array(z.union(Object.values(faults))).optional(),
  });
}

/** The step kinds with their inner steps typed. */
function nested(step: z.ZodType): Record<StepKind, z.ZodType> {
  const list = z.array(step);
  const { repeat, when, wait_for: waitFor } = steps;
  return {
    ...steps,
    repeat: repeat.extend({ repeat: repeat.shape.repeat.extend({ do: list.min(1) }) }),
    when: when.extend({ when: when.shape.when.extend({ then: list, else: list.optional() }) }),
    wait_for: waitFor.extend({ wait_for: waitFor.shape.wait_for.extend({ then: list.optional() }) }),
  };
}
