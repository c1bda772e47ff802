import { rules } from "@ondash/contract";
import { createJsonReporter, formatJsonReport, type JsonReport, toJsonReport } from "@ondash/report";
import { describe, expect, it } from "vitest";
import { cutRecording, lostChart, salesChart, salesChartLostChart } from "./support/results.ts";

describe("the JSON report", () => {
  it("has the shape that other programs rely on", async () => {
    let text = "";
    const reporter = createJsonReporter({ write: (piece) => void (text += piece) });
    reporter.start(2);
    reporter.run(salesChartLostChart);
    expect(text).toBe("");
    reporter.run(cutRecording);
    reporter.end();
    await expect(text).toMatchFileSnapshot("golden/report.json");
    const report = JSON.parse(text) as JsonReport;
    expect(report.ondash).toBe(1);
    expect(Object.keys(report.runs[0]?.rules ?? {})).toEqual(rules.map(({ id }) => id));
    expect(report.runs[1]).toMatchObject({ scenario: null, broker: null, seed: null, expectation: null });
  });

  it("does not name a replay that nobody knows", () => {
    const { replay: _, ...unknown } = lostChart;
    const [run] = toJsonReport([{ ...salesChartLostChart, violations: [unknown] }]).runs;
    expect(run?.violations[0]?.replay).toBeNull();
  });

  it("is safe to print on a terminal, and means the same", () => {
    const message = "\u009b2J\u202egnp\u007f\u001b[31m\u2028";
    const report = toJsonReport([{ ...salesChart, warnings: [{ ...lostChart, message }] }]);
    const text = formatJsonReport(report);
    // oxlint-disable-next-line no-control-regex -- that is what is tested
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(JSON.parse(text)).toEqual(report);
  });
});
