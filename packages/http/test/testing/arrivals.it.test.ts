import { isHttpError } from "@ondash/http";
import { type ArrivalFailure, checkLegalArrivals, forEachLegalArrival } from "@ondash/http/testing";
import { chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
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
    "sales-chart",
    "text-only",
    "multi-task",
    "conversation-end",
    "warning-then-success",
    "fatal-error",
    "partial-failure",
    "unicode",
    "multi-chart",
    "long-stream",
  ])("passes the product's own fold, and a page written by hand: %s", (scenario) => {
    const turn = turnOf(schema, scenario).events;
    const t0 = performance.now();
    const r = forEachLegalArrival(turn, ownFold);
    const t1 = performance.now();
    expect(forEachLegalArrival(turn, pageWith({}))).toMatchObject({ ok: true });
    console.log(schema.name, scenario, turn.length, r, t1 - t0, performance.now() - t1);
  });

  it.each([
    [{ trustsArrival: true }],
    [{ appendsAgain: true }],
    [{ cutIsSuccess: true }],
    [{ groupsByType: true }],
    [{ neverDone: true }],
  ] satisfies [Mistakes][])("fails a page that has %o", (mistakes) => {
    const f = failureOf(checkLegalArrivals(events, pageWith(mistakes)));
    console.log(f.message);
  });
});
