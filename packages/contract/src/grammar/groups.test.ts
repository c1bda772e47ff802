import { chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity, TextPosition } from "@ondash/schemas/chat/v1";
import { describe, expect, it } from "vitest";
import { chart, completion, failure, soundEvent, status, text, turnFacts } from "../../test/support/facts.ts";
import { doubts, OPEN, turnOf } from "../../test/support/turn-facts.ts";
import type { SoundEvent } from "../event.ts";
import type { TurnFacts } from "../turn/facts.ts";
import { distinct, firstAfter, groupsOf } from "./groups.ts";
import { incomplete } from "./whole.ts";

const { BEFORE, AFTER, STANDALONE } = TextPosition;
const [taskDone, allDone] = [CompletionType.TASK, CompletionType.CONVERSATION];

describe("the groups of a turn", () => {
  it("are its events by task and kind, in order of opening, each event once", () => {
    const events = turnOf(
      status(),
      ["b", text(BEFORE)],
      ["a", text(AFTER)],
      ["b", chart()],
      ["b", text(STANDALONE)],
      ["a", status()],
      ["b", completion(taskDone)],
      ["b", completion(taskDone)],
      completion(allDone, 9),
    );
    const again = [...events.slice(0, 4), events[1] as SoundEvent, ...events.slice(4)];
    const indices = groupsOf(turnFacts(chatV2, again)).map(({ task, failed, completion: end, ...lists }) => [
      task,
      failed,
      end?.index,
      Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(({ index }) => index)])),
    ]);
    const none = { before: [], after: [], standalone: [], charts: [], statuses: [] };
    expect(indices).toEqual([
      ["", false, undefined, { ...none, statuses: [0] }],
      ["b", false, 6, { ...none, before: [1], charts: [3], standalone: [4] }],
      ["a", false, undefined, { ...none, after: [2], statuses: [5] }],
    ]);
    expect(distinct(turnFacts(chatV2, again)).map(({ placed }) => placed.event.eventId)).toEqual(
      events.map(({ eventId }) => eventId),
    );
  });

  it("have failed with an ERROR or a FATAL error, whatever comes after it", () => {
    const { WARNING, ERROR, FATAL } = ErrorSeverity;
    const failed = (...severities: number[]) =>
      groupsOf(turnFacts(chatV2, turnOf(...severities.map((severity) => failure(severity)))))[0]?.failed;
    expect([failed(WARNING), failed(ERROR), failed(FATAL), failed(ERROR, WARNING)]).toEqual([false, true, true, true]);
  });

  it("are searched for the first event after an index", () => {
    const list = [1, 3, 5, 7, 9].map((index) => ({ index, placed: undefined as never }));
    const found = Array.from({ length: 11 }, (_, index) => firstAfter(list, index)?.index);
    expect(found).toEqual([1, 3, 3, 5, 5, 7, 7, 9, 9, undefined, undefined]);
    expect(firstAfter([], 0)).toBeUndefined();
  });
});

describe("a turn", () => {
  const missing = "events of the turn are missing";
  const why = (events: readonly SoundEvent[], rest: Partial<TurnFacts> = {}, schema = chatV2 as TurnFacts["schema"]) =>
    incomplete(turnFacts(schema, events, rest));
  const whole = turnOf(status(), completion(allDone, 2));
  const holed = [soundEvent(status()), soundEvent(completion(allDone, 3), 3)];
  const cut = { ended: false, run: { ended: true, producersDone: true } } as const;

  it("is whole when it ended, a barrier covers it and no sequence is missing", () => {
    expect(why(whole)).toBeUndefined();
    expect(why(holed)).toBe(missing);
    expect(why(holed, {}, chatV1)).toBeUndefined();
    for (const [doubt, rest] of doubts) expect(why(whole, rest)).toBe(doubt);
  });

  it("is whole without an end when the run has ended and the sequences have no hole", () => {
    expect(why(whole, OPEN)).toBe("the turn has not ended, and neither has the run");
    expect(why(whole, { ...OPEN, gap: "a gap" })).toBe("a gap");
    expect(why(whole, { ...cut, gap: "a gap" })).toBe("a gap");
    const begun = turnOf(status(), status(), status());
    expect(why(begun, cut)).toBeUndefined();
    expect(why([...begun.slice(0, 2), ...begun.slice(1)], cut)).toBeUndefined();
    expect(why(begun.toSpliced(1, 1), cut)).toBe(missing);
    expect(why(begun.slice(1), cut)).toBe(missing);
    expect(why(begun.slice(1), cut, chatV1)).toBeUndefined();
  });
});
