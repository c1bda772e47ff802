import { type ChatSchema, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status } from "../../test/support/facts.ts";
import { barrierLaw, createBarriers } from "../barrier.ts";
import { createLogs } from "../log/logs.ts";
import type { TopicOffsets } from "../observation.ts";
import { createTurn, type Turn } from "./turn.ts";
import { createWatch } from "./watch.ts";

const [topic = "", other = ""] = chatV2.topicList;
const v1Topic = chatV1.topics.status;
const ends = (end: number, second = 0): TopicOffsets => ({
  ...Object.fromEntries(chatV2.topicList.map((name) => [name, [0]])),
  [topic]: [end],
  [other]: [second],
});

/** A watch, and what it says. */
function watching() {
  const barriers = createBarriers(barrierLaw, 100);
  const logs = createLogs(barrierLaw, 10);
  logs.start({ ...ends(0), ...Object.fromEntries(chatV1.topicList.map((name) => [name, [0]])) });
  const decided: string[] = [];
  const watch = createWatch(barrierLaw, barriers, logs, (turn) => decided.push(turn.messageId));
  const add = (turn: Turn, body: Parameters<typeof soundEvent>[0], sequence: number, taskId = ""): void => {
    const before = turn.endAsked;
    const event = soundEvent(body, sequence, { taskId });
    turn.add({ event, place: placeOf(turn.schema, event), asked: barriers.asked });
    watch.changed(turn, before);
  };
  return {
    watch,
    decided,
    turn: (name: string, schema: ChatSchema = chatV2): Turn => createTurn(schema, "conv", name, 100),
    begin: (turn: Turn, taskId?: string) => add(turn, status(), 1, taskId),
    /** With its final completion (chat.v1: CONVERSATION), or a task of it. */
    end: (turn: Turn, sequence = 9, taskId?: string) =>
      add(turn, completion(turn.schema.sequenced || taskId !== undefined ? 1 : 2, sequence), sequence, taskId),
    ask: (id: number): void => {
      watch.asked();
      barriers.ask(id);
    },
    grant: (id: number, own: TopicOffsets) => watch.granted(barriers.grant(id, own)),
    read: (count: number, name = topic): void => {
      const log = logs.at(name, 0);
      const from = log.position ?? 0;
      log.skip(from, from + count - 1, "control");
      watch.advanced(log);
    },
  };
}

describe("the watch over turns", () => {
  it("wants a barrier once a turn has ended, until one was asked for", () => {
    const { watch, turn, begin, end, ask, grant, decided } = watching();
    const one = turn("1");
    begin(one);
    expect([watch.wantsBarrier, watch.undecided, watch.isUndecided(one)]).toEqual([false, 1, true]);
    end(one);
    expect([watch.wantsBarrier, watch.undecided]).toEqual([true, 1]);
    ask(1);
    expect([watch.wantsBarrier, watch.undecided, decided]).toEqual([false, 1, []]);
    grant(1, ends(0));
    expect([watch.undecided, watch.isUndecided(one), decided, one.decidedBy?.id]).toEqual([0, false, ["1"], 1]);
  });

  it("does not want another barrier for an ended turn that goes on", () => {
    const { watch, turn, begin, end, ask } = watching();
    const one = turn("1");
    end(one);
    ask(1);
    begin(one);
    expect([watch.wantsBarrier, watch.undecided]).toEqual([false, 1]);
  });

  it("decides a turn when every partition has reached its barrier's end, and not before", () => {
    const { turn, end, ask, grant, read, decided } = watching();
    end(turn("1"));
    ask(1);
    grant(1, ends(2, 1));
    expect(decided).toEqual([]);
    read(1);
    expect(decided).toEqual([]);
    read(1);
    expect(decided).toEqual([]);
    read(1, other);
    expect(decided).toEqual(["1"]);
  });

  it("takes no notice of what is read while no barrier waits for it", () => {
    const { watch, turn, end, ask, grant, read, decided } = watching();
    read(1);
    end(turn("1"));
    read(1);
    ask(1);
    read(1);
    grant(1, ends(4));
    read(1, other);
    expect([decided, watch.undecided]).toEqual([[], 1]);
    read(1);
    expect([decided, watch.undecided]).toEqual([["1"], 0]);
  });

  it("decides by a later barrier what an earlier one that was never granted would have", () => {
    const { turn, end, ask, grant, decided } = watching();
    const [one, two, three] = [turn("1"), turn("2"), turn("3")];
    end(one);
    ask(1);
    end(two);
    ask(2);
    end(three);
    ask(3);
    grant(2, ends(0));
    expect(decided).toEqual(["1", "2"]);
    grant(3, ends(0));
    expect([decided, three.decidedBy?.id]).toEqual([["1", "2", "3"], 3]);
  });

  it("leaves a turn that ended anew to the barrier that covers its new end", () => {
    const { watch, turn, end, ask, grant, decided } = watching();
    const one = turn("1");
    end(one, 9);
    ask(1);
    end(one, 5);
    expect(watch.wantsBarrier).toBe(true);
    grant(1, ends(0));
    expect([decided, watch.isUndecided(one)]).toEqual([[], true]);
    ask(2);
    grant(2, ends(0));
    expect([decided, one.decidedBy?.id, watch.undecided]).toEqual([["1"], 2, 0]);
  });

  it("lets barriers that wait for one partition go in their order, each at its own end", () => {
    const { turn, end, ask, grant, read, decided } = watching();
    for (const id of [1, 2, 3, 4]) {
      end(turn(`${id}`));
      ask(id);
    }
    grant(1, ends(1));
    grant(2, ends(2));
    grant(3, ends(2));
    grant(4, ends(5));
    read(1);
    expect(decided).toEqual(["1"]);
    read(1);
    expect(decided).toEqual(["1", "2", "3"]);
    read(2);
    expect(decided).toEqual(["1", "2", "3"]);
    read(1);
    expect(decided).toEqual(["1", "2", "3", "4"]);
    read(1);
    expect(decided).toHaveLength(4);
  });

  it("has barriers that caught up in one partition wait in order in the next", () => {
    const { turn, end, ask, grant, read, decided } = watching();
    for (const id of [1, 2, 3]) {
      end(turn(`${id}`));
      ask(id);
    }
    grant(1, ends(1, 1));
    // This one is short of the second topic only: it waits there first.
    read(1);
    grant(2, ends(1, 2));
    grant(3, ends(2, 3));
    read(1, other);
    expect(decided).toEqual(["1"]);
    read(1);
    read(1, other);
    expect(decided).toEqual(["1", "2"]);
    read(1, other);
    expect(decided).toEqual(["1", "2", "3"]);
  });

  describe("over both versions", () => {
    const both = (older: number, newer: number): TopicOffsets => ({
      ...Object.fromEntries(chatV1.topicList.map((name) => [name, [name === v1Topic ? older : 0]])),
      ...ends(newer),
    });

    it("decides what waits for both before what waits for one and was asked for later, and each turn once", () => {
      const { turn, end, ask, grant, read, decided } = watching();
      end(turn("older", chatV1));
      end(turn("newer"));
      ask(1);
      end(turn("later"));
      ask(2);
      grant(1, both(1, 1));
      grant(2, both(1, 2));
      read(1, v1Topic);
      expect(decided).toEqual(["older"]);
      read(1);
      expect(decided).toEqual(["older", "newer"]);
      read(1);
      expect(decided).toEqual(["older", "newer", "later"]);
    });

    it("wants no barrier for a turn of chat.v1 that rested and goes on", () => {
      const { watch, turn, begin, end } = watching();
      const one = turn("1", chatV1);
      begin(one, "t");
      end(one, 2, "t");
      expect(watch.wantsBarrier).toBe(true);
      begin(one, "u");
      expect([watch.wantsBarrier, watch.undecided]).toEqual([false, 1]);
    });
  });
});
