import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";
import { CompletionType, ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { ChartEvent_ChartType } from "@ondash/schemas/chat/v2";

/** A `set` fault. */
export interface ScenarioFault {
  /** 1-based number of its step. */
  readonly at: number;
  readonly path: string;
  readonly value: unknown;
}

/** What a scenario file is written of. */
export interface ScenarioDraft {
  readonly name: string;
  readonly schema: ChatSchema;
  /** In emission order. */
  readonly events: readonly AnyEnvelope[];
  readonly faults: readonly ScenarioFault[];
  readonly expect:
    | {
        readonly verdict: string;
        readonly violations: readonly string[];
        readonly warnings: readonly string[];
        readonly blocks: readonly string[];
      }
    | undefined;
}

/** Writes a scenario file: a step a line, its values as JSON, which is YAML. */
export function formatScenario({ name, schema, events, faults, expect }: ScenarioDraft): string {
  const lines = [
    "# yaml-language-server: $schema=./scenario.schema.json",
    `scenario: ${value(name)}`,
    "title: A recorded turn",
    `schema: ${schema.name}`,
    "timing: { first: 0ms, gap: 0ms }",
    "steps:",
    ...events.flatMap((event, index) => step(event, events[index - 1])),
  ];
  if (faults.length > 0) {
    lines.push(
      "# What a step has no words for.",
      "faults:",
      ...faults.map((fault) => `  - { at: ${fault.at}, do: set, path: ${fault.path}, value: ${value(fault.value)} }`),
    );
  }
  if (expect !== undefined) {
    const { verdict, violations, warnings, blocks } = expect;
    const found = violations.length === 0 ? "" : `, violations: [${violations.join(", ")}]`;
    const warned = `, warnings: [${warnings.join(", ")}]`;
    lines.push(`expect: { verdict: ${verdict}${found}${warned}, blocks: [${blocks.join(", ")}] }`);
  }
  return `${lines.join("\n")}\n`;
}

function step(event: AnyEnvelope, before: AnyEnvelope | undefined): string[] {
  const after = before === undefined ? undefined : pause(before, event);
  return [
    `  - ${body(event)}`,
    `    task: ${event.taskId === "" ? "none" : value(event.taskId)}`,
    ...(after === undefined ? [] : [`    after: ${after}`]),
  ];
}

function body({ event }: AnyEnvelope): string {
  switch (event.case) {
    case "status":
      return `status: ${value(event.value.message)}`;
    case "text":
      return `text: { position: ${nameOf(TextPosition, event.value.position) ?? "BEFORE"}, body: ${value(event.value.text)} }`;
    case "chart":
      return `chart: { type: ${value(chartType(event.value))}, ${config(event.value.configJson)} }`;
    case "error": {
      const { severity, code, message } = event.value;
      const name = nameOf(ErrorSeverity, severity);
      return `error: { severity: ${name ?? "ERROR"}, code: ${value(code)}, message: ${value(message)} }`;
    }
    case "completion": {
      const { type, message } = event.value;
      const name = type === CompletionType.CONVERSATION ? "CONVERSATION" : "TASK";
      return `completion: { type: ${name}, message: ${value(message)} }`;
    }
    default:
      throw new TypeError("an event without an arm can't be said");
  }
}

function chartType(chart: { readonly chartType: string | number; readonly customChartType?: string }): string {
  if (typeof chart.chartType === "string") return chart.chartType;
  if (chart.chartType === ChartEvent_ChartType.CUSTOM) return chart.customChartType ?? "";
  return (nameOf(ChartEvent_ChartType, chart.chartType) ?? "bar").toLowerCase();
}

/** The name of an enum's value; undefined for what a step can't say. */
function nameOf(of: Readonly<Record<string, number>>, number: number): string | undefined {
  return number === 0 ? undefined : Object.entries(of).find(([, known]) => known === number)?.[0];
}

/** As a config where writing it gives the same text again, else as the exact text. */
function config(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    if (isObject && JSON.stringify(parsed) === text && !text.includes("${") && !text.includes("__proto__")) {
      return `config: ${printable(text)}`;
    }
  } catch {
    // No JSON: the exact text.
  }
  return `raw: ${value(text)}`;
}

/** A value as JSON, in which a `${` is no parameter. */
function value(of: unknown): string {
  return printable(JSON.stringify(typeof of === "string" ? of.replaceAll("${", () => "$${") : of));
}

/** YAML lets fewer characters stand for themselves than JSON. */
function printable(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u00ad\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** How long after the one before, by the envelopes' clocks; undefined: at once, or they go backwards. */
function pause(before: AnyEnvelope, event: AnyEnvelope): string | undefined {
  if (before.timestamp === undefined || event.timestamp === undefined) return undefined;
  const seconds = Number(event.timestamp.seconds - before.timestamp.seconds);
  const ns = seconds * 1e9 + event.timestamp.nanos - before.timestamp.nanos;
  // A turn that pauses for a day is a clock that was set.
  if (ns <= 0 || seconds > 86_400) return undefined;
  return `${(ns / 1e6).toFixed(6).replace(/\.?0+$/, "")}ms`;
}
