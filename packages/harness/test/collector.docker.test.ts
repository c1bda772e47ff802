import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll } from "vitest";
import { describeKilledChecker } from "./laws/killed-checker.ts";
import { describeMutants } from "./laws/mutants.ts";
import { describeRepeats } from "./laws/repeats.ts";
import { describeTransactions } from "./laws/transactions.ts";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { repeats } from "./support/repeats.ts";

describeWithDocker("the collector in a run, on Apache Kafka in a container", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka(containerProvider());
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describeKilledChecker(() => kafka);
  describeTransactions(() => kafka);
  describeRepeats(() => kafka, repeats("ONDASH_REPEATS", 2));
  describeMutants(() => kafka, repeats("ONDASH_MUTANTS", 1));
});
