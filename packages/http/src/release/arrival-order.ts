import type { Arrival, ReleaseOrder } from "./release-order.ts";

const NO_TURNS: ReadonlyMap<string, number> = new Map();

/**
 * chat.v1: every event as it arrives, redeliveries included. The client has the timestamps to order by and the event ids
 * to know a redelivery by; remembering here which ids have passed would take memory without bound.
 */
export function createArrivalOrder(): ReleaseOrder {
  let arrived: Arrival | undefined;
  return {
    offer(arrival) {
      arrived = arrival;
    },
    take() {
      if (arrived === undefined) return undefined;
      const { kind, data, position } = arrived;
      arrived = undefined;
      return { kind, data, point: { position, ahead: 0, turns: NO_TURNS } };
    },
  };
}
