import { afterAll, beforeAll, describe } from "vitest";
import { describeTransactions } from "./laws/transactions.ts";
import { startKafka, type TestKafka } from "./support/kafka.ts";

describe("the collector in a run, on the embedded broker", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describeTransactions(() => kafka);
});
