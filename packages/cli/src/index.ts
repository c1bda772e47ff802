export type { Environment, Output } from "./environment.ts";
export { ExitCode } from "./exit-code.ts";
export { main } from "./main.ts";
