export { checkLegalArrivals, forEachLegalArrival } from "./for-each-legal-arrival.ts";

export type {
  ArrivalFailure,
  ArrivalOptions,
  ArrivalSource,
  ArrivalsPassed,
  SseMessage,
  TurnReducer,
  TurnView,
  ViewBlock,
} from "./types.ts";
