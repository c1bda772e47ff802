import { forEachLegalArrival, type TurnReducer } from "@ondash/http/testing";
import { describe, expect, it } from "vitest";
import { scenario } from "../test/scenarios.ts";
import { blocksOf, newTurn, phaseOf, type Turn, turnReducer } from "./turn.ts";

/** The page's own code, as the kit drives it. */
const page: TurnReducer<Turn, "chat.v2"> = {
  init: () => turnReducer(newTurn("…"), { type: "accepted", messageId: "…" }),
  event: (turn, event) => turnReducer(turn, { type: "event", event }),
  end: (turn) => turnReducer(turn, { type: "left", as: "truncated" }),
  view: (turn) => ({
    blocks: blocksOf(turn).map(({ kind, body }) => (kind === "text" ? { text: body } : { chart: body })),
    status: phaseOf(turn) as "streaming" | "complete" | "failed" | "truncated",
  }),
};

describe("turnReducer", () => {
  it.each([
    "sales-chart",
    "multi-chart",
    "multi-task",
    "partial-failure",
    "fatal-error",
    "warning-then-success",
    "conversation-end",
    "long-stream",
  ])("shows the turn of %s right, however it arrives", (name) => {
    const { arrivals } = forEachLegalArrival(scenario(name), page, { schema: "chat.v2" });
    expect(arrivals).toBeGreaterThan(0);
  });
});
