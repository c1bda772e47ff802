import { startDeadline } from "@ondash/core";
import type { Broker, BrokerProvider } from "@ondash/transport";
import { afterAll, beforeAll, describe, it } from "vitest";
import { clientCases } from "./cases/clients.ts";
import { connectionCases } from "./cases/connection.ts";
import { fetchCases } from "./cases/fetch.ts";
import { groupCases } from "./cases/groups.ts";
import { produceCases } from "./cases/produce.ts";
import { topicCases } from "./cases/topics.ts";
import { transactionCases } from "./cases/transactions.ts";
import { type Case, openContext } from "./context.ts";
import { differences } from "./differences.ts";

const families: Readonly<Record<string, readonly Case[]>> = {
  connections: connectionCases,
  topics: topicCases,
  produce: produceCases,
  fetch: fetchCases,
  groups: groupCases,
  transactions: transactionCases,
  "kafkajs as it is": clientCases,
};

/** The behaviour that every Kafka has, as tests on one broker. The same cases and assertions for all backends. */
export function declareSuite(backend: "embedded" | "container", provider: BrokerProvider): void {
  let broker: Broker | undefined;
  beforeAll(async () => {
    using deadline = startDeadline(120_000);
    broker = await provider.start(deadline);
  });
  afterAll(() => broker?.[Symbol.asyncDispose]());

  const known = differences[backend];
  for (const [family, cases] of Object.entries(families)) {
    describe(family, () => {
      for (const each of cases) {
        const reason = known[each.title];
        const title = reason === undefined ? each.title : `${each.title} [differs: ${reason}]`;
        it(title, { fails: reason !== undefined }, () => runCase(each, broker));
      }
    });
  }
}

async function runCase(each: Case, broker: Broker | undefined): Promise<void> {
  const [bootstrap] = broker?.bootstrap ?? [];
  if (bootstrap === undefined) throw new Error("the broker did not start");
  const opened = openContext(bootstrap);
  try {
    await each.run(opened.context);
  } finally {
    await opened.close();
  }
}
