let installed = false;

/**
 * Keeps kafkajs' `TimeoutNegativeWarning` off stderr: its request queue arms a timer with a negative delay after each
 * answer, and Node ≥ 23 warns about it. Only this warning, and only when kafkajs armed the timer; all others pass.
 * The filter stays for the life of the process, because others may have wrapped `process.emitWarning` after it.
 */
export function silenceKafkajsTimerWarning(): void {
  if (installed) return;
  installed = true;
  const emitWarning = process.emitWarning.bind(process) as (...args: readonly unknown[]) => void;
  process.emitWarning = (...args: readonly unknown[]): void => {
    if (args[1] === "TimeoutNegativeWarning" && new Error("who armed it").stack?.includes("kafkajs") === true) return;
    emitWarning(...args);
  };
}
