import { streamTurn } from "@ondash/http/client";
import { chatV2 } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { expect, it } from "vitest";
import { frame, scriptedFetch } from "./scripted-fetch.ts";

it("works", async () => {
  const [turn] = fc.sample(validTurn(chatV2), 1);
  if (turn === undefined) throw new Error();
  const server = scriptedFetch([{ chunks: turn.events.map((event, i) => frame(`${i}`, event)), then: "stay" }]);
  const stream = streamTurn({ fetch: server.fetch, baseUrl: "http://x", conversationId: turn.conversationId });
  let n = 0;
  for await (const update of stream) {
    n++;
    expect(update.events.length).toBe(n);
    expect(update.message.id).toBe(turn.messageId);
  }
  console.log(await stream.ended, server.open);
});
