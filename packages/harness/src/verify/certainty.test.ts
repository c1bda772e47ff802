import { judgeObservations } from "@ondash/contract";
import type { OutgoingRecord } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PARTITIONS, rulesOf, sendsOf, sendsOfSteps, settle, topicsOf, world } from "../../test/support/world.ts";
import { createProber } from "./certainty.ts";

/** Sent one after another, each read and settled before the next: what is certain after each of them. */
function stepByStep(sends: readonly OutgoingRecord[]): string[] {
  const log = world(topicsOf(sends));
  return sends.map((record) => {
    log.append(record);
    settle(log);
    return rulesOf(log.observations).join();
  });
}

const lastFirst = <T>(list: readonly T[]): T[] => [...list.slice(-1), ...list.slice(0, -1)];
const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, at) => at !== index);
const byMessage = (record: OutgoingRecord): OutgoingRecord => ({ ...record, key: new TextEncoder().encode("msg_1") });

describe("lastingViolations", () => {
  it("finds none in a turn that keeps the contract, however far it has come", () => {
    for (const schema of ["chat.v1", "chat.v2"] as const) {
      for (const name of ["sales-chart", "multi-task", "conversation-end", "fatal-error"]) {
        const found = stepByStep(sendsOf(name, schema));
        expect(new Set(found)).toEqual(new Set([""]));
      }
    }
  });

  it("knows a wrong key when its record is read", () => {
    expect(stepByStep(sendsOf("sales-chart", "chat.v1").map(byMessage))[0]).toBe("REC-04");
  });

  it("knows a forgotten chart when the completion's barrier is reached", () => {
    const chart = 4;
    const one = stepByStep(without(sendsOf("sales-chart", "chat.v1"), chart));
    expect(one).toEqual(["", "", "", "", "", "GRM-02"]);
    const two = stepByStep(without(sendsOf("sales-chart", "chat.v2"), chart));
    expect(two).toEqual(["", "", "", "", "", "ORD-04"]);
  });

  it("waits, after a completion that came alone, for what tells late from forgotten", () => {
    const one = stepByStep(lastFirst(sendsOf("sales-chart", "chat.v1")));
    // The first status belongs to no task: the task's completion does not vouch for it.
    expect(one.slice(0, 3)).toEqual(["", "", "ORD-05"]);
    const two = stepByStep(lastFirst(sendsOf("sales-chart", "chat.v2")));
    expect(two.slice(0, 2)).toEqual(["", "ORD-05"]);
  });

  it("knows a record that was sent twice when the second is read", () => {
    const sends = sendsOf("sales-chart", "chat.v2");
    expect(stepByStep([...sends.slice(0, 2), ...sends.slice(1)]).slice(0, 3)).toEqual(["", "", "ORD-01"]);
  });

  it("leaves a turn alone that has not ended", () => {
    expect(stepByStep(sendsOf("sales-chart", "chat.v1").slice(0, 5))).toEqual(["", "", "", "", ""]);
  });

  it("knows topics of different size before anything was sent", () => {
    const topics = topicsOf(sendsOf("sales-chart", "chat.v1"));
    const start = Object.fromEntries(topics.map((topic, index) => [topic, Array.from({ length: index + 1 }, () => 0)]));
    expect(rulesOf([{ kind: "start", partitions: 8, start }])).toEqual(["KAF-01"]);
  });

  const verdictOf = (sends: readonly OutgoingRecord[]): string => {
    const log = world(topicsOf(sends));
    for (const record of sends) {
      log.append(record);
      settle(log);
    }
    return judgeObservations([...log.observations, log.end()]).verdict;
  };
  const found = (sends: readonly OutgoingRecord[]): string[] => {
    const log = world(topicsOf(sends));
    for (const record of sends) {
      log.append(record);
      settle(log);
    }
    return judgeObservations(log.observations).violations.map(({ rule }) => rule);
  };

  it("does not hold an event late by CONVERSATION whose own task may still be completed", () => {
    const [status, text, task, conversation] = sendsOfSteps(
      `{ status: One, task: one }
       { text: { position: STANDALONE, body: One }, task: one }
       { completion: { type: TASK }, task: one }
       { completion: { type: CONVERSATION }, task: none }`,
      "chat.v1",
    ) as [OutgoingRecord, OutgoingRecord, OutgoingRecord, OutgoingRecord];
    // In the same partition the two completions would be out of order; the right one is a mere warning in chat.v1.
    const elsewhere = { ...task, partition: (task.partition + 1) % PARTITIONS };
    const sends = [conversation, status, text, elsewhere];
    expect(found(sends.slice(0, 3))).toEqual(["ORD-05"]);
    expect(stepByStep(sends)).toEqual(["", "", "", ""]);
    expect(verdictOf(sends)).toBe("passed");
  });

  it("does not miss a chart outside tasks while a turn only rests", () => {
    const sends = sendsOfSteps(
      `{ status: Looking, task: none }
       { text: { position: BEFORE, body: Look }, task: none }
       { status: One, task: one }
       { text: { position: STANDALONE, body: One }, task: one }
       { completion: { type: TASK }, task: one }
       { chart: { type: bar, config: { series: [] } }, task: none }`,
      "chat.v1",
    );
    expect(found(sends.slice(0, 5))).toEqual(["GRM-02"]);
    expect(new Set(stepByStep(sends))).toEqual(new Set([""]));
    expect(verdictOf(sends)).toBe("passed");
  });

  it("does not compare two versions while one of them only rests", () => {
    const steps = `{ status: One, task: one }
       { text: { position: STANDALONE, body: One }, task: one }
       { completion: { type: TASK }, task: one }
       { status: Two, task: two }
       { text: { position: STANDALONE, body: Two }, task: two }
       { completion: { type: TASK }, task: two }`;
    const both = sendsOfSteps(steps, "both");
    const isOld = ({ topic }: OutgoingRecord): boolean => !topic.startsWith("ondash.llm.v2.");
    const sends = [
      ...both.filter(isOld).slice(0, 3),
      ...both.filter((one) => !isOld(one)),
      ...both.filter(isOld).slice(3),
    ];
    expect(found(sends.slice(0, 9))).toEqual(["ORD-09"]);
    expect(new Set(stepByStep(sends))).toEqual(new Set([""]));
    expect(verdictOf(sends)).toBe("passed");
  });

  const names = ["sales-chart", "multi-task", "multi-chart", "conversation-end", "fatal-error", "greeted-sales-chart"];
  const change = fc.record({
    what: fc.constantFrom("drop" as const, "move" as const, "again" as const, "key" as const, "nothing" as const),
    at: fc.nat(60),
    to: fc.nat(60),
  });
  const changed = (sends: readonly OutgoingRecord[], changes: readonly { what: string; at: number; to: number }[]) => {
    const list = [...sends];
    for (const { what, at, to } of changes) {
      const index = at % Math.max(1, list.length);
      const record = list[index];
      if (record === undefined) break;
      if (what === "drop") list.splice(index, 1);
      if (what === "again") list.splice(to % list.length, 0, record);
      if (what === "key") list[index] = byMessage(record);
      if (what === "move") {
        list.splice(index, 1);
        list.splice(to % (list.length + 1), 0, record);
      }
    }
    return list;
  };

  it("is never taken back: whatever follows, the run fails", () => {
    let certain = 0;
    let failed = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom("chat.v1" as const, "chat.v2" as const, "both" as const),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat(1_000)),
        (name, schema, changes, tape) => {
          const sends = changed(sendsOf(name, schema), changes);
          const log = world(topicsOf(sendsOf(name, schema)));
          let first: { rules: string[]; at: number } | undefined;
          const prober = createProber();
          const look = (): void => {
            if (first !== undefined) return;
            const rules = rulesOf(log.observations);
            // What is passed over as harmless is: the prober knows as early as one who judges everything each time.
            expect(prober.probe(log.observations, log.decided).map(({ rule }) => rule)).toEqual(rules);
            if (rules.length > 0) first = { rules, at: log.observations.length };
          };
          const queue = [...sends];
          while (queue.length > 0 || log.lag > 0) {
            const choice = Number(tape.next().value);
            const record = choice % 3 === 0 ? queue.shift() : undefined;
            if (record !== undefined) log.append(record);
            else if (choice % 3 === 1 && log.isAsked) log.grant();
            else if (choice % 3 === 1 && log.wantsBarrier) log.ask();
            else if (log.lag > 0) log.read(choice >> 2);
            else continue;
            look();
          }
          settle(log);
          look();
          const { verdict } = judgeObservations([...log.observations, log.end()]);
          failed += Number(verdict === "failed");
          certain += Number(first !== undefined);
          if (first !== undefined) expect(verdict, `${first.rules.join()} at ${first.at}`).toBe("failed");
        },
      ),
      { numRuns: 150 },
    );
    // Most runs that fail are known to before their end.
    expect(certain).toBeGreaterThan(failed / 2);
  });
});
