import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status } from "../../test/support/facts.ts";
import { barrierLaw, createBarriers } from "../barrier.ts";
import { createLogs } from "../log/logs.ts";
import type { TopicOffsets } from "../observation.ts";
import { createTurn, type Turn } from "./turn.ts";
import { createWatch } from "./watch.ts";

const [topic = "", other = ""] = chatV2.topicList;
const ends = (end: number, second = 0): TopicOffsets => ({
  ...Object.fromEntries(chatV2.topicList.map((name) => [name, [0]])),
  [topic]: [end],
  [other]: [second],
});

/** A watch, and what it says. */
function watching() {
  const barriers = createBarriers(barrierLaw, 100);
  const logs = createLogs(barrierLaw, 10);
  logs.start(ends(0));
  const decided: string[] = [];
  const watch = createWatch(barrierLaw, barriers, logs, (turn) => decided.push(turn.messageId));
  const add = (turn: Turn, body: Parameters<typeof soundEvent>[0], sequence: number): void => {
    const before = turn.endAsked;
    const event = soundEvent(body, sequence);
    turn.add({ event, place: placeOf(chatV2, event), asked: barriers.asked });
    watch.changed(turn, before);
  };
  return {
    watch,
    decided,
    turn: (name: string): Turn => createTurn(chatV2, "conv", name, 100),
    begin: (turn: Turn) => add(turn, status(), 1),
    end: (turn: Turn, sequence = 9) => add(turn, completion(1, sequence), sequence),
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
});
