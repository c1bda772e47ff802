import { ClientError, type Problem } from "./error.ts";
import type { ClientOptions } from "./types.ts";

/** Bodies of answers that are read to tell what went wrong: beyond it the server's words are left out. */
const MAX_PROBLEM_CHARACTERS = 65_536;

/**
 * The address of a conversation's resource.
 * @throws ClientError `argument` for an empty id, or a relative address where there is no page to be relative to.
 */
export function urlOf(
  { baseUrl, fetch }: ClientOptions,
  conversationId: string,
  rest: readonly string[],
  query: Readonly<Record<string, string>> = {},
): string {
  const parts = ["api", "conversations", conversationId, ...rest];
  if (parts.includes(""))
    throw new ClientError("argument", "an id is empty: expected a conversation's or message's id");
  const search = new URLSearchParams(query).toString();
  const path = parts.map(segment).join("/");
  const url = `${baseUrl.replace(/\/+$/, "")}/${path}${search === "" ? "" : `?${search}`}`;
  if (fetch === undefined && !URL.canParse(url, (globalThis as { location?: { href: string } }).location?.href)) {
    throw new ClientError("argument", `baseUrl ${JSON.stringify(baseUrl)} gives no address here: expected https://…`);
  }
  return url;
}

/** `.` and `..` as path segments would be resolved away, however they are written; a lone surrogate has no encoding. */
function segment(text: string): string {
  if (text === "." || text === ".." || !text.isWellFormed()) {
    throw new ClientError("argument", `the id ${JSON.stringify(text)} can't stand in an address`);
  }
  return encodeURIComponent(text);
}

/**
 * Sends a request and waits for its answer's headers.
 * @throws ClientError `network` when there is none, `status` when it is no success; the signal's reason when it aborted.
 */
export async function request(options: ClientOptions, url: string, init: RequestInit): Promise<Response> {
  const response = await answerOf(options, url, init);
  if (!response.ok) throw await statusError(response, `${init.method ?? "GET"} ${url}`);
  return response;
}

/** Sends a request; an answer of any status is one. */
export async function answerOf(options: ClientOptions, url: string, init: RequestInit): Promise<Response> {
  const { signal } = options;
  signal?.throwIfAborted();
  // Called as a plain function: a browser's own fetch refuses to be a method of another object.
  const fetch = options.fetch ?? globalThis.fetch;
  try {
    const answer = fetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
    return await untilAborted(answer, signal, (late) => void late.body?.cancel().catch(() => undefined));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ClientError("network", `${init.method ?? "GET"} ${url}: ${wordsOf(cause)}`, { cause });
  }
}

/** What an unsuccessful answer says. */
export async function statusError(response: Response, what: string): Promise<ClientError> {
  const { status, statusText } = response;
  const problem = await problemOf(response);
  const words = [problem?.title ?? statusText, problem?.detail].filter(
    (text) => typeof text === "string" && text !== "",
  );
  return new ClientError("status", `${what}: ${status} ${words.join(": ")}`.trimEnd(), { status, problem });
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  try {
    if (!/^application\/(problem\+)?json\b/i.test(response.headers.get("content-type") ?? "")) {
      await response.body?.cancel();
      return undefined;
    }
    const text = await response.text();
    const body: unknown = text.length > MAX_PROBLEM_CHARACTERS ? undefined : JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Problem) : undefined;
  } catch {
    // The status alone tells enough.
    return undefined;
  }
}

/** The words of whatever was thrown. */
export function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/^\[[\w-]+\] /, "") : String(cause);
}

/**
 * The promise's result, or a rejection with the signal's reason once it aborts: also for a fetch that does not know
 * signals. Nothing of the promise is left unhandled.
 * @param discard what to do with a result that comes too late.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  discard?: (late: T) => void,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener("abort", onAbort);
        if (signal.aborted) discard?.(value);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", onAbort);
        reject(error);
      },
    );
  });
}
