import { describe, it } from "vitest";
import { startKafka } from "./support/kafka.ts";
import { expectPythonToReadTheSalesChart, python } from "./support/python.ts";

describe.skipIf(!python.available)(`a Python consumer${python.title}`, () => {
  it("reads the sales chart from the embedded broker", async () => {
    await using kafka = await startKafka();
    await expectPythonToReadTheSalesChart(kafka);
  }, 120_000);
});
