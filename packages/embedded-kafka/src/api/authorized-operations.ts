/**
 * Without an authorizer everybody may do everything; these are the bit fields that say so (one bit per operation, by
 * its number in Kafka's `AclOperation`).
 */
const bits = (...operations: readonly number[]): number => operations.reduce((field, bit) => field | (1 << bit), 0);

/** Read, write, create, delete, alter, describe, describe and alter configs. */
export const TOPIC_OPERATIONS: number = bits(3, 4, 5, 6, 7, 8, 10, 11);
/** Create, alter, describe, cluster action, describe and alter configs, idempotent write. */
export const CLUSTER_OPERATIONS: number = bits(5, 7, 8, 9, 10, 11, 12);
/** Read, delete, describe, describe and alter configs. */
export const GROUP_OPERATIONS: number = bits(3, 6, 8, 10, 11);
/** Not asked for. */
export const NO_OPERATIONS: number = -2_147_483_648;
