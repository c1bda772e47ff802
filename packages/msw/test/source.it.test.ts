import { judgeObservations } from "@ondash/contract";
import { createManualClock } from "@ondash/core";
import type { EventSource } from "@ondash/http";
import { createScenarioSource, isMswError, type ScenarioSource, type ScenarioSourceOptions } from "@ondash/msw";
import { parseScenario, plan, type Scenario } from "@ondash/scenario";
import { type AnyEnvelope, type SchemaName, schemaOf } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { observed } from "./support/observed.ts";
import { shippedNames, shippedScenario } from "./support/scenarios.ts";

const SCHEMAS: readonly SchemaName[] = ["chat.v1", "chat.v2"];
const signal: AbortSignal = new AbortController().signal;
const sales: Scenario = shippedScenario("sales-chart");

function answering(name: string, match: string, body = name): Scenario {
  return parseScenario(
    `
scenario: ${name}
match: { user_message: ${match} }
task: task_1
steps: [{ text: { position: STANDALONE, body: ${body} } }, { completion: { type: TASK } }]
`,
    { file: `${name}.yaml` },
  );
}

async function posted(source: EventSource, text: string, conversationId = "c"): Promise<string> {
  const outcome = await source.post({ conversationId, text, signal });
  return outcome.kind === "accepted" ? outcome.messageId : outcome.kind;
}

const said = (source: EventSource, schema: SchemaName, conversationId = "c"): Promise<readonly AnyEnvelope[]> =>
  source.history({ conversationId, schema });

const played = async (options: ScenarioSourceOptions, scenario = sales, schema: SchemaName = "chat.v2") => {
  using source = createScenarioSource([scenario], options);
  await posted(source, scenario.prompt ?? "");
  return said(source, schema);
};

describe("a source of scenarios", () => {
  it("answers with the first scenario that matches, by expression and flags", async () => {
    const scenarios = [
      answering("loud", "{ regex: ^HELP$ }"),
      answering("quiet", "{ regex: ^help$, flags: i }"),
      parseScenario("scenario: never\nsteps: [{ completion: { type: CONVERSATION } }]\n", { file: "never.yaml" }),
    ];
    using source = createScenarioSource(scenarios);
    for (const [text, name] of [
      ["HELP", "loud"],
      ["help", "quiet"],
      ["Help", "quiet"],
    ]) {
      const before = (await said(source, "chat.v2")).length;
      await posted(source, text ?? "");
      expect((await said(source, "chat.v2"))[before]?.event).toMatchObject({ value: { text: name } });
    }
    expect(await source.post({ conversationId: "c", text: "never", signal })).toEqual({
      kind: "no-match",
      candidates: ["loud", "quiet"],
    });
  });

  it("gives the ids of `ondash run` in any conversation, and other ones to each further turn of the same scenario", async () => {
    using source = createScenarioSource([sales]);
    const ids = [42, 43, 44].map((seed) => plan(sales, { seed }).messageId);
    for (const conversation of ["a", "b"]) {
      expect([
        await posted(source, "sales", conversation),
        await posted(source, "sales", conversation),
        await posted(source, "sales", conversation),
      ]).toEqual(ids);
    }
    const events = await said(source, "chat.v2", "a");
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(21);
    expect(new Set(events.map(({ conversationId }) => conversationId))).toEqual(new Set(["a"]));
    using last = createScenarioSource([sales], { seed: Number.MAX_SAFE_INTEGER });
    expect(await posted(last, "sales")).not.toBe(await posted(last, "sales"));
  });

  it("publishes each version, one of them, or both side by side, as `ondash run --schema` has it", async () => {
    const lost = shippedScenario("sales-chart-lost-chart");
    const counts = async (options: ScenarioSourceOptions): Promise<readonly number[]> => [
      (await played(options, lost, "chat.v1")).length,
      (await played(options, lost, "chat.v2")).length,
    ];
    expect(await counts({})).toEqual([6, 6]);
    expect(await counts({ schema: "chat.v1" })).toEqual([6, 0]);
    expect(await counts({ schema: "chat.v2" })).toEqual([0, 6]);
    // Side by side a fault strikes the newer version.
    expect(await counts({ schema: "both" })).toEqual([7, 6]);
  });

  it("puts values of parameters in", async () => {
    const values = await played({ set: { "sales-chart": { region: "APAC" } } });
    expect(JSON.stringify(values.map(({ event }) => event.value))).toContain("Sales APAC");
    expect(() => createScenarioSource([sales], { set: { "sales-chart": { regoin: "APAC" } } })).toThrow(
      /\[param\].*region/,
    );
  });

  it("comes in the order of the scenario's times, the same at every speed", async () => {
    const late = shippedScenario("sales-chart-delayed-chart");
    const order = (events: readonly AnyEnvelope[]): readonly unknown[] => events.map(({ event }) => event.case);
    const atOnce = order(await played({ speed: 0 }, late, "chat.v1"));
    const clock = createManualClock();
    using source = createScenarioSource([late], { speed: 4, clock });
    await posted(source, "sales");
    await clock.advance(100_000);
    expect(order(await said(source, "chat.v1"))).toEqual(atOnce);
  });

  it.each(shippedNames().filter((name) => plan(shippedScenario(name)).sends.every(({ fault }) => fault === undefined)))(
    "%s, shuffled, arrives in another order that the contract allows",
    async (name) => {
      const scenario = shippedScenario(name);
      const schemas = scenario.schema === "both" ? [] : SCHEMAS;
      for (const schema of schemas) {
        for (const seed of [1, 2, 3]) {
          const straight = await played({ seed }, scenario, schema);
          const events = await played({ seed, arrival: "shuffled" }, scenario, schema);
          const ids = (list: readonly AnyEnvelope[]): readonly string[] => list.map(({ eventId }) => eventId);
          expect(ids(events).toSorted()).toEqual(ids(straight).toSorted());
          const judgement = judgeObservations(observed(schemaOf(schema), events));
          const { verdict, violations } = judgeObservations(observed(schemaOf(schema), straight));
          expect([judgement.verdict, judgement.violations.map(({ rule }) => rule)]).toEqual([
            verdict,
            violations.map(({ rule }) => rule),
          ]);
        }
      }
      if (name === "sales-chart") {
        const orders = [1, 2, 3, 4].map(async (seed) => {
          const events = await played({ seed, arrival: "shuffled" }, scenario);
          return events.map((event) => ("sequence" in event ? event.sequence : 0)).join();
        });
        expect(new Set(await Promise.all(orders)).size).toBeGreaterThan(2);
      }
    },
  );

  it("breaks open streams off when it is reset or disposed of, forgets, and stops what is playing", async () => {
    const clock = createManualClock();
    const source = createScenarioSource([sales], { speed: 1, clock });
    for (const end of [() => source.reset(), () => source[Symbol.dispose]()]) {
      await posted(source, "sales");
      const opened = source.open({ conversationId: "c", schema: "chat.v2", after: undefined, signal });
      const stream = opened[Symbol.asyncIterator]();
      const first = stream.next();
      await clock.advance(400);
      expect((await first).value).toMatchObject({ position: "2.1" });
      const second = stream.next();
      end();
      await expect(second).rejects.toMatchObject({ code: "closed" });
      expect(clock.pending).toBe(0);
    }
    await expect(posted(source, "sales")).rejects.toSatisfy((error) => isMswError(error) && error.code === "closed");
    await source.idle();
  });

  it("ends a stream without an error when its reader goes, and plays on", async () => {
    const clock = createManualClock();
    using source = createScenarioSource([sales], { speed: 1, clock });
    await posted(source, "sales");
    const page = new AbortController();
    const opened = source.open({ conversationId: "c", schema: "chat.v2", after: undefined, signal: page.signal });
    const all = Array.fromAsync(opened);
    await clock.advance(500);
    page.abort();
    expect(await all).toHaveLength(2);
    await clock.advance(100_000);
    expect(await said(source, "chat.v2")).toHaveLength(7);
  });

  it("tells when nothing is being played any more", async () => {
    const clock = createManualClock();
    using source = createScenarioSource([sales, shippedScenario("slow-model")], { speed: 1, clock });
    await posted(source, "sales", "a");
    await posted(source, "think hard", "b");
    const idle: string[] = [];
    const note = (name: string, conversation?: string): Promise<unknown> =>
      source.idle(conversation).then(() => idle.push(name));
    const all = [note("a", "a"), note("b", "b"), note("all"), note("unknown", "unknown")];
    await clock.advance(2_000);
    expect(idle).toEqual(["unknown", "a"]);
    await clock.advance(100_000);
    await Promise.all(all);
    expect(idle.toSorted()).toEqual(["a", "all", "b", "unknown"]);
  });

  it.each(["", "0", "2.", "2.-1", "2.01", "1.1", "3.1", "2.8", "2.9999999999999999", "x"])(
    "refuses the position %j",
    async (after) => {
      using source: ScenarioSource = createScenarioSource([sales]);
      await posted(source, "sales");
      expect(() => source.open({ conversationId: "c", schema: "chat.v2", after, signal })).toThrow(/^\[position\]/);
    },
  );

  it("refuses two scenarios of one name, whose turns nobody could tell apart", () => {
    expect(() => createScenarioSource([sales, sales])).toThrow("[option] two scenarios are called sales-chart");
  });
});
