import { join } from "node:path";
import { create, toJson } from "@bufbuild/protobuf";
import type { Observation } from "@ondash/contract";
import { parseScenario, plan } from "@ondash/scenario";
import {
  type AnyEnvelope,
  type ChatSchema,
  chatV1,
  chatV2,
  decodeEnvelope,
  encodeRecord,
  schemaOf,
  schemaOfTopic,
  statusEvent,
} from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findScenarios, loadScenario } from "../load-scenarios.ts";
import { toScenario } from "./to-scenario.ts";

const root = join(import.meta.dirname, "../../../..");

function recorded(schema: ChatSchema, events: readonly AnyEnvelope[]): Observation[] {
  return events.map((envelope, offset) => ({
    kind: "record",
    offset,
    timestamp: -1,
    ...encodeRecord(schema, envelope, 8),
  }));
}

/** What events say: kind, payload, task, in their order; that it is the last sequence, not which one. */
function said(observations: readonly Pick<Extract<Observation, { kind: "record" }>, "topic" | "value">[]): unknown[] {
  return observations.map(({ topic, value }) => {
    const schema = schemaOfTopic(topic)?.schema ?? chatV1;
    const decoding = decodeEnvelope(schema, value);
    if (!decoding.ok) throw new Error(decoding.failure.detail);
    const json = toJson(schema.envelope, decoding.envelope) as Record<string, Record<string, unknown>>;
    for (const name of ["eventId", "conversationId", "messageId", "timestamp", "sequence"]) delete json[name];
    const { completion } = json;
    if (completion?.["lastSequence"] !== undefined) completion["lastSequence"] = "the last";
    return { topic, ...json };
  });
}

const planned = (text: string) => plan(parseScenario(text, { file: "recorded.yaml" }));

describe("toScenario", () => {
  it.each([chatV1, chatV2])("says any valid turn of $name again: kinds, payloads, tasks, order", (schema) => {
    fc.assert(
      fc.property(validTurn(schema, { trailing: true }), fc.infiniteStream(fc.nat(100)), ({ events }, tape) => {
        // In the order in which somebody happened to read it, some of it twice.
        const arrival = events.flatMap((event) => (Number(tape.next().value) < 10 ? [event, event] : [event]));
        const shuffled = arrival
          .map((event) => ({ event, at: Number(tape.next().value) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ event }) => event);
        const text = toScenario(recorded(schema, shuffled), { name: "recorded" });
        const found = planned(text);
        const records = recorded(schema, events) as Extract<Observation, { kind: "record" }>[];
        expect(said(found.sends.map(({ record }) => record))).toEqual(said(records));
        expect(found.schema).toBe(schema.name);
        expect(found.expect.verdict).toBe("passed");
      }),
      { numRuns: 50 },
    );
  });

  it("writes what people write, for the sales chart", () => {
    const [file = ""] = findScenarios(["sales-chart"], { cwd: root, directory: join(root, "scenarios") });
    const { sends } = plan(loadScenario(file, root));
    const log = sends.map(({ record }, offset): Observation => ({ kind: "record", offset, timestamp: -1, ...record }));
    expect(toScenario(log, { name: "sales-chart-again" })).toBe(`# yaml-language-server: $schema=./scenario.schema.json
scenario: "sales-chart-again"
title: A recorded turn
schema: chat.v1
timing: { first: 0ms, gap: 0ms }
steps:
  - status: "Decomposing query..."
    task: none
  - status: "Executing chart_generation..."
    task: "task_1"
    after: 117.995089ms
  - status: "Querying database..."
    task: "task_1"
    after: 751.079269ms
  - text: { position: BEFORE, body: "Here is your sales chart" }
    task: "task_1"
    after: 118.82673ms
  - chart: { type: "bar", config: {"xAxis":{"type":"category","data":["Q1","Q2","Q3","Q4"]},"yAxis":{"type":"value"},"series":[{"type":"bar","name":"Sales EMEA","data":[12,19,7,24]}]} }
    task: "task_1"
    after: 115.364003ms
  - text: { position: AFTER, body: "Sales increased in Q4" }
    task: "task_1"
    after: 127.076039ms
  - completion: { type: TASK, message: "Task completed" }
    task: "task_1"
    after: 109.454886ms
expect: { verdict: passed, warnings: [], blocks: [text, chart, text] }
`);
  });

  const event = (body: v2.EventEnvelope["event"], sequence: number, taskId = "t"): v2.EventEnvelope =>
    create(v2.EventEnvelopeSchema, {
      eventId: `e${sequence}`,
      conversationId: "c",
      messageId: "m",
      taskId,
      sequence,
      timestamp: { seconds: BigInt(sequence), nanos: 0 },
      event: body,
    });
  const completion = (sequence: number): v2.EventEnvelope =>
    event(
      {
        case: "completion",
        value: create(v2.CompletionEventSchema, { type: v2.CompletionType.TASK, lastSequence: sequence }),
      },
      sequence,
    );
  const status = (sequence: number, step = 0, taskId = "t"): v2.EventEnvelope =>
    event(
      { case: "status", value: create(v2.StatusEventSchema, { message: "Hello ${name} $${", step, totalSteps: step }) },
      sequence,
      taskId,
    );

  it("says by faults what a step has no words for, and what a run of it finds", () => {
    const unset = event({ case: "text", value: create(v2.TextEventSchema, { text: "x" }) }, 3);
    const events = [status(1, 2), status(2, 0, "none"), unset, completion(4)];
    const text = toScenario(recorded(chatV2, events), { name: "odd" });
    expect(text).toContain("{ at: 1, do: set, path: status.step, value: 2 }");
    expect(text).toContain('{ at: 2, do: set, path: task_id, value: "none" }');
    expect(text).toContain("{ at: 3, do: set, path: text.position, value: null }");
    const found = planned(text);
    expect(found.expect).toMatchObject({ verdict: "failed", violations: ["REC-07"] });
    expect(said(found.sends.map(({ record }) => record))).toEqual(
      said(recorded(chatV2, events) as Extract<Observation, { kind: "record" }>[]),
    );
  });

  it("says any text exactly", () => {
    const unit = fc.constantFrom(
      "${",
      "}",
      "$",
      "a",
      " ",
      "\n",
      "\t",
      "\0",
      "\u007f",
      "\u0085",
      "\u2028",
      "\ufeff",
      "😀",
      '"',
      "\\",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 12 }), (one, other) => {
        const text = event({ case: "text", value: create(v2.TextEventSchema, { text: one, position: 3 }) }, 1);
        const chart = event(
          {
            case: "chart",
            value: create(v2.ChartEventSchema, { chartType: 1, configJson: JSON.stringify({ [other]: one }) }),
          },
          2,
        );
        const events = [text, chart, completion(3)];
        const found = planned(toScenario(recorded(chatV2, events), { name: "texts" }));
        expect(said(found.sends.map(({ record }) => record))).toEqual(
          said(recorded(chatV2, events) as Extract<Observation, { kind: "record" }>[]),
        );
      }),
    );
  });

  it("takes the conversation and the version that are asked for", () => {
    const [file = ""] = findScenarios(["sales-chart"], { cwd: root, directory: join(root, "scenarios") });
    const both = plan(loadScenario(file, root), { schema: "both" });
    const log = both.sends.map(
      ({ record }, offset): Observation => ({ kind: "record", offset, timestamp: -1, ...record }),
    );
    const all = [...recorded(chatV2, [status(1), completion(2)]), ...log];
    expect(toScenario(all, { name: "a" })).toContain("Hello");
    const { conversationId } = both;
    expect(toScenario(all, { name: "a", conversationId })).toContain("schema: chat.v2");
    expect(toScenario(all, { name: "a", conversationId, schema: "chat.v1" })).toContain("schema: chat.v1");
  });

  it("says why there is none", () => {
    const head = { eventId: "e1", conversationId: "c", messageId: "m" };
    const none = (log: readonly Observation[], why: RegExp, conversationId?: string): void => {
      const options = conversationId === undefined ? {} : { conversationId };
      expect(() => toScenario(log, { name: "a", ...options })).toThrow(why);
    };
    none([], /there is no turn among 0 observations/);
    none(recorded(chatV2, [status(1)]), /there is no turn of conversation other/, "other");
    const { timestamp: _, ...timeless } = statusEvent(
      { ...head, timestamp: { seconds: 0n, nanos: 0 } },
      { message: "x" },
    );
    none(recorded(chatV1, [timeless]), /event e1 has no timestamp/);
    const [record] = recorded(schemaOf("chat.v2"), [status(1)]) as [Extract<Observation, { kind: "record" }>];
    // Field 99, varint 1.
    const value = new Uint8Array([...(record.value ?? []), 0x98, 0x06, 0x01]);
    none([{ ...record, value }], /fields that the schema does not know/);
  });
});
