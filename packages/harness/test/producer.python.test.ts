import { produceWithPython } from "@ondash/schemas/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKafka, type TestKafka } from "./support/kafka.ts";
import { python } from "./support/python.ts";
import { watch } from "./support/watch.ts";

describe.skipIf(!python.available)(`a Python producer${python.title}`, () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  type Misbehaviour = Omit<Parameters<typeof produceWithPython>[0], "brokers" | "schema">;
  const judge = (schema: "chat.v1" | "chat.v2", options: Misbehaviour = {}) =>
    watch(kafka, schema, async () => {
      const result = await produceWithPython({ brokers: kafka.broker.bootstrap.join(","), schema, ...options });
      expect(result).toMatchObject({ status: 0 });
    });

  it.each(["chat.v1", "chat.v2"] as const)("publishes a turn of %s that is accepted", async (schema) => {
    const judgement = await judge(schema);
    expect(judgement).toMatchObject({
      verdict: "passed",
      violations: [],
      warnings: [],
      counts: { records: 7, turns: 1 },
    });
    expect(judgement.rules["REC-05"]).toEqual({ status: "held", count: 7 });
    if (schema === "chat.v2") expect(judgement.rules["ORD-04"]).toEqual({ status: "held", count: 1, by: "sequence" });
    else expect(judgement.rules["ORD-04"]).toMatchObject({ status: "unprovable" });
  });

  it("is told that librdkafka's default partitioner is not the contract's: a warning in chat.v1, an error in chat.v2", async () => {
    const partitioner = "consistent_random";
    const one = await judge("chat.v1", { partitioner, conversation: "conv_456" });
    expect([one.verdict, one.warnings.map(({ rule }) => rule)]).toEqual(["passed", Array<string>(7).fill("REC-05")]);
    const two = await judge("chat.v2", { partitioner, conversation: "conv_456" });
    expect(two.verdict).toBe("failed");
    expect(new Set(two.violations.map(({ rule }) => rule))).toEqual(new Set(["REC-05"]));
  });
});
