/** What a request body said, or why it says nothing. */
export type PostBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unsupported-media-type" | "body-too-large" | "malformed-body"; readonly detail: string };

/**
 * Reads `{"text": "…"}`. Bytes are counted as they come, whatever Content-Length says; no more than `limit` are kept.
 * Unknown members are ignored.
 */
export async function readPostBody(request: Request, limit: number): Promise<PostBody> {
  const mediaType = request.headers.get("content-type");
  if (!isJson(mediaType)) {
    const got = mediaType === null ? "none" : `"${mediaType}"`;
    return { kind: "unsupported-media-type", detail: `the body must be application/json in UTF-8, got ${got}` };
  }
  const tooLarge = { kind: "body-too-large", detail: `the body must have at most ${limit} bytes` } as const;
  if (Number(request.headers.get("content-length") ?? 0) > limit) return tooLarge;
  const bytes = await readBytes(request, limit);
  if (bytes === undefined) return tooLarge;
  return parseBody(bytes);
}

function isJson(mediaType: string | null): boolean {
  const [type = "", ...parameters] = (mediaType ?? "").split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  return type === "application/json" && (charset === undefined || charset.replaceAll('"', "") === "utf-8");
}

/** Undefined: there are more than `limit`. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body !== null) {
    const reader = request.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > limit) {
        // What the sender says to that does not matter: it is told with the answer.
        reader.cancel().catch(() => undefined);
        return undefined;
      }
      chunks.push(value);
    }
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function parseBody(bytes: Uint8Array): PostBody {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    return malformed(`the body must be JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
  const shape = 'the body must be an object with a non-empty string, {"text": "…"}';
  if (typeof body !== "object" || body === null || Array.isArray(body)) return malformed(`${shape}; it is no object`);
  const text: unknown = Object.hasOwn(body, "text") ? (body as { text: unknown }).text : undefined;
  if (typeof text !== "string")
    return malformed(`${shape}; its text is ${text === undefined ? "missing" : typeof text}`);
  if (text.trim() === "") return malformed(`${shape}; its text is blank`);
  if (!text.isWellFormed())
    return malformed("the text has a lone surrogate, which UTF-8 can't hold; complete the pair");
  return { kind: "text", text };
}

function malformed(detail: string): PostBody {
  return { kind: "malformed-body", detail };
}
