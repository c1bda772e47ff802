import { parseScenario, type Scenario } from "@ondash/scenario";
import type { SchemaName } from "@ondash/schemas";
import { expect } from "vitest";
import { type EventReader, type ReadEvent, readEvents } from "../support/sse.ts";
import type { Served } from "./subject.ts";

/** What a body of JSON is sent with. */
export const JSON_TYPE = { "content-type": "application/json" };

/** Another turn of the same conversation: what comes before its first event is all that the first turn gives. */
export const sentinel: Scenario = parseScenario(
  `
scenario: sentinel
match: { user_message: { regex: "^sentinel$" } }
steps: [{ status: That was all }, { completion: { type: CONVERSATION } }]
`,
  { file: "sentinel.yaml" },
);

/** The stream of a conversation. */
export const eventsPath = (conversation: string, schema: SchemaName): string =>
  `/api/conversations/${encodeURIComponent(conversation)}/events?schema=${schema}`;
/** The messages of a conversation. */
export const messagesPath = (conversation: string): string =>
  `/api/conversations/${encodeURIComponent(conversation)}/messages`;

/** Posts a text that is answered; gives the message id. */
export async function post(served: Served, conversation: string, text: string): Promise<string> {
  const response = await served.request(messagesPath(conversation), {
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify({ text }),
  });
  const body = (await response.json()) as { message_id: string };
  expect([response.status, response.headers.get("content-type"), Object.keys(body)]).toEqual([
    202,
    "application/json",
    ["message_id"],
  ]);
  return body.message_id;
}

/** Opens a stream. */
export async function open(served: Served, path: string, lastEventId?: string): Promise<EventReader> {
  const response = await served.request(path, {
    headers: { accept: "text/event-stream", ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
  });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  return readEvents(response);
}

/** Plays a scenario and a sentinel after it in one conversation, and reads all that the first says. */
export async function playThrough(
  served: Served,
  scenario: Scenario,
  schema: SchemaName,
  conversation: string,
): Promise<{ readonly messageId: string; readonly events: readonly ReadEvent[] }> {
  const messageId = await post(served, conversation, scenario.prompt ?? "");
  const after = await post(served, conversation, "sentinel");
  const stream = await open(served, eventsPath(conversation, schema));
  const events = await stream.until(({ data }) => data.includes(after));
  await stream.close();
  return { messageId, events: events.slice(0, -1) };
}
