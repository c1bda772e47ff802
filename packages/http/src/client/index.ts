export type { ClientErrorCode, Problem } from "./error.ts";
export { ClientError, isClientError } from "./error.ts";
export type { CancelMessageOptions, FetchMessagesOptions, PostMessageOptions } from "./messages.ts";
export { cancelMessage, fetchMessages, postMessage } from "./messages.ts";
export { streamTurn } from "./stream-turn.ts";
export type {
  ClientOptions,
  EnvelopeFor,
  MessageFor,
  StreamProblem,
  StreamTiming,
  StreamTurnOptions,
  TurnEnd,
  TurnStream,
  TurnUpdate,
} from "./types.ts";
