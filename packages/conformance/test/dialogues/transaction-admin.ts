import type { Dialogue } from "./dialogue.ts";
import { newProducer } from "./transaction-requests.ts";

export const transactionAdminDialogues: readonly Dialogue[] = [
  {
    title: "describe transactions",
    api: "DescribeTransactions",
    async hold(talk, version) {
      const producer = await newProducer(talk);
      const ask = (note: string, ...transactionalIds: string[]): Promise<unknown> =>
        talk.ask(note, "DescribeTransactions", version, { transactionalIds });
      await ask("a new and an unknown one", producer.transactionalId, talk.name("other"));
      await ask("no name", "");
      await ask("none");
    },
  },
  {
    title: "list transactions",
    api: "ListTransactions",
    async hold(talk, version) {
      const producer = await newProducer(talk);
      await talk.ask("of the producer", "ListTransactions", version, { producerIdFilters: [producer.producerId] });
      await talk.ask("of an unknown producer", "ListTransactions", version, { producerIdFilters: [9_999_999n] });
      await talk.ask("in an unknown state", "ListTransactions", version, {
        stateFilters: ["NoSuchState"],
        producerIdFilters: [producer.producerId],
      });
      await talk.ask("that are ongoing", "ListTransactions", version, {
        stateFilters: ["Ongoing"],
        producerIdFilters: [producer.producerId],
      });
    },
  },
];
