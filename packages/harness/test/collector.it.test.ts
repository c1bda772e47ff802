import { afterAll, beforeAll, describe } from "vitest";
import { describeKilledChecker } from "./laws/killed-checker.ts";
import { describeMutants } from "./laws/mutants.ts";
import { describeRepeats } from "./laws/repeats.ts";
import { describeTransactions } from "./laws/transactions.ts";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { repeats } from "./support/repeats.ts";

describe("the collector in a run, on the embedded broker", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describeKilledChecker(() => kafka);
  describeTransactions(() => kafka);
  describeRepeats(() => kafka, repeats("ONDASH_REPEATS", 5));
  describeMutants(() => kafka, repeats("ONDASH_MUTANTS", 1));
});
