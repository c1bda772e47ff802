import type { RunResult } from "@ondash/contract";
import { createTerminalReporter, type TerminalReporterOptions } from "@ondash/report";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import {
  absent,
  cutRecording,
  salesChart,
  salesChartLostChart,
  salesChartUnmet,
  timeline,
  unicode,
} from "./support/results.ts";

function report(results: readonly RunResult[], options: TerminalReporterOptions = {}): string {
  let text = "";
  const reporter = createTerminalReporter({ write: (piece) => void (text += piece) }, options);
  reporter.start(results.length);
  for (const result of results) reporter.run(result);
  reporter.end();
  return text;
}

function golden(name: string): string {
  return `golden/${name}.txt`;
}

describe("the terminal report", () => {
  it.each([
    ["sales-chart", [salesChart]],
    ["sales-chart-lost-chart", [salesChartLostChart]],
    ["expectation-not-met", [salesChartUnmet]],
    ["recording", [cutRecording]],
    ["unicode", [unicode]],
    ["several", [salesChart, salesChartLostChart, salesChart, salesChartUnmet, cutRecording]],
  ] as const)("of %s reads well at 80 and at 200 columns", async (name, results) => {
    await expect(report(results, { width: 80 })).toMatchFileSnapshot(golden(`${name}.80`));
    await expect(report(results, { width: 200 })).toMatchFileSnapshot(golden(`${name}.200`));
  });

  it("keeps the edges of a long turn, and what matters in its middle", async () => {
    const rows = Array.from({ length: 500 }, (_, index) =>
      index === 250
        ? (["chart", index * 40, "bar", "task_1", ["GRM-02"]] as const)
        : (["text", index * 40, `"chunk ${index + 1}" STANDALONE`] as const),
    );
    const long = {
      ...salesChart,
      timeline: timeline(rows),
      absent: [absent("text", 4_020, '"gone" BEFORE', "never sent")],
    };
    await expect(report([long], { timelineRows: 10 })).toMatchFileSnapshot(golden("long.80"));
  });

  it("names each turn of a recording with several", async () => {
    const second = timeline(
      [
        ["status", 0, '"Once more"', ""],
        ["error", 0.004_2, 'FATAL overload: "no capacity"', ""],
        ["completion", 0.9, "CONVERSATION", ""],
      ],
      "chat.v2",
    ).map((entry) => ({ ...entry, conversationId: "conv_456", messageId: "msg_2" }));
    const result: RunResult = {
      ...cutRecording,
      schema: "both",
      counts: { records: 10, turns: 2, redeliveries: 0 },
      timeline: [...cutRecording.timeline, ...second],
    };
    await expect(report([result])).toMatchFileSnapshot(golden("two-turns.80"));
  });

  it("does not drown people in turns and violations", () => {
    const [violation] = salesChartLostChart.violations;
    const turns = Array.from({ length: 40 }, (_, index) => `msg_${index}`);
    const text = report([
      {
        ...salesChartLostChart,
        counts: { records: 40, turns: 40, redeliveries: 0 },
        absent: [],
        timeline: turns.flatMap((messageId) =>
          timeline([["status", 0, `"${messageId}"`]]).map((entry) => ({ ...entry, messageId })),
        ),
        turns: turns.map((messageId, index) => ({
          conversationId: "c",
          messageId,
          verdict: index >= 35 ? "failed" : "passed",
          blocks: [],
        })),
        violations: Array.from({ length: 50 }, () => violation).filter((one) => one !== undefined),
      },
    ]);
    expect(text).toContain("… and 30 more turns");
    expect(text).toContain('"msg_39"');
    expect(text).toContain('"msg_4"');
    expect(text).not.toContain('"msg_5"');
    expect(text).toContain("… and 30 more: ORD-04 × 30");
  });

  it("says that nothing was seen", () => {
    const text = report([{ ...cutRecording, schema: null, timeline: [], turns: [], warnings: [] }]);
    expect(text).toContain("no schema seen");
    expect(text).toContain("? inconclusive");
  });

  it("colours only when told to", () => {
    expect(report([salesChartLostChart])).not.toContain("\u001b");
    const coloured = report([salesChartLostChart], { color: true });
    expect(coloured).toContain("\u001b[31m");
    // oxlint-disable-next-line no-control-regex -- the escapes are what is tested
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(report([salesChartLostChart]));
  });

  const hostile = fc.string({
    unit: fc.constantFrom(...Array.from("a \n\t\u001b[31m\u009b\u202e\u2028\u0000界é👩‍👩‍👧שלום\ud800\u200b")),
  });

  it("prints nothing that a terminal obeys, and no line wider than it may be, whatever the payload", () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 60, max: 220 }),
        (texts, width) => {
          const [a = "", b = "", c = "", d = "", e = "", f = "", g = "", h = ""] = texts;
          const result: RunResult = {
            ...salesChartLostChart,
            scenario: `s${a}`,
            file: b,
            title: c,
            prompt: d,
            timeline: timeline([
              ["text", 0, e, f],
              ["chart", 1, g, h, ["REC-01"]],
            ]),
            violations: salesChartLostChart.violations.map((violation) => ({
              ...violation,
              message: a,
              expected: c,
              actual: d,
              notes: [e, f],
              replay: g,
              location: h,
            })),
            reasons: [a, b],
          };
          const text = report([result], { width });
          expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
          for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it("keeps the columns in line, whatever stands in them", () => {
    const lines = report([unicode], { width: 100 }).split("\n");
    const lane = lines.findIndex((line) => line.includes("complete")) + 1;
    const ends = lines
      .slice(lane, lane + 7)
      .map((line) => stringWidth(line.slice(0, /task_\d|["A-Zb]/.exec(line)?.index)));
    expect(new Set(ends).size).toBeLessThanOrEqual(2);
  });
});
