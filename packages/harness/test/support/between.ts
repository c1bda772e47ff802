import { type Clock, systemClock } from "@ondash/core";

/**
 * A clock for `runScenario` with `speed: 1` whose pauses between two sends are filled with an action instead of time: a
 * send leaves when the action before it is done.
 * @param action called with the number of the pause, from 0 on; not called again before it has resolved.
 */
export function fillingPauses(action: (pause: number) => Promise<void>): Clock {
  let pauses = 0;
  let last = Promise.resolve();
  return {
    ...systemClock,
    sleep(_ms, signal) {
      last = last.then(async () => {
        signal?.throwIfAborted();
        await action(pauses++);
      });
      return last;
    },
  };
}
