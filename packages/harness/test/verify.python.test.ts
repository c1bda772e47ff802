import { afterAll, beforeAll, describe } from "vitest";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { python } from "./support/python.ts";
import { describeVerifyWithPython } from "./support/verify-python.ts";

describe.skipIf(!python.available)(`verify with a Python producer, embedded${python.title}`, () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describeVerifyWithPython(() => kafka);
});
