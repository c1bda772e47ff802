import { toJsonString } from "@bufbuild/protobuf";
import { type AnyEnvelope, chatSchemas } from "@ondash/schemas";

/** One SSE event of a fake server, as text. */
export function frame(id: string, envelope: AnyEnvelope): string {
  const schema = chatSchemas.find(({ envelope: { typeName } }) => typeName === envelope.$typeName);
  if (schema === undefined) throw new Error(`no schema has ${envelope.$typeName}`);
  return `event: ${envelope.event.case}\nid: ${id}\ndata: ${toJsonString(schema.envelope, envelope)}\n\n`;
}

/** What a fake server answers to one request. */
export type Answer =
  | {
      /** Chunks of the body, in order. */
      readonly chunks: readonly (string | Uint8Array)[];
      /** Then: the body ends, breaks off, or stays open until it is cancelled. */
      readonly then: "close" | "cut" | "stay";
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** No answer at all. */
  | "refuse"
  /** An answer that never comes. */
  | "hang";

/** A request as it came in. */
export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** A fetch that answers from a script, and tells what is still open. */
export interface ScriptedFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: readonly Asked[];
  /** Bodies that were neither read to the end nor cancelled. */
  readonly open: number;
}

/**
 * A fetch that gives its answers in turn, the last one again and again.
 * @param script answers, or a function of the request and its number from 0 on.
 * @param deaf whether it ignores the signal, as some fakes do.
 */
export function scriptedFetch(
  script: readonly Answer[] | ((asked: Asked, nth: number) => Answer),
  deaf = false,
): ScriptedFetch {
  const asked: Asked[] = [];
  let open = 0;
  const answerTo = (request: Asked): Answer => {
    if (typeof script === "function") return script(request, asked.length - 1);
    return script[Math.min(asked.length, script.length) - 1] ?? "refuse";
  };
  return {
    asked,
    get open() {
      return open;
    },
    // oxlint-disable-next-line typescript/promise-function-async -- throws nothing, and answers in the same turn
    fetch: (input, init = {}) => {
      const request: Asked = {
        url: typeof input === "string" ? input : input instanceof URL ? input.href : input.url,
        method: init.method ?? "GET",
        headers: new Headers(init.headers),
        body: typeof init.body === "string" ? init.body : undefined,
      };
      asked.push(request);
      const signal = deaf ? undefined : (init.signal ?? undefined);
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      const answer = answerTo(request);
      if (answer === "refuse") return Promise.reject(new TypeError("fetch failed"));
      if (answer === "hang") {
        return new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        });
      }
      const { status = 200, headers } = answer;
      if (!("chunks" in answer)) {
        return Promise.resolve(new Response(answer.body ?? null, { status, ...(headers && { headers }) }));
      }
      const chunks = answer.chunks.map((chunk) =>
        typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk,
      );
      open += 1;
      let next = 0;
      let isOpen = true;
      const gone = (): void => {
        if (isOpen) open -= 1;
        isOpen = false;
      };
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            signal?.addEventListener(
              "abort",
              () => {
                gone();
                controller.error(signal.reason);
              },
              { once: true },
            );
          },
          pull(controller) {
            const chunk = chunks[next++];
            if (chunk !== undefined) return controller.enqueue(chunk);
            if (answer.then === "stay") return new Promise(() => undefined);
            gone();
            if (answer.then === "close") controller.close();
            else controller.error(new TypeError("terminated"));
            return undefined;
          },
          cancel: gone,
        },
        { highWaterMark: 0 },
      );
      const type = { "content-type": "text/event-stream; charset=utf-8", ...headers };
      return Promise.resolve(new Response(body, { status, headers: type }));
    },
  };
}
