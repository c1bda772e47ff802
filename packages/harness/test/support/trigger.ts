import type { RunningTrigger, Trigger, TriggerEnd } from "@ondash/harness";

/** A trigger that is a function: what it sends, and when it is done, is up to the test. */
export function trigger(
  act: (kit: {
    readonly variables: Readonly<Record<string, string>>;
    readonly stopped: Promise<void>;
    readonly log: (text: string) => void;
  }) => Promise<TriggerEnd>,
): Trigger & { readonly wasStopped: boolean } {
  let wasStopped = false;
  return {
    description: "a function",
    get wasStopped() {
      return wasStopped;
    },
    async start(variables): Promise<RunningTrigger> {
      const stopping = Promise.withResolvers<void>();
      let output = "";
      let hasEnded = false;
      const ended = act({ variables, stopped: stopping.promise, log: (text) => void (output += text) }).finally(() => {
        hasEnded = true;
      });
      const stop = async (): Promise<void> => {
        wasStopped ||= !hasEnded;
        stopping.resolve();
        await ended;
      };
      return { ended, stop, output: () => output, [Symbol.asyncDispose]: stop };
    },
  };
}

/** A trigger that has ended with an exit code. */
export const exited = (code: number): TriggerEnd => ({ code, signal: null });
