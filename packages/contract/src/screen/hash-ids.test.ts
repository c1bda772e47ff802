import { expect, it } from "vitest";
import { hashConversation, hashEvent, hashHead, hashTurn } from "./hash-ids.ts";
import { blankEvent, type ScreenedEvent } from "./screened-event.ts";

type Ids = readonly [event: string, conversation: string, message: string, task: string];

const encoder = new TextEncoder();

/** An event that another was filled into before. */
function used(): ScreenedEvent {
  return { ...blankEvent(), idHash: 1, turnHigh: 1, turnLow: 1, taskHigh: 1, taskLow: 1 };
}

function hashed(ids: Ids): ScreenedEvent {
  const event = used();
  const [id, conversation, message, task] = ids.map((text) => encoder.encode(text)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  hashEvent(event, id, conversation, message, task);
  return event;
}

const all: readonly Ids[] = ["", "a", "b", "ab", "é"].flatMap((event) =>
  ["c", "d", "cd", "ab"].flatMap((conversation) =>
    ["m", "n", "ab", "dm"].flatMap((message) =>
      ["", "t", "u", "ab"].map((task): Ids => [event, conversation, message, task]),
    ),
  ),
);

it("are equal where the ids are, each hash for itself", () => {
  const lanes: readonly (readonly [of: (ids: Ids) => unknown, hash: (event: ScreenedEvent) => unknown])[] = [
    [([id]) => id, ({ idHash }) => idHash],
    [([, conversation]) => conversation, ({ conversationHigh }) => conversationHigh],
    [([, conversation]) => conversation, ({ conversationLow }) => conversationLow],
    [([, conversation, message]) => [conversation, message], ({ turnHigh }) => turnHigh],
    [([, conversation, message]) => [conversation, message], ({ turnLow }) => turnLow],
    [([, , , task]) => task, ({ taskHigh }) => taskHigh],
    [([, , , task]) => task, ({ taskLow }) => taskLow],
  ];
  for (const [of, hash] of lanes) {
    const known = new Map<string, unknown>();
    for (const ids of all) {
      const [name, found] = [JSON.stringify(of(ids)), hash(hashed(ids))];
      expect(known.get(name) ?? found).toBe(found);
      known.set(name, found);
    }
    expect(new Set(known.values()).size).toBe(known.size);
  }
});

it("are the same wherever the ids lie in a record", () => {
  for (const ids of all) {
    const [id, conversation, message, task] = ids;
    const bytes = encoder.encode(`>${task}${id}-${message}-${conversation}<`);
    const [idStart, messageStart] = [1 + task.length, 2 + task.length + encoder.encode(id).length];
    const start = messageStart + message.length + 1;
    const event = used();
    hashHead(event, bytes, idStart, messageStart - 1, start, start + conversation.length);
    hashTurn(event, bytes, messageStart, messageStart + message.length, 1, 1 + task.length);
    expect(event).toEqual(hashed(ids));
    const [conversationHigh, conversationLow] = hashConversation(encoder.encode(conversation));
    expect(event).toMatchObject({ conversationHigh, conversationLow });
  }
});

it("are 0 for no task, and never both 0 for one", () => {
  expect(hashed(["e", "c", "m", ""])).toMatchObject({ taskHigh: 0, taskLow: 0 });
  for (let task = 0; task < 100; task++) expect(hashed(["e", "c", "m", `${task}`]).taskLow & 1).toBe(1);
});
