import { judgeObservations, type Observation } from "@ondash/contract";
import { chatSchemas, chatV1, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { stage } from "./support/scenario.ts";
import { summary } from "./support/summary.ts";
import { planOf } from "./support/world.ts";

describe("both versions of a turn", () => {
  const both = (change: (observations: Observation[]) => Observation[]) => {
    const log = createTestLog();
    const runs = chatSchemas.map((schema) =>
      stage(schema)
        .turn(salesChart)
        .map((event) => encodeRecord(schema, event, 8)),
    );
    return judgeObservations(wholeRun(log, change(runs.flat().map((record) => log.append(record)))));
  };

  it("break ORD-09 when an event is in one of them only", () => {
    const run = both((all) =>
      all.filter((o) => o.kind !== "record" || o.topic !== chatV1.topics.status || o.offset !== 1),
    );
    // The offset that is left out is a gap of the collector: nothing is judged on it.
    expect(run.rules["ORD-09"]).toMatchObject({ status: "unprovable" });
    const log = createTestLog();
    const older = stage(chatV1)
      .turn(salesChart)
      .toSpliced(1, 1)
      .map((event) => encodeRecord(chatV1, event, 8));
    const newer = stage(chatV2)
      .turn(salesChart)
      .map((event) => encodeRecord(chatV2, event, 8));
    const judgement = judgeObservations(
      wholeRun(
        log,
        [...older, ...newer].map((record) => log.append(record)),
      ),
    );
    expect(judgement.violations).toMatchObject([{ rule: "ORD-09", records: [{ topic: chatV2.topics.status }] }]);
    expect(judgement.turns).toMatchObject([{ verdict: "failed" }]);
  });

  it("are not compared when all that was seen of one of them is a broken record", () => {
    const judgement = both((all) =>
      all
        .filter((o, index) => index === 0 || (o.kind === "record" && o.topic.startsWith("ondash.llm.v2.")))
        .map((o, index) =>
          // The first status of chat.v1 is left, with a key that is not its conversation's.
          index === 0 && o.kind === "record" ? { ...o, key: null } : o,
        ),
    );
    expect(summary(judgement).violations).toContain("REC-04");
    expect(judgement.rules["ORD-09"]).toMatchObject({
      status: "unprovable",
      why: expect.stringContaining("REC-04") as unknown,
    });
  });

  it("are not compared when one of them was planned and not seen", () => {
    const log = createTestLog();
    const events = stage(chatV1).turn(salesChart);
    const planned = planOf(chatV2, stage(chatV2).turn(salesChart));
    const judgement = judgeObservations(
      wholeRun(log, [...planned, ...events.map((event) => log.append(encodeRecord(chatV1, event, 8)))]),
    );
    expect(judgement.violations.map(({ rule, also }) => [rule, also])).toEqual([["ORD-07", []]]);
    expect(judgement.rules["ORD-09"]).toEqual({ status: "not exercised" });
  });

  it("are not compared when one of them has a broken record", () => {
    const judgement = both((all) =>
      all.map((o) => (o.kind === "record" && o.topic === chatV1.topics.chart ? { ...o, value: null } : o)),
    );
    expect(summary(judgement).violations).toEqual(["REC-01"]);
    expect(judgement.rules["ORD-09"]).toMatchObject({ status: "unprovable" });
    expect(judgement.rules["REC-11"]).toEqual({ status: "held", count: 7 });
  });
});
