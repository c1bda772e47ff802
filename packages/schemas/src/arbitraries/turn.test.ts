import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type AnyEnvelope, chatSchemas, chatV1, chatV2, decodeEnvelope, encodeRecord } from "../index.ts";
import { validTurn } from "./index.ts";

// Many runs, on machines that do other work besides.
vi.setConfig({ testTimeout: 60_000 });

const nanosOf = ({ timestamp }: AnyEnvelope): bigint =>
  (timestamp?.seconds ?? 0n) * 1_000_000_000n + BigInt(timestamp?.nanos ?? 0);
const isBlank = (text: string): boolean => /^\p{White_Space}*$/u.test(text);
const completes = (event: AnyEnvelope, type: 1 | 2): boolean =>
  event.event.case === "completion" && event.event.value.type === type;
const severityOf = (event: AnyEnvelope): number => (event.event.case === "error" ? event.event.value.severity : 0);
const positionOf = (event: AnyEnvelope): number => (event.event.case === "text" ? event.event.value.position : 0);
const isChart = (event: AnyEnvelope): boolean => event.event.case === "chart";

/**
 * The contract's rules for a turn, warnings included, said a second time and as plainly as can be: over the whole list,
 * without any state.
 */
function breaches(events: readonly AnyEnvelope[]): string[] {
  const found: string[] = [];
  const rule = (id: string, holds: boolean): void => {
    if (!holds) found.push(id);
  };
  rule("ORD-01", new Set(events.map(({ eventId }) => eventId)).size === events.length);
  for (const event of events) {
    rule("REC-06", event.eventId !== "" && event.conversationId !== "" && event.messageId !== "");
    rule("REC-06", !completes(event, 1) || event.taskId !== "");
    rule("REC-06", !completes(event, 2) || event.taskId === "");
    switch (event.event.case) {
      case "status":
        rule("REC-09", !isBlank(event.event.value.message));
        break;
      case "text":
        rule("REC-09", !isBlank(event.event.value.text));
        rule("REC-07", [1, 2, 3].includes(event.event.value.position));
        break;
      case "error":
        rule("REC-09", !isBlank(event.event.value.message) && !isBlank(event.event.value.code));
        rule("REC-07", [1, 2, 3].includes(event.event.value.severity));
        break;
      case "chart": {
        const chart = event.event.value;
        if (chart.$typeName === "chat.v1.ChartEvent") rule("REC-09", !isBlank(chart.chartType));
        else rule("REC-07", chart.chartType > 0 && (chart.chartType === 7) === (chart.customChartType !== ""));
        break;
      }
      default:
        break;
    }
  }
  const fatal = events.findIndex((event) => severityOf(event) === 3);
  rule("GRM-06", fatal < 0 || events.slice(fatal + 1).every((event) => event.event.case === "completion"));
  rule("GRM-01", events[0]?.event.case === "status" || severityOf(events[0] as AnyEnvelope) === 3);
  const tasks = new Set(events.map(({ taskId }) => taskId));
  for (const taskId of tasks) {
    const own = events.filter((event) => event.taskId === taskId);
    const failed = own.some((event) => severityOf(event) >= 2);
    const done = own.findIndex((event) => completes(event, 1));
    own.forEach((event, index) => {
      const chartAt = own.findIndex((later, at) => at > index && isChart(later));
      if (positionOf(event) === 1) {
        rule("GRM-02", failed || chartAt > 0);
        rule("GRM-04", chartAt < 0 || own.slice(index, chartAt).every((between) => positionOf(between) !== 3));
      }
      if (positionOf(event) === 2) rule("GRM-03", failed || own.slice(0, index).some(isChart));
    });
    rule("ORD-06", done < 0 || done === own.length - 1);
    rule("GRM-05", done < 0 || failed || own.some((event) => isChart(event) || positionOf(event) > 0));
    const steps = own.flatMap(({ event }) =>
      event.case === "status" && event.value.$typeName === "chat.v2.StatusEvent" ? [event.value] : [],
    );
    const told = steps.filter(({ step }) => step > 0);
    rule(
      "GRM-07",
      told.every(({ step, totalSteps }) => totalSteps === 0 || step <= totalSteps),
    );
    rule(
      "GRM-07",
      told.every(({ step }, index) => index === 0 || step >= (told[index - 1]?.step ?? 0)),
    );
  }
  const conversation = events.findIndex((event) => completes(event, 2));
  rule("ORD-06", conversation < 0 || conversation === events.length - 1);
  const named = [...tasks].filter((taskId) => taskId !== "");
  const open = named.filter((taskId) => !events.some((event) => event.taskId === taskId && completes(event, 1)));
  rule("ORD-07", conversation >= 0 || (named.length > 0 && open.length === 0));
  events.forEach((event, index) => {
    const before = events[index - 1];
    if (event.$typeName === "chat.v1.EventEnvelope") {
      rule("ORD-03", before === undefined || nanosOf(before) < nanosOf(event));
      return;
    }
    rule("ORD-04", event.sequence === index + 1);
    rule("ORD-08", before === undefined || nanosOf(event) >= nanosOf(before) - 2_000_000_000n);
    const last = event.event.case === "completion" ? event.event.value.lastSequence : 0;
    rule("REC-12", last === (index === events.length - 1 ? events.length : 0));
  });
  return [...new Set(found)];
}

describe.each(chatSchemas)("validTurn of $name", (schema) => {
  it("breaks no rule of the contract", () => {
    fc.assert(
      fc.property(validTurn(schema, { trailing: true }), ({ conversationId, messageId, events }) => {
        expect(breaches(events)).toEqual([]);
        for (const event of events) expect(event).toMatchObject({ conversationId, messageId });
      }),
      { numRuns: 2000 },
    );
  });

  it("makes events that survive their encoding and are sound records", () => {
    fc.assert(
      fc.property(validTurn(schema), ({ events }) => {
        for (const event of events) {
          const record = encodeRecord(schema, event, 8);
          const decoding = decodeEnvelope(schema, record.value);
          expect(decoding).toMatchObject({ ok: true, unknownFields: false });
          expect(decoding.ok && decoding.envelope).toEqual(event);
          expect(decoding.ok && decoding.arms).toHaveLength(1);
        }
      }),
    );
  });

  it("keeps what is asked for", () => {
    const options = { conversationId: "c", messageId: "m", conversation: false, tasks: 1, length: 5 };
    fc.assert(
      fc.property(validTurn(schema, options), ({ conversationId, messageId, events }) => {
        expect({ conversationId, messageId }).toEqual({ conversationId: "c", messageId: "m" });
        const tasks = new Set(events.map(({ taskId }) => taskId));
        expect([...tasks].filter((taskId) => taskId !== "").length).toBeLessThanOrEqual(1);
        expect(events.at(-1)?.event).toMatchObject({
          case: "completion",
          value: { type: tasks.has("task_1") ? 1 : 2 },
        });
      }),
    );
    fc.assert(
      fc.property(validTurn(schema, { conversation: true }), ({ events }) => {
        expect(events.at(-1)?.event).toMatchObject({ case: "completion", value: { type: 2 } });
      }),
    );
  });

  it("makes turns of every sort", () => {
    const seen = new Set<string>();
    for (const { events } of fc.sample(validTurn(schema, { trailing: true }), { numRuns: 3000, seed: 1 })) {
      for (const { event, taskId } of events) {
        seen.add(`${event.case} ${taskId === "" ? "of the turn" : "of a task"}`);
        if (event.case === "text") seen.add(`position ${event.value.position}`);
        if (event.case === "error") seen.add(`severity ${event.value.severity}`);
        if (event.case === "completion") seen.add(`completion ${event.value.type}`);
      }
      if (new Set(events.map(({ taskId }) => taskId)).size > 3) seen.add("three tasks");
      if (events.at(-1)?.event.case !== "completion") seen.add("trailing");
    }
    const both = ["status", "text", "chart", "error"].flatMap((kind) => [`${kind} of the turn`, `${kind} of a task`]);
    const kinds = [1, 2, 3].flatMap((number) => [`position ${number}`, `severity ${number}`]);
    const completions = ["completion of the turn", "completion of a task", "completion 1", "completion 2"];
    const trailing = schema === chatV1 ? ["trailing"] : [];
    const expected = [...both, ...kinds, ...completions, "three tasks", ...trailing];
    expect([...seen].toSorted()).toEqual(expected.toSorted());
  });
});

describe("validTurn", () => {
  it("types its events by the schema", () => {
    const [turn] = fc.sample(validTurn(chatV2), 1);
    expect(turn?.events[0]?.sequence).toBe(1);
  });
});
