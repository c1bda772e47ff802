import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { salesChart } from "./support/chat.ts";
import { storedMessage } from "./support/message-operators.ts";
import { stage } from "./support/scenario.ts";
import { outcomes, summary } from "./support/summary.ts";

/** The run of a sales chart with its message, changed. */
const withMessage = (change: (json: Record<string, unknown>) => Record<string, unknown>, gap = false) => {
  const run = stage(chatV2);
  const events = run.turn(salesChart);
  run.send(...events);
  if (gap) run.observe({ kind: "gap", topic: chatV2.topics.chart, partition: 0, from: 0, to: 0 });
  run.observe({
    kind: "message",
    schema: "chat.v2",
    message: change(storedMessage(chatV2, events) as Record<string, unknown>),
  });
  return run.judge();
};

describe("a stored message", () => {
  it("is held against the turn's events", () => {
    expect(outcomes(withMessage((json) => json))).toMatchObject({
      "MSG-01": "held 1",
      "MSG-02": "held 1",
      "MSG-03": "held 1",
      "MSG-04": "held 1",
    });
  });

  it("is broken with the event of the block that differs for a witness", () => {
    const content = [
      { text: { text: "Here is your sales chart" } },
      { chart: { chartType: "CHART_TYPE_BAR", configJson: "{}" } },
      { text: { text: "Sales increased in Q4" } },
    ];
    const judgement = withMessage((json) => ({ ...json, content }));
    expect(judgement.violations).toMatchObject([
      { rule: "MSG-02", records: [{ topic: chatV2.topics.chart, offset: 0 }], eventIds: ["msg_789-event-5"] },
    ]);
    const shorter = withMessage((json) => ({ ...json, content: content.slice(0, 1) }));
    expect(shorter.violations).toMatchObject([
      {
        rule: "MSG-01",
        also: [],
        expected: "text, chart, text",
        actual: "text",
        records: [{ topic: chatV2.topics.chart }],
      },
    ]);
    expect(shorter.turns[0]?.verdict).toBe("failed");
  });

  it("is ignored when it is not the assistant's", () => {
    const judgement = withMessage((json) => ({ ...json, role: "ROLE_USER", content: [] }));
    expect(judgement.rules["MSG-01"]).toEqual({ status: "not exercised" });
  });

  it("proves nothing when the collector may have missed its turn", () => {
    const judgement = withMessage((json) => ({ ...json, id: "unseen" }), true);
    expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: ["KAF-02"] });
    expect(judgement.rules["MSG-01"]).toMatchObject({ status: "unprovable" });
  });
});
