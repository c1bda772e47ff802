import { describe, expect, it } from "vitest";
import { type Essence, essence } from "../support/essence.ts";
import { scenarioNames, type TestKafka } from "../support/kafka.ts";

/**
 * One verdict for each scenario, however often it is run: the expected one, with the same charges and the same rules held.
 * @param count how often.
 */
export function describeRepeats(kafka: () => TestKafka, count: number): void {
  describe(`${count} times in a row`, () => {
    it.each(scenarioNames())(
      "%s has one verdict, the expected one",
      async (name) => {
        const verdicts = new Map<string, Essence>();
        for (let time = 1; time <= count; time++) {
          const result = await kafka().run(name, { timeline: false });
          expect(result.unmet, `time ${time}`).toEqual([]);
          expect(result.expectation, `time ${time}`).toBe("met");
          const found = essence(result);
          verdicts.set(JSON.stringify(found), found);
        }
        expect([...verdicts.values()]).toHaveLength(1);
      },
      60_000 + count * 10_000,
    );
  });
}
