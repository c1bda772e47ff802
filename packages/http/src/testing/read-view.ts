import { nameOfChartType } from "@ondash/contract/fold";
import type * as v1 from "@ondash/schemas/chat/v1";
import { MessageStatus, type Message as MessageV2 } from "@ondash/schemas/chat/v2";
import { HttpError } from "../error.ts";
import type { TurnView, ViewBlock } from "./types.ts";

/** A view, whatever form it had. */
export interface ReadView {
  readonly blocks: readonly ViewBlock[];
  /** undefined: the view can't tell. */
  readonly status: TurnView["status"] | undefined;
}

/** Forms of the two versions' content blocks. */
type AnyBlock = v1.ContentBlock | MessageV2["content"][number];

/**
 * Reads what a reducer's `view` gave.
 * @throws HttpError `argument` when it is neither a view nor a Message.
 */
export function readView(view: TurnView | v1.Message | MessageV2 | undefined): ReadView {
  if (view === undefined) return { blocks: [], status: "streaming" };
  if (typeof view !== "object" || view === null || !("$typeName" in view)) {
    if (typeof view === "object" && view !== null && Array.isArray(view.blocks) && statuses.has(view.status))
      return view;
    const want = `{ blocks: […], status: ${[...statuses].map((status) => `"${status}"`).join(" | ")} } or a Message`;
    throw new HttpError("argument", `view: expected ${want}, got ${JSON.stringify(view)}`);
  }
  const blocks = view.content.flatMap(blockOf);
  return { blocks, status: "status" in view ? messageStatuses[view.status] : undefined };
}

const statuses: ReadonlySet<string> = new Set(["streaming", "complete", "failed", "truncated"]);

const messageStatuses: Readonly<Record<MessageStatus, TurnView["status"]>> = {
  [MessageStatus.UNSPECIFIED]: "streaming",
  [MessageStatus.COMPLETE]: "complete",
  [MessageStatus.INCOMPLETE]: "streaming",
  [MessageStatus.FAILED]: "failed",
};

function blockOf({ block }: AnyBlock): ViewBlock[] {
  if (block.case === "text") return [{ text: block.value.text }];
  if (block.case !== "chart") return [];
  const { value } = block;
  const chartType =
    typeof value.chartType === "string" ? value.chartType : nameOfChartType(value.chartType, customTypeOf(value));
  return [{ chart: value.configJson, chartType }];
}

function customTypeOf(chart: object): string {
  return "customChartType" in chart && typeof chart.customChartType === "string" ? chart.customChartType : "";
}
