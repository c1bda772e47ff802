import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status, text } from "../../test/support/facts.ts";
import { barrierLaw, createBarriers } from "../barrier.ts";
import type { EventBody } from "../event.ts";
import { createLedger } from "../ledger.ts";
import { createLogs } from "../log/logs.ts";
import type { TopicOffsets } from "../observation.ts";
import { assembleFacts, type FactSources } from "./assemble.ts";
import type { TurnFacts } from "./facts.ts";
import { createTurns } from "./turns.ts";

const TASK = 1;
const topic = chatV2.topics.status;
const ends = (end: number): TopicOffsets => ({
  ...Object.fromEntries(chatV2.topicList.map((name) => [name, [0]])),
  [topic]: [end],
});

/** A turn and all that its facts come from. */
function world() {
  const barriers = createBarriers(barrierLaw, 100);
  const logs = createLogs(barrierLaw, 10);
  logs.start(ends(0));
  const ledger = createLedger();
  const turns = createTurns(100);
  const turn = turns.at(chatV2, "conv", "msg");
  return {
    barriers,
    logs,
    ledger,
    turn,
    /** An event whose offset is its sequence. */
    add: (body: EventBody, sequence: number, taskId = "", partition = 0): void => {
      const event = soundEvent(body, sequence, { taskId });
      const place = { ...placeOf(chatV2, event), partition };
      turn.add({ event, place, asked: barriers.asked });
    },
    barrier: (id: number, own: TopicOffsets = ends(0)): void => {
      barriers.ask(id);
      barriers.grant(id, own);
    },
    facts: (end?: { ends?: TopicOffsets; producersDone?: boolean }, goesOn = false): TurnFacts => {
      const { ends: own = ends(0), producersDone = true } = end ?? {};
      const sources: FactSources = {
        law: barrierLaw,
        barriers,
        logs,
        ledger,
        turns,
        end: end && { kind: "end", ends: own, producersDone },
        goesOn,
      };
      return assembleFacts(turn, sources);
    },
  };
}

describe("what settles a turn", () => {
  it("is the first barrier asked for after its end, once it is reached", () => {
    const { add, barrier, facts, logs } = world();
    expect(facts().settled).toEqual({ why: "the turn has not ended" });
    barrier(1);
    add(completion(TASK, 1), 1);
    expect(facts().settled).toEqual({ why: "no barrier was granted after the end of the turn was observed" });
    barrier(2, ends(2));
    barrier(3, ends(2));
    expect(facts().settled).toEqual({ why: `barrier 2 was not reached: ${topic}, partition 0 at 0 of 2` });
    logs.at(topic, 0).skip(0, 0, "control");
    expect(facts().settled).toEqual({ why: `barrier 2 was not reached: ${topic}, partition 0 at 1 of 2` });
    logs.at(topic, 0).skip(1, 1, "control");
    expect(facts().settled).toMatchObject({ id: 2 });
    // An end of the run, of whatever kind, is not asked where there is one.
    expect(facts({ producersDone: false }).settled).toMatchObject({ id: 2 });
  });

  it("is the end of the run where no barrier was ever granted", () => {
    const { add, barriers, facts, logs } = world();
    add(completion(TASK, 1), 1);
    barriers.ask(1);
    for (const producersDone of [true, false]) {
      expect(facts({ producersDone }).settled).toEqual({ id: undefined, index: 1, ends: ends(0) });
    }
    expect(facts({ ends: ends(3) }).settled).toEqual({
      why: `the end of the run was not reached: ${topic}, partition 0 at 0 of 3`,
    });
    logs.at(topic, 0).skip(0, 2, "control");
    expect(facts({ ends: ends(3) }).settled).toMatchObject({ id: undefined });
  });

  it("is the end of the run behind barriers only if its producers are done", () => {
    const { add, barrier, facts } = world();
    barrier(1);
    add(completion(TASK, 1), 1);
    expect(facts({ producersDone: true }).settled).toMatchObject({ id: undefined });
    expect(facts({ producersDone: false }).settled).toEqual({
      why: "no barrier was granted after the end of the turn was observed, and the producer is not known to be done",
    });
  });

  it("is no end of the run that does not name the five topics", () => {
    const { add, facts } = world();
    add(completion(TASK, 1), 1);
    const { [topic]: _, ...four } = ends(0);
    expect(facts({ ends: four }).settled).toEqual({ why: "the end of the run does not name the five topics" });
  });

  it("is the barrier that decided it where that has been forgotten, and the first one where it has not", () => {
    const { add, barrier, facts, turn } = world();
    add(completion(TASK, 1), 1);
    barrier(1);
    barrier(2);
    const forgotten = { id: 90, index: 0, ends: ends(0) };
    turn.decide({ ...forgotten, index: 1 });
    expect(facts().settled).toMatchObject({ id: 1 });
    turn.decide(forgotten);
    expect(facts().settled).toMatchObject({ id: 1 });
    const late = world();
    late.barrier(1);
    late.add(completion(TASK, 1), 1);
    // It does not cover the end.
    late.turn.decide(forgotten);
    expect(late.facts().settled).toHaveProperty("why");
    late.turn.decide({ ...forgotten, index: 1 });
    expect(late.facts().settled).toMatchObject({ id: 90 });
    late.barriers.ask(2);
    late.barrier(3);
    expect(late.facts().settled).toMatchObject({ id: 90 });
    // Nor does one that does not name its topics.
    late.turn.decide({ ...forgotten, index: 1, ends: {} });
    expect(late.facts().settled).toMatchObject({ id: 3 });
  });
});

describe("the facts of a turn", () => {
  it("have its events in emission order, its end, and whether the run and it ended", () => {
    const { add, facts } = world();
    add(status(), 2, "t");
    add(status(), 1);
    expect(facts().events.map(({ event }) => event.sequence)).toEqual([1, 2]);
    expect([facts().end, facts().ended]).toEqual([undefined, false]);
    add(completion(TASK, 9), 9);
    add(completion(TASK, 8), 8);
    expect([facts().end?.event.sequence, facts().ended]).toEqual([8, true]);
    expect(facts().run).toEqual({ ended: false, producersDone: false });
    expect(facts({ producersDone: false }).run).toEqual({ ended: true, producersDone: false });
    expect(facts({}).run).toEqual({ ended: true, producersDone: true });
  });

  it("have its named tasks in order of opening, with the completion that is first", () => {
    const { add, facts } = world();
    for (const [sequence, task] of [
      [1, "t"],
      [2, ""],
      [3, "u"],
      [6, "t"],
    ] as const)
      add(status(), sequence, task);
    add(completion(TASK), 5, "t");
    add(completion(TASK), 4, "t");
    expect(Array.from(facts().tasks.values(), ({ id, completion: own }) => [id, own?.event.sequence])).toEqual([
      ["t", 4],
      ["u", undefined],
    ]);
  });

  it("have the barrier that covers an event, reached or not", () => {
    const { add, barrier, facts } = world();
    add(status(), 1);
    barrier(1, ends(5));
    add(status(), 2);
    barrier(2, ends(5));
    const own = facts();
    expect(own.events.map((event) => own.barrierOf(event)?.id)).toEqual([1, 2]);
  });

  it("have a gap in a partition that holds a record of it", () => {
    const { add, facts, logs } = world();
    logs.at(topic, 0).gap(0, 1);
    expect(facts().gap).toBeUndefined();
    add(status(), 1);
    expect(facts().gap).toBe(`the collector did not see ${topic}, partition 0, offset 0–1 (KAF-02)`);
    logs.at(topic, 0).skip(0, 1, "control");
    expect(facts().gap).toBeUndefined();
    expect(facts({ ends: ends(2) }).gap).toBeUndefined();
    expect(facts({ ends: ends(4) }).gap).toBe(`the collector did not see ${topic}, partition 0, offset 2–3 (KAF-02)`);
    expect(facts({ ends: {} }).gap).toBeUndefined();
  });

  it("have no gap above the end that decided it and above all of it, while more may come", () => {
    const { add, facts, logs, turn } = world();
    const early = (): string | undefined => facts(undefined, true).gap;
    const gap = `the collector did not see ${topic}, partition 0, offset 4 (KAF-02)`;
    add(status(), 1); // at offset 1
    const log = logs.at(topic, 0);
    log.skip(0, 3, "control");
    log.gap(4, 4);
    expect(early()).toBe(gap); // nothing decided it
    const decide = (own: TopicOffsets): void => turn.decide({ id: 1, index: 0, ends: own });
    decide({});
    expect(early()).toBe(gap); // by an end that says nothing of the topic
    decide(ends(5));
    expect(early()).toBe(gap);
    decide(ends(4));
    expect(early()).toBeUndefined();
    expect(facts().gap).toBe(gap); // nothing more may come
    add(status(), 5); // at offset 5: it trails behind the end, and more of it may lie in the gap
    expect(early()).toBe(gap);
    log.skip(4, 4, "control");
    log.skip(5, 5, "control");
    log.gap(6, 6);
    expect(early()).toBeUndefined();
    // What is elsewhere says nothing of this log.
    add(text(4), 20);
    expect(early()).toBeUndefined();
    add(status(), 21, "", 1);
    expect(early()).toBeUndefined();
  });
});

describe("what the ledger knows of a turn", () => {
  it("is nothing where nothing was planned", () => {
    expect(world().facts().ledger).toBeUndefined();
  });

  it("is the fate of each planned event that is not there", () => {
    const { add, facts, ledger, logs } = world();
    const plan = (eventId: string): void =>
      void ledger.plan({ kind: "plan", topic, eventId, conversationId: "conv", messageId: "msg" });
    const ack = (eventId: string, offset: number): void =>
      ledger.acknowledge({ kind: "ack", topic, eventId, partition: 0, offset });
    for (const id of ["e1", "lost", "absent", "unseen", "open", "refused", "elsewhere", "twice"]) plan(id);
    add(status(), 1);
    const log = logs.at(topic, 0);
    log.arrive(0);
    log.remember(0, { hash: 1, eventId: undefined });
    log.skip(1, 1, "control");
    ack("absent", 1);
    ack("unseen", 7);
    ack("elsewhere", 0);
    // Sent twice: one of them is known not to be there.
    ack("twice", 0);
    ack("twice", 1);
    ledger.leaveOpen({ kind: "indefinite", topic, eventId: "open" });
    ledger.reject({ kind: "rejected", topic, eventId: "refused", error: "no" });
    expect(facts().ledger).toEqual({
      planned: 8,
      missing: ["lost"],
      absent: ["absent", "twice"],
      unseen: ["unseen"],
      indefinite: ["open"],
    });
  });
});
