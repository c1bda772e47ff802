export type { EmitOptions, EmitResult } from "./emit.ts";
export { emit } from "./emit.ts";
export type { EmitterErrorCode } from "./error.ts";
export { EmitterError, isEmitterError } from "./error.ts";
export type { LedgerEntry } from "./ledger.ts";
