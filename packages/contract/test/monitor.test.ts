import { judgeObservations, type Observation } from "@ondash/contract";
import { chatSchemas, chatV1 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { clean, outcomes, summary } from "./support/summary.ts";

describe.each(chatSchemas)("the monitor on $name", (schema) => {
  it("passes the sales chart", () => {
    const log = createTestLog({ schemas: [schema] });
    const judgement = judgeObservations(wholeRun(log, records(schema, salesChart).map(log.append)), { timeline: true });
    expect(summary(judgement)).toEqual(clean);
    expect(judgement.turns).toEqual([
      { conversationId: "conv_456", messageId: "msg_789", verdict: "passed", blocks: ["text", "chart", "text"] },
    ]);
    expect(judgement.schema).toBe(schema.name);
    expect(judgement.counts).toEqual({ records: 7, turns: 1, redeliveries: 0 });
    expect(judgement.timeline.map(({ at, says }) => `${at} ${says}`)).toMatchInlineSnapshot(`
      [
        "0 "Decomposing query..."",
        "1 "Executing chart_generation..."",
        "2 "Querying database..."",
        "3 "Here is your sales chart" BEFORE",
        "4 bar",
        "5 "Sales increased in Q4" AFTER",
        "6 TASK "done"",
      ]
    `);
    expect(outcomes(judgement)).toMatchSnapshot();
  });

  it("names a BEFORE text without its chart", () => {
    const log = createTestLog({ schemas: [schema] });
    const steps = salesChart.filter((step) => !("chart" in step));
    const judgement = judgeObservations(wholeRun(log, records(schema, steps).map(log.append)));
    expect(judgement.verdict).toBe("failed");
    expect(judgement.violations).toMatchObject([{ rule: "GRM-02", also: ["GRM-03"] }]);
  });
});

it("names a planned event that is missing in chat.v1", () => {
  const log = createTestLog({ schemas: [chatV1] });
  const sent = records(chatV1, salesChart);
  const judgement = judgeObservations(
    wholeRun(log, [
      ...sent.map(
        ({ topic }, index): Observation => ({
          kind: "plan",
          eventId: `msg_789-event-${index + 1}`,
          conversationId: "conv_456",
          messageId: "msg_789",
          topic,
        }),
      ),
      ...sent.filter((_, index) => index !== 4).map(log.append),
    ]),
  );
  expect(judgement.violations).toMatchObject([{ rule: "ORD-04", eventIds: ["msg_789-event-5"], also: [] }]);
});
