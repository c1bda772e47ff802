import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type SchemaName, schemaOf } from "@ondash/schemas";
import { ClientError } from "./error.ts";
import { request, urlOf, wordsOf } from "./request.ts";
import type { ClientOptions, MessageFor } from "./types.ts";

/** What `postMessage` needs. */
export interface PostMessageOptions extends ClientOptions {
  readonly conversationId: string;
  /** What the user says. */
  readonly text: string;
}

/** What `cancelMessage` needs. */
export interface CancelMessageOptions extends ClientOptions {
  readonly conversationId: string;
  /** The assistant's message that is being written. */
  readonly messageId: string;
}

/** What `fetchMessages` needs. */
export interface FetchMessagesOptions<S extends SchemaName = SchemaName> extends ClientOptions {
  readonly conversationId: string;
  /** Default chat.v2. */
  readonly schema?: S;
}

/**
 * Says something in a conversation. Never sent twice: whether to try again is the caller's to decide.
 * @returns the id of the assistant's message that will answer: follow it with `streamTurn`.
 * @throws ClientError: `status` with the server's problem (404: nothing answers this text), `network`, `response`,
 * `argument`; the signal's reason when it aborted.
 */
export async function postMessage(options: PostMessageOptions): Promise<{ readonly messageId: string }> {
  const url = urlOf(options, options.conversationId, ["messages"]);
  const body = await json(options, url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ text: options.text }),
  });
  const messageId = (body as { message_id?: unknown } | null)?.message_id;
  if (typeof messageId !== "string" || messageId === "") {
    throw new ClientError("response", `POST ${url}: expected {"message_id":"…"}, got ${JSON.stringify(body)}`);
  }
  return { messageId };
}

/**
 * Cancels the turn that writes a message; its stream then ends as the backend ends it. A turn that has ended stays as it
 * is.
 * @throws ClientError, as `postMessage`; 404: there is no such message.
 */
export async function cancelMessage(options: CancelMessageOptions): Promise<void> {
  const url = urlOf(options, options.conversationId, ["messages", options.messageId]);
  const response = await request(options, url, { method: "DELETE", headers: { accept: "application/json" } });
  await response.body?.cancel();
}

/**
 * The stored messages of a conversation, oldest first. Members that this version of the schema does not know are ignored.
 * @throws ClientError, as `postMessage`; SchemasError for a schema that there is not.
 */
export async function fetchMessages<S extends SchemaName = "chat.v2">(
  options: FetchMessagesOptions<S>,
): Promise<readonly MessageFor<S>[]> {
  const schema = schemaOf(options.schema ?? "chat.v2");
  const url = urlOf(options, options.conversationId, ["messages"], { schema: schema.name });
  const body = await json(options, url, { headers: { accept: "application/json" } });
  if (!Array.isArray(body)) throw new ClientError("response", `GET ${url}: expected an array of messages`);
  try {
    return body.map(
      (message) => fromJson(schema.message, message as JsonValue, { ignoreUnknownFields: true }) as MessageFor<S>,
    );
  } catch (cause) {
    throw new ClientError("response", `GET ${url}: not a ${schema.message.typeName}: ${wordsOf(cause)}`, { cause });
  }
}

async function json(options: ClientOptions, url: string, init: RequestInit): Promise<unknown> {
  const response = await request(options, url, init);
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new ClientError("network", `${init.method ?? "GET"} ${url}: ${wordsOf(cause)}`, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ClientError("response", `${init.method ?? "GET"} ${url}: expected JSON, got ${text.slice(0, 80)}`, {
      cause,
      status: response.status,
    });
  }
}
