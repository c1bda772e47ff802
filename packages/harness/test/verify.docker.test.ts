import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll, describe } from "vitest";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { python } from "./support/python.ts";
import { describeVerifyWithPython } from "./support/verify-python.ts";

describeWithDocker("verify on Apache Kafka in a container", () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka(containerProvider());
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describe.skipIf(!python.available)(`with a Python producer${python.title}`, () => {
    describeVerifyWithPython(() => kafka);
  });
});
