export type { ChartDraft } from "./chart.ts";
export { validChart } from "./chart.ts";
export type { MessageArbitraryOptions } from "./message.ts";
export { anyMessage } from "./message.ts";
export type { ValidTurn, ValidTurnOptions } from "./turn.ts";
export { validTurn } from "./turn.ts";
export { nonBlankString, wellFormedString } from "./values.ts";
