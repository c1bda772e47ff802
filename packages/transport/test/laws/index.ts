import type { Broker } from "@ondash/transport";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeCollector } from "./collector.ts";
import { createContext } from "./context.ts";
import { describeEnds } from "./ends.ts";
import { describeRecords } from "./records.ts";
import { describeTopics } from "./topics.ts";
import { describeTransactions } from "./transactions.ts";

/** What the laws are stated about: one way of having a broker. */
export interface Subject {
  /** Starts a broker of its own, empty. */
  readonly start: () => Promise<Broker>;
  /** How many nodes it has. Default 1. */
  readonly nodes?: number;
}

/** The laws of providers and sessions, the same for every broker. */
export function describeTransport({ start, nodes = 1 }: Subject): void {
  const context = createContext(start);
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);

  beforeAll(async () => {
    process.on("warning", onWarning);
    await context.open();
  });
  afterAll(async () => {
    await context.close();
    process.off("warning", onWarning);
    // Neither kafkajs' TimeoutNegativeWarning nor any other.
    expect(warnings).toEqual([]);
  });

  it("have as many nodes as they should", async () => {
    const admin = context.raw().admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    expect(brokers).toHaveLength(nodes);
  });

  describeTopics(context);
  describeRecords(context);
  describeCollector(context);
  describeTransactions(context);
  describeEnds(context);
}
