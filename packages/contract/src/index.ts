export type * from "./monitor-types.ts";
export type * from "./observation.ts";
export type * from "./run-result.ts";
