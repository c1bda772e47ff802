import { afterAll, beforeAll, describe } from "vitest";
import { describeMutants } from "./laws/mutants.ts";
import { describeTransactions } from "./laws/transactions.ts";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { repeats } from "./support/repeats.ts";

describe("the collector in a run, on the embedded broker", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describeTransactions(() => kafka);
  describeMutants(() => kafka, repeats("ONDASH_MUTANTS", 5));
});
