import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, placeOf, soundEvent, status } from "../../test/support/facts.ts";
import type { EventBody, PlacedEvent } from "../event.ts";
import { createTurns } from "./turns.ts";

const CONVERSATION = 2;
const end = (
  messageId: string,
  offset: number,
  partition = 1,
  body: EventBody = completion(CONVERSATION),
): PlacedEvent => {
  const event = soundEvent(body, 1, { messageId, eventId: `${messageId}-${offset}` });
  return { event, place: { ...placeOf(chatV2, event), partition, offset }, asked: 0 };
};

describe("the turns of a run", () => {
  it("are known by version, conversation and message, in the order of their coming", () => {
    const turns = createTurns(10);
    const b = turns.at(chatV2, "conv", "b");
    const a = turns.at(chatV2, "conv", "a");
    const older = turns.at(chatV1, "conv", "b");
    expect(turns.at(chatV2, "conv", "b")).toBe(b);
    expect([...turns.all()]).toEqual([b, a, older]);
    expect(turns.versions("conv", "b")).toEqual([older, b]);
    expect(turns.versions("conv", "a")).toEqual([a]);
    expect(turns.versions("other", "a")).toEqual([]);
    expect(turns.at(chatV2, "other", "b")).not.toBe(b);
  });

  it("are spoiled by their own record, their conversation's, the run's: the first of each", () => {
    const turns = createTurns(10);
    const turn = turns.at(chatV2, "conv", "msg");
    const other = turns.at(chatV1, "conv", "msg");
    expect([turns.spoiled(turn), turns.conversationSpoiled("chat.v2", "conv")]).toEqual([undefined, undefined]);
    turns.spoilConversation(chatV2, null, "run");
    turns.spoilConversation(chatV2, null, "run again");
    expect([turns.spoiled(turn), turns.spoiled(other), turns.conversationSpoiled("chat.v1", "x")]).toEqual([
      "run",
      "run",
      "run",
    ]);
    turns.spoilConversation(chatV2, "conv", "conversation");
    turns.spoilConversation(chatV2, "conv", "conversation again");
    expect([turns.spoiled(turn), turns.spoiled(other)]).toEqual(["conversation", "run"]);
    turn.spoil("turn");
    expect(turns.spoiled(turn)).toBe("turn");
  });

  it("are forgotten, but not what their CONVERSATION or their conversation's record means", () => {
    const turns = createTurns(10);
    const turn = turns.at(chatV2, "conv", "msg");
    const rest = turns.at(chatV2, "conv", "rest");
    turns.note(chatV2, end("msg", 4));
    turns.spoilConversation(chatV2, "spoiled", "why");
    const spoiled = turns.at(chatV2, "spoiled", "msg");
    turns.forget(turn);
    expect([[...turns.all()], turns.versions("conv", "msg")]).toEqual([[rest, spoiled], []]);
    expect(turns.versions("conv", "rest")).toEqual([rest]);
    turns.forget(rest);
    turns.forget(spoiled);
    expect(turns.conversationEndIn(rest, 1)?.event.messageId).toBe("msg");
    expect(turns.conversationSpoiled("chat.v2", "spoiled")).toBe("why");
    expect([...turns.all()]).toEqual([]);
    turns.forget(turn);
    expect(turns.at(chatV2, "conv", "msg")).not.toBe(turn);
  });

  it("know nothing of what was not seen", () => {
    const turn = createTurns(10).at(chatV2, "conv", "msg");
    const none = createTurns(10);
    none.forget(turn);
    expect([none.conversationSpoiled("chat.v2", "conv"), none.conversationEndIn(turn, 1), none.spoiled(turn)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    none.at(chatV2, "other", "msg");
    none.forget(turn);
    expect(none.conversationEndIn(turn, 1)).toBeUndefined();
  });

  it("keep the others of a conversation when one of them is forgotten", () => {
    const turns = createTurns(10);
    const [one, two] = [turns.at(chatV2, "conv", "1"), turns.at(chatV2, "conv", "2")];
    turns.forget(one);
    expect(turns.at(chatV2, "conv", "2")).toBe(two);
  });

  it("know by whose CONVERSATION another turn's conversation ended first, in each partition", () => {
    const turns = createTurns(10);
    const of = (messageId: string, partition = 1): unknown =>
      turns.conversationEndIn(turns.at(chatV2, "conv", messageId), partition)?.place.offset;
    expect(of("a")).toBeUndefined();
    turns.note(chatV2, end("a", 9));
    turns.note(chatV2, end("x", 1, 1, completion(1)));
    turns.note(chatV2, end("x", 1, 1, status()));
    expect([of("a"), of("b"), of("b", 2)]).toEqual([undefined, 9, undefined]);
    turns.note(chatV2, end("a", 7));
    expect([of("a"), of("b")]).toEqual([undefined, 7]);
    turns.note(chatV2, end("b", 8));
    expect([of("a"), of("b"), of("c")]).toEqual([8, 7, 7]);
    turns.note(chatV2, end("c", 3));
    expect([of("a"), of("b"), of("c")]).toEqual([3, 3, 7]);
    turns.note(chatV2, end("c", 20));
    turns.note(chatV2, end("d", 30));
    expect([of("c"), of("d")]).toEqual([7, 3]);
    turns.note(chatV2, end("z", 2, 2));
    expect([of("a", 2), of("z", 2), of("a")]).toEqual([2, undefined, 3]);
    expect(turns.conversationEndIn(turns.at(chatV1, "conv", "q"), 1)).toBeUndefined();
  });
});
