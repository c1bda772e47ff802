import { readFileSync } from "node:fs";
import { isHttpError } from "@ondash/http";
import {
  type ArrivalFailure,
  checkLegalArrivals,
  forEachLegalArrival,
  type TurnReducer,
  type TurnView,
} from "@ondash/http/testing";
import { parseScenario, plan } from "@ondash/scenario";
import { type AnyEnvelope, chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { turnOf } from "../client/turns.ts";
import { type Mistakes, ownFold, pageWith } from "./reducers.ts";

function failureOf(result: ReturnType<typeof checkLegalArrivals>): ArrivalFailure {
  if (result.ok) throw new Error(`expected a failure; ${result.arrivals} arrivals passed`);
  return result;
}

describe.each(chatSchemas)("forEachLegalArrival over $name", (schema) => {
  const { events } = turnOf(schema, "sales-chart");

  it.each([
    ["sales-chart", true],
    ["text-only", true],
    ["multi-task", true],
    ["conversation-end", true],
    ["warning-then-success", true],
    ["fatal-error", true],
    ["partial-failure", true],
    ["unicode", true],
    ["multi-chart", false],
    ["long-stream", false],
  ])("passes the product's own fold, and a page written by hand: %s", (scenario, exhaustive) => {
    const turn = turnOf(schema, scenario).events;
    expect(forEachLegalArrival(turn, ownFold)).toMatchObject({ ok: true, exhaustive });
    expect(forEachLegalArrival(turn, pageWith({}))).toMatchObject({ ok: true, exhaustive });
  });

  it("passes them for any turn that keeps the contract", () => {
    fc.assert(
      fc.property(validTurn(schema, { length: 14 }), fc.integer(), (turn, seed) => {
        fc.pre(turn.events.length > 8 || turn.events.length < 6);
        const options = { seed, samples: 60 };
        expect(checkLegalArrivals(turn.events, ownFold, options)).toMatchObject({ ok: true });
        expect(checkLegalArrivals(turn.events, pageWith({}), options)).toMatchObject({ ok: true });
      }),
      { numRuns: 30 },
    );
  });

  // The turn: 1–3 status, 4 text, 5 chart, 6 text, 7 completion.
  it.each([
    ["takes arrival for emission order", { trustsArrival: true }, [5, 4], "open"],
    ["appends what is delivered again", { appendsAgain: true }, [4, 4], "open"],
    ["takes any end of the stream for the answer's", { endIsSuccess: "any" }, [], "closed"],
    ["takes a cut for success", { endIsSuccess: "cut" }, [], "cut"],
    ["takes a closed stream for success", { endIsSuccess: "closed" }, [], "closed"],
    ["groups blocks by type", { groupsByType: true }, [4, 5, 6], "open"],
    ["never stops its spinner", { neverDone: true }, [1, 2, 3, 4, 5, 6, 7], "closed"],
  ] satisfies [string, Mistakes, number[], string][])("fails a page that %s", (_, mistakes, deliveries, end) => {
    const failure = failureOf(checkLegalArrivals(events, pageWith(mistakes)));
    expect(failure).toMatchObject({ deliveries, end, minimal: true });
    expect(() => forEachLegalArrival(events, pageWith(mistakes))).toThrow(`[arrival] ${failure.message}`);
  });

  it("fails a page that does not look at errors", () => {
    const fatal = turnOf(schema, "fatal-error").events;
    const failure = failureOf(checkLegalArrivals(fatal, pageWith({ ignoresErrors: true })));
    // Status, error, completion: in chat.v1 the last two already look like an end.
    expect(failure.deliveries).toEqual(schema.sequenced ? [1, 2, 3] : [2, 3]);
    expect(failure).toMatchObject({ expected: "any status but complete: the turn failed" });
  });

  it.each(["multi-chart", "long-stream"])("finds the smallest arrival of a longer turn, too: %s", (scenario) => {
    const turn = turnOf(schema, scenario).events;
    const again = failureOf(checkLegalArrivals(turn, pageWith({ appendsAgain: true })));
    expect(again.deliveries).toHaveLength(2);
    expect(new Set(again.deliveries).size).toBe(1);
    expect(again.minimal).toBe(true);
    const cut = failureOf(checkLegalArrivals(turn, pageWith({ endIsSuccess: "cut" })));
    expect(cut).toMatchObject({ deliveries: [], end: "cut", minimal: true });
    const never = failureOf(checkLegalArrivals(turn, pageWith({ neverDone: true }), { samples: 3 }));
    expect(never.deliveries).toEqual(Array.from(turn, (__, index) => index + 1));
    expect(never).toMatchObject({ end: "closed", minimal: false });
  });
});

describe("what chat.v1 can't know", () => {
  it("is not asked for: a completion that overtook its task's texts looks like the end", () => {
    const page = pageWith({});
    const { events } = turnOf(chatV1, "sales-chart");
    const state = [events[0], events[6]].reduce(
      (so, event) => page.event(so, event as AnyEnvelope, { event: "status", id: "", data: "" }),
      page.init(),
    );
    expect(page.view(state)).toMatchObject({ status: "complete", blocks: [] });
    expect(checkLegalArrivals(events, page)).toMatchObject({ ok: true });
  });

  it("is asked for in chat.v2", () => {
    const { events } = turnOf(chatV2, "sales-chart");
    expect(failureOf(checkLegalArrivals(events, pageWith({ trustsCompletion: true })))).toMatchObject({
      deliveries: [7],
      end: "open",
      actual: "status complete",
    });
  });
});

describe("the report of a failure", () => {
  it("prints the arrival event by event, what was expected, and what is shown", () => {
    const { events } = turnOf(chatV2, "sales-chart");
    const broken = pageWith({ trustsArrival: true });
    expect(failureOf(checkLegalArrivals(events, broken)).message).toMatchInlineSnapshot(`
      "the reducer is wrong after a legal arrival of the turn (chat.v2): 2 deliveries of 7 events, none smaller breaks it
        1. chart bar (sequence 5, task_1)
        2. text "Here is your sales chart" (sequence 4, task_1, overtaken by a later one)
      expected: nothing but these, each once, in this order, as far as they are shown: text "Here is your sales chart", chart bar {"xAxis":{"type":"category","data":["Q1","Q2","Q3","Q4"]},"y…
      shown:    chart {"xAxis":{"type":"category","data":["Q1","Q2","Q3","Q4"]},"y…, text "Here is your sales chart"
      Kafka keeps the order inside a topic only: what two topics carry may arrive in any order, again after a reconnection or a rebalance, and the stream may end anywhere.
      all interleavings were tried; to replay: the same turn with { schema: "chat.v2" }"
    `);
  });

  it("tells how to replay a sample, and does so", () => {
    const { events } = turnOf(chatV2, "multi-chart");
    const only = failing((order) => order.length === events.length && order[0] !== 0);
    const first = failureOf(checkLegalArrivals(events, only, { seed: 7 }));
    expect(first.message).toContain('to replay: the same turn with { schema: "chat.v2", seed: 7, samples: 200 }');
    expect(checkLegalArrivals(events, only, { seed: 7 })).toEqual(first);
  });

  it("cuts a long one short", () => {
    const { events } = turnOf(chatV2, "long-stream");
    const { message } = failureOf(checkLegalArrivals(events, pageWith({ neverDone: true }), { samples: 1 }));
    expect(message.split("\n").length).toBeLessThan(60);
    expect(message).toContain("… 460 more …");
  });

  it("has what the reducer threw as its cause", () => {
    const oops = new Error("oops");
    const throwing: TurnReducer<number> = {
      init: () => 0,
      event(count) {
        if (count === 1) throw oops;
        return count + 1;
      },
      view: () => undefined,
    };
    const { events } = turnOf(chatV2, "text-only");
    const failure = failureOf(checkLegalArrivals(events, throwing));
    expect(failure).toMatchObject({ deliveries: [1, 2], actual: "thrown: Error: oops", cause: oops });
    try {
      forEachLegalArrival(events, throwing);
      expect.unreachable();
    } catch (error) {
      expect(isHttpError(error) && error.code).toBe("arrival");
      expect(error).toHaveProperty("cause", oops);
    }
  });
});

describe("the smallest arrival", () => {
  it("is the smallest: nothing that brute force tries is smaller", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        validTurn(chatV2, { length: 3, tasks: 1 }).filter(({ events }) => events.length <= 5),
        anyBug(),
        (turn, bug) => {
          const reducer = failing((order, end) => bug(order, end, turn.events.length));
          const result = checkLegalArrivals(turn.events, reducer);
          const smallest = bruteForce(turn.events, (deliveries, end) => bug(deliveries, end, turn.events.length));
          expect(result.ok ? undefined : scoreOf(result.deliveries.map((number) => number - 1))).toEqual(smallest);
        },
      ),
      { numRuns: 100 },
    );
  });

  /** A page that is right but for the arrivals that `breaks` names. */
  type Breaks = (deliveries: readonly number[], end: "open" | "closed" | "cut", events: number) => boolean;

  function anyBug(): fc.Arbitrary<Breaks> {
    const event = fc.nat({ max: 4 });
    const pair = fc.tuple(event, event);
    const single = fc.oneof(
      pair.map(
        ([a, b]): Breaks =>
          (all) =>
            all.includes(a) && all.includes(b) && all.indexOf(a) > all.indexOf(b),
      ),
      event.map(
        (a): Breaks =>
          (all) =>
            all.filter((other) => other === a).length > 1,
      ),
      pair.map(
        ([a, b]): Breaks =>
          (all) =>
            all.includes(a) && !all.includes(b),
      ),
      fc.constantFrom("open", "closed", "cut").map(
        (how): Breaks =>
          (_, end) =>
            end === how,
      ),
      fc.nat({ max: 6 }).map(
        (count): Breaks =>
          (all) =>
            all.length > count,
      ),
      fc.constant<Breaks>((all, _, events) => new Set(all).size === events),
      pair.map(
        ([a, b]): Breaks =>
          (all) =>
            all.lastIndexOf(a) > all.indexOf(b) && all.indexOf(a) < all.indexOf(b),
      ),
    );
    return fc.array(single, { minLength: 1, maxLength: 3 }).map(
      (bugs): Breaks =>
        (all, end, events) =>
          bugs.every((bug) => bug(all, end, events)),
    );
  }

  type Score = readonly [deliveries: number, inversions: number];

  function scoreOf(deliveries: readonly number[]): Score {
    const order = deliveries.filter((event, at) => deliveries.indexOf(event) === at);
    let inversions = 0;
    for (const [at, event] of order.entries()) inversions += order.slice(at).filter((later) => later < event).length;
    return [deliveries.length, inversions];
  }

  /** All sequences of distinct events that keep each topic's order, with all repeats and ends: the smallest that breaks. */
  function bruteForce(events: readonly AnyEnvelope[], breaks: Breaks): Score | undefined {
    const kinds = events.map(({ event }) => event.case);
    const legal = (order: readonly number[]): boolean =>
      order.every((event, at) =>
        events
          .keys()
          .every((other) => other >= event || kinds[other] !== kinds[event] || order.slice(0, at).includes(other)),
      );
    const orders = sequences(events.length).filter(legal);
    const tries: (readonly [readonly number[], "open" | "closed" | "cut"])[] = [];
    for (const order of orders) {
      for (const end of ["open", "closed", "cut"] as const) tries.push([order, end]);
      for (let from = 0; from < order.length; from++) {
        const tail = order.slice(from);
        for (const again of [tail, ...new Set(kinds)].map((kind) =>
          typeof kind === "object" ? kind : tail.filter((event) => kinds[event] === kind),
        )) {
          if (again.length === 0) continue;
          tries.push([[...order, ...again], "open"]);
          // It goes on to the end only after some of the repeats, see `arrivalsUpon`.
          if (again.length > 1 && again.length < order.length) continue;
          const rest = [...events.keys()].filter((event) => !order.includes(event));
          tries.push([[...order, ...again, ...rest], "closed"]);
        }
      }
    }
    return tries
      .filter(([deliveries, end]) => breaks(deliveries, end, events.length))
      .map(([deliveries]) => scoreOf(deliveries))
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])[0];
  }

  /** All sequences of distinct numbers below `count`, of any length. */
  function sequences(count: number): (readonly number[])[] {
    const all: (readonly number[])[] = [[]];
    for (const order of all) {
      for (let next = 0; next < count; next++) if (!order.includes(next)) all.push([...order, next]);
    }
    return all;
  }
});

/** A page that is right but for the arrivals that `breaks` names (deliveries as indices in emission order). */
function failing(
  breaks: (deliveries: readonly number[], end: "open" | "closed" | "cut") => boolean,
): TurnReducer<{ deliveries: number[]; events: readonly AnyEnvelope[]; end: "open" | "closed" | "cut" }> {
  return {
    init: () => ({ deliveries: [], events: ownFold.init(), end: "open" }),
    event(state, envelope, sse) {
      const sequence = "sequence" in envelope ? envelope.sequence : 0;
      return {
        ...state,
        deliveries: [...state.deliveries, sequence - 1],
        events: ownFold.event(state.events, envelope, sse),
      };
    },
    end: (state, end) => ({ ...state, end }),
    view: ({ deliveries, events, end }) =>
      breaks(deliveries, end) ? { blocks: [{ text: "not of this turn" }], status: "streaming" } : ownFold.view(events),
  };
}

describe("what a reducer gets and gives", () => {
  const { events } = turnOf(chatV2, "sales-chart");

  it("may be JSON, charts parsed, their type named", () => {
    interface Json {
      readonly eventId: string;
      readonly sequence: number;
      readonly text?: { readonly text: string };
      readonly chart?: { readonly configJson: string; readonly chartType: string };
      readonly completion?: { readonly lastSequence?: number };
    }
    const page: TurnReducer<ReadonlyMap<string, Json>> = {
      init: () => new Map(),
      event(state, _, { data, event }) {
        const json = JSON.parse(data) as Json;
        expect(json).toHaveProperty(event);
        return new Map([...state, [json.eventId, json]]);
      },
      view(state) {
        const all = [...state.values()].sort((a, b) => a.sequence - b.sequence);
        const last = all.at(-1)?.completion?.lastSequence;
        return {
          blocks: all.flatMap(({ text, chart }): TurnView["blocks"] => {
            if (text !== undefined) return [{ text: text.text }];
            if (chart === undefined) return [];
            const chartType = chart.chartType.replace("CHART_TYPE_", "").toLowerCase();
            return [{ chart: JSON.parse(chart.configJson) as object, chartType }];
          }),
          status: last === all.length ? "complete" : "streaming",
        };
      },
    };
    const { events: few } = turnOf(chatV2, "unicode");
    expect(forEachLegalArrival(few, page)).toMatchObject({ ok: true });
  });

  it("has an id that tells nothing of the order, and is the same when it comes again", () => {
    const ids = new Map<string, string>();
    const page: TurnReducer<string[]> = {
      init: () => [],
      event(seen, { eventId }, { id }) {
        const at = seen.indexOf(eventId);
        expect(id).toBe(`${at >= 0 ? at : seen.length}`);
        ids.set(eventId, id);
        return at >= 0 ? seen : [...seen, eventId];
      },
      view: () => ({ blocks: [], status: "streaming" }),
    };
    // Its view is wrong in the end, and only there.
    expect(failureOf(checkLegalArrivals(turnOf(chatV2, "text-only").events, page)).deliveries).toHaveLength(4);
    expect(ids.size).toBe(4);
  });

  it("may be changed by the reducer: each delivery is an object of its own", () => {
    const spoiling: typeof ownFold = {
      ...ownFold,
      event(state, envelope, sse) {
        const next = ownFold.event(state, structuredClone(envelope), sse);
        if (envelope.event.case === "text") envelope.event.value.text = "spoilt";
        return next;
      },
    };
    expect(forEachLegalArrival(turnOf(chatV2, "text-only").events, spoiling)).toMatchObject({ ok: true });
  });

  it.each([
    [{ chart: "{}" }, "chart {}"],
    [{ chart: {} }, "chart {}"],
    [{ chart: [] }, "chart []"],
    [
      {
        chart: events[4]?.event.value && "configJson" in events[4].event.value ? events[4].event.value.configJson : "",
        chartType: "line",
      },
      "chart line",
    ],
    [{ text: "" }, 'text ""'],
  ])("shows %o for the chart: wrong", (block, shown) => {
    const page: TurnReducer<boolean> = {
      init: () => false,
      event: (seen, { event }) => seen || event.case === "chart",
      view: (seen) => ({ blocks: seen ? [block] : [], status: "streaming" }),
    };
    const failure = failureOf(checkLegalArrivals(events, page));
    expect(failure.deliveries).toEqual([5]);
    expect(failure.actual).toContain(shown);
  });

  it.each([null, 3, {}, { blocks: [] }, { blocks: [], status: "done" }, { blocks: 1, status: "complete" }])(
    "refuses the view %o: it is misuse, not a finding",
    (view) => {
      const page = { init: () => 0, event: () => 0, view: () => view as unknown as TurnView };
      expect(() => checkLegalArrivals(events, page)).toThrow("[argument] view: expected { blocks: […], status:");
    },
  );
});

describe("whose arrivals", () => {
  const text = readFileSync(new URL("../../../../scenarios/text-only.yaml", import.meta.url), "utf8");
  const scenario = parseScenario(text, { file: "text-only.yaml" });

  it("are those of a scenario in either version, or of a plan", () => {
    const seen: string[] = [];
    const noting: typeof ownFold = {
      ...ownFold,
      event(state, envelope, sse) {
        seen.push(envelope.$typeName);
        return ownFold.event(state, envelope, sse);
      },
    };
    const versions = (): string[] => [...new Set(seen.splice(0))];
    forEachLegalArrival(scenario, noting);
    expect(versions()).toEqual(["chat.v2.EventEnvelope"]);
    forEachLegalArrival(scenario, noting, { schema: "chat.v1" });
    expect(versions()).toEqual(["chat.v1.EventEnvelope"]);
    forEachLegalArrival(plan(scenario, { schema: "chat.v1" }), noting);
    expect(versions()).toEqual(["chat.v1.EventEnvelope"]);
    forEachLegalArrival(plan(scenario, { schema: "both" }), noting, { schema: "chat.v1" });
    expect(versions()).toEqual(["chat.v1.EventEnvelope"]);
  });

  it("are of one turn", () => {
    const { events } = turnOf(chatV2, "text-only");
    const other = turnOf(chatV2, "text-only", 7).events;
    const v1 = turnOf(chatV1, "text-only").events;
    const bare = { ...events[0], event: { case: undefined } } as AnyEnvelope;
    expect(() => checkLegalArrivals([], ownFold)).toThrow("[argument] there is no event");
    expect(() => checkLegalArrivals([...events, ...other], ownFold)).toThrow("[argument] events of two turns");
    expect(() => checkLegalArrivals([...events, ...v1], ownFold)).toThrow("[argument] a chat.v1.EventEnvelope among");
    expect(() => checkLegalArrivals([...events, ...events], ownFold)).toThrow(
      "[argument] two events have the event_id",
    );
    expect(() => checkLegalArrivals([bare], ownFold)).toThrow("has no event");
    const single = plan(scenario, { schema: "chat.v1" });
    expect(() => checkLegalArrivals(single, ownFold, { schema: "chat.v2" })).toThrow("no event of chat.v2");
  });

  it.each([0, 0.5, Number.NaN])("are not %d samples", (samples) => {
    expect(() => checkLegalArrivals(scenario, ownFold, { samples })).toThrow("[argument] samples: expected an integer");
  });
});
