import type * as v2 from "../chat/v2.ts";
import { ChartEvent_ChartType as ChartType } from "../chat/v2.ts";
import { type CastPlace, pathOf } from "./carry.ts";
import { CastError } from "./cast-error.ts";
import { chartTypes } from "./fixed-set.ts";

/** The chart type of chat.v2, of a ChartEvent and of a ChartBlock alike. */
interface ChartKind {
  readonly chartType: v2.ChartEvent["chartType"] & v2.ChartBlock["chartType"];
  readonly customChartType: string;
}

/** Any string is a chart type of chat.v1: what is none of the enum's names is CUSTOM. */
export function upcastChartType(chartType: string): ChartKind {
  const number = chartTypes.numberOf(chartType);
  return number === undefined
    ? { chartType: ChartType.CUSTOM, customChartType: chartType }
    : { chartType: number as ChartType, customChartType: "" };
}

/**
 * The string of chat.v1.
 * @throws CastError of code `value` unless custom_chart_type is set exactly when chart_type is CUSTOM.
 */
export function downcastChartType({ chartType, customChartType }: ChartKind, place: CastPlace): string {
  const isCustom = chartType === ChartType.CUSTOM;
  if (isCustom !== (customChartType !== "")) {
    const detail = isCustom
      ? "chart_type is CUSTOM and this is empty: there is no string for chat.v1"
      : `${JSON.stringify(customChartType)} beside a chart_type that is not CUSTOM: chat.v1 has one string for both`;
    throw new CastError("value", place.subject, pathOf(place, "custom_chart_type"), detail);
  }
  return isCustom ? customChartType : chartTypes.nameOf(chartType, place.subject, pathOf(place, "chart_type"));
}
