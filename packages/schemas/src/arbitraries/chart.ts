import fc from "fast-check";
import { ChartEvent_ChartType as ChartType } from "../chat/v2.ts";

/** A chart that keeps the contract, in the terms of both versions. */
export interface ChartDraft {
  /** chat.v1's chart_type. */
  readonly name: string;
  /** chat.v2's chart_type; CUSTOM goes with `name` as custom_chart_type. */
  readonly type: ChartType;
  /** An ECharts option object as JSON. */
  readonly configJson: string;
}

/** Charts of every kind, small, with plain data: sound by the contract's chart rules, warnings included. */
export function validChart(): fc.Arbitrary<ChartDraft> {
  const value = fc.integer({ min: 1, max: 1000 });
  const values = fc.array(value, { minLength: 1, maxLength: 6 });
  const cartesian = (name: "bar" | "line", type: ChartType): fc.Arbitrary<ChartDraft> =>
    values
      .map((data) => ({
        xAxis: { type: "category", data: data.map((_, index) => `Q${index + 1}`) },
        yAxis: { type: "value" },
        series: [{ type: name, data }],
      }))
      .map(draft(name, type));
  const parts = (name: string, type: ChartType): fc.Arbitrary<ChartDraft> =>
    values
      .map((data) => ({
        series: [{ type: name, data: data.map((held, index) => ({ name: `P${index + 1}`, value: held })) }],
      }))
      .map(draft(name, type));
  return fc.oneof(
    cartesian("bar", ChartType.BAR),
    cartesian("line", ChartType.LINE),
    parts("pie", ChartType.PIE),
    parts("funnel", ChartType.CUSTOM),
    fc
      .array(fc.tuple(value, value), { minLength: 1, maxLength: 6 })
      .map((data) => ({ xAxis: { type: "value" }, yAxis: { type: "value" }, series: [{ type: "scatter", data }] }))
      .map(draft("scatter", ChartType.SCATTER)),
    fc
      .array(value, { minLength: 3, maxLength: 6 })
      .map((data) => ({
        radar: { indicator: data.map((_, index) => ({ name: `A${index + 1}`, max: 1000 })) },
        series: [{ type: "radar", data: [{ name: "R", value: data }] }],
      }))
      .map(draft("radar", ChartType.RADAR)),
    values
      .map((data) => ({
        xAxis: { type: "category", data: data.map((_, index) => `X${index + 1}`) },
        yAxis: { type: "category", data: ["Y1"] },
        visualMap: { min: 0, max: 1000 },
        series: [{ type: "heatmap", data: data.map((held, index) => [index, 0, held]) }],
      }))
      .map(draft("heatmap", ChartType.HEATMAP)),
  );
}

function draft(name: string, type: ChartType): (config: object) => ChartDraft {
  return (config) => ({ name, type, configJson: JSON.stringify(config) });
}
