import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";

const STATES: readonly string[] = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "Dead",
  "PrepareEpochFence",
];

/**
 * ListTransactions (key 66), versions 0 and 1: the transactional ids that this node coordinates, filtered by state and
 * producer id, from version 1 on by how long they have been open. States that do not exist are told back.
 */
export const listTransactions: Api<"ListTransactions"> = {
  name: "ListTransactions",
  versions: [0, 1],
  handle({ stateFilters, producerIdFilters, durationFilter }, { cluster, node, apiVersion }) {
    const now = cluster.clock.now();
    const known = stateFilters.filter((state) => STATES.includes(state));
    const passes = [...cluster.transactions.transactions.values()].filter(
      ({ transactionalId, state, producerId, startedAt }) =>
        cluster.transactionCoordinator(transactionalId) === node.id &&
        (stateFilters.length === 0 || known.includes(state)) &&
        (producerIdFilters.length === 0 || producerIdFilters.includes(producerId)) &&
        (apiVersion < 1 || durationFilter < 0n || (startedAt >= 0 && now - startedAt > Number(durationFilter))),
    );
    return {
      errorCode: ErrorCode.NONE,
      unknownStateFilters: stateFilters.filter((state) => !STATES.includes(state)),
      transactionStates: passes.map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
    };
  },
};
