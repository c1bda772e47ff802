export { addPartitions } from "./add-partitions.ts";
export type { TestTransaction } from "./begin-transaction.ts";
export { beginTransaction } from "./begin-transaction.ts";
export type { BrokerContainer } from "./container-of.ts";
export { containerOf } from "./container-of.ts";
export { describeWithDocker } from "./describe-with-docker.ts";
