import type { Random } from "@ondash/core";
import type { Plan, PlannedSend } from "@ondash/scenario";

/** A send and the time of its arrival. */
export interface Arrival {
  readonly send: PlannedSend;
  /** Milliseconds after the start of the turn at speed 1. */
  readonly at: number;
}

/**
 * When each of a plan's sends arrives, in the order of arrival: as the emitter sends them to a broker that answers at
 * once. A send leaves when it is due, but not before its predecessor in its partition, nor before what it awaits by the
 * record contract; what is held back (fault `late`) leaves after everything else.
 */
export function arrivalsOf(plan: Plan): readonly Arrival[] {
  const taskIds = new Map(plan.events.map(({ index, taskId }) => [index, taskId]));
  const lastOf = new Map<string, number>();
  const latestOf = new Map<string, number>();
  let latest = 0;
  const arrivals = plan.sends
    .filter(({ held }) => !held)
    .map((send): Arrival => {
      const place = laneOf(send);
      const task = taskIds.get(send.event) ?? "";
      const awaited =
        send.awaits === "turn" ? latest : send.awaits === "nothing" ? 0 : (latestOf.get(send.awaits.task) ?? 0);
      const at = Math.max(send.at, lastOf.get(place) ?? 0, awaited);
      lastOf.set(place, at);
      latestOf.set(task, Math.max(at, latestOf.get(task) ?? 0));
      latest = Math.max(latest, at);
      return { send, at };
    })
    // Stable: what is due at the same time keeps the plan's order.
    .toSorted((a, b) => a.at - b.at);
  for (const send of plan.sends) {
    if (!send.held) continue;
    latest = Math.max(latest, send.at);
    arrivals.push({ send, at: latest });
  }
  return arrivals;
}

/**
 * Another legal order of arrival, all of them equally likely: what was sent to one partition of one topic keeps its order, and nothing
 * else does. The n-th to arrive comes when the n-th did.
 */
export function shuffled(arrivals: readonly Arrival[], random: Random): readonly Arrival[] {
  const lanes = [...Map.groupBy(arrivals, ({ send }) => laneOf(send)).values()].map((lane) => [...lane]);
  return arrivals.map(({ at }, index) => {
    let pick = random.int(0, arrivals.length - index - 1);
    for (const lane of lanes) {
      const [next] = lane;
      if (next !== undefined && pick < lane.length) {
        lane.shift();
        return { send: next.send, at };
      }
      pick -= lane.length;
    }
    throw new RangeError("the lanes hold as many as there are arrivals");
  });
}

function laneOf({ record: { topic, partition } }: PlannedSend): string {
  return `${topic}/${partition}`;
}
