import { describe, expect, it } from "vitest";
import { drawChart, safeOption } from "./draw-chart.ts";

describe("safeOption", () => {
  it("keeps what is drawn", () => {
    expect(safeOption('{"series":[{"type":"graph","links":[{"source":0,"target":1}]}]}')).toEqual({
      series: [{ type: "graph", links: [{ source: 0, target: 1 }] }],
    });
  });

  it("drops links and what would be shown as HTML", () => {
    const option = {
      title: { text: "Sales", link: "javascript:alert(1)", sublink: "javascript:alert(1)" },
      toolbox: { feature: { dataView: { lang: ["<img src=x onerror=alert(1)>"] } } },
      tooltip: { formatter: "<img src=x onerror=alert(1)>", renderMode: "html" },
      series: [{ type: "treemap", data: [{ value: 1, link: "javascript:alert(1)" }] }],
    };
    const safe = {
      title: { text: "Sales" },
      tooltip: { formatter: "<img src=x onerror=alert(1)>", renderMode: "richText" },
      series: [{ type: "treemap", data: [{ value: 1 }] }],
    };
    expect(safeOption(JSON.stringify(option))).toEqual(safe);
    expect(safeOption(JSON.stringify({ ...option, tooltip: [option.tooltip] }))).toEqual(safe);
  });
});

describe("drawChart", () => {
  it.each(["{", "[]", "null", '"bars"'])("says where the chart would be that it can't draw %s", async (config) => {
    const element = { dataset: {}, textContent: "" } as unknown as HTMLElement;
    await drawChart(element, config);
    expect(element.dataset["drawn"]).toBe("no");
    expect(element.textContent).toMatch(/^This chart can't be drawn: ./);
  });
});
