import { ErrorCode } from "../wire/index.ts";

/** A fenced producer is PRODUCER_FENCED from version `since` on; before, clients only know INVALID_PRODUCER_EPOCH. */
export function fencedError(errorCode: number, apiVersion: number, since: number): number {
  return errorCode === ErrorCode.PRODUCER_FENCED && apiVersion < since ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode;
}
