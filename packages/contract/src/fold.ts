/*
 * The subpath `@ondash/contract/fold`: how a turn's events add up to its Message, without the rules and the monitor. What
 * a web page loads.
 */

export type { EventBody, SoundEvent } from "./event.ts";
export { compareEmission, completesConversation, completesTask, nameOfChartType, toContractEvent } from "./event.ts";
export type { Block, FoldedContent, StatusName } from "./message/content.ts";
export type { FoldMetadata, MessageOf } from "./message/fold-message.ts";
export { foldMessage } from "./message/fold-message.ts";
export { foldTurn } from "./message/fold-turn.ts";
