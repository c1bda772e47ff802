/** What an answer with an error is about: the last part of its `type`, `urn:ondash:problem:<code>`. */
export type ProblemCode =
  | "unknown-route"
  | "method-not-allowed"
  | "not-acceptable"
  | "bad-id"
  | "unknown-schema"
  | "bad-last-event-id"
  | "unsupported-media-type"
  | "body-too-large"
  | "malformed-body"
  | "no-match"
  | "unknown-turn"
  | "refused"
  | "internal";

/** An error as RFC 9457 has it, `application/problem+json`. */
export interface Problem {
  /** `urn:ondash:problem:<code>`. */
  readonly type: string;
  /** For people; the same for each problem of a type. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** For people: what was expected, what came, what to do. */
  readonly detail: string;
  /** The path of the request. */
  readonly instance: string;
  /** `unknown-schema`: the names that exist. */
  readonly known?: readonly string[];
  /** `no-match`: what could have answered. */
  readonly candidates?: readonly string[];
}

/** The media type of every error that the app answers with. */
export const problemMediaType = "application/problem+json";

const TITLES: Readonly<Record<ProblemCode, string>> = {
  "unknown-route": "There is nothing at this path",
  "method-not-allowed": "This path does not take this method",
  "not-acceptable": "There is no representation that the client accepts",
  "bad-id": "An id in the path is malformed",
  "unknown-schema": "There is no such schema",
  "bad-last-event-id": "The stream can't be resumed from this id",
  "unsupported-media-type": "The body has the wrong media type",
  "body-too-large": "The body is too large",
  "malformed-body": "The body is malformed",
  "no-match": "Nothing answers this message",
  "unknown-turn": "There is no such turn",
  refused: "The backend refuses",
  internal: "The server failed",
};

/** What distinguishes one problem from others of its code. */
export interface ProblemFields {
  readonly detail: string;
  readonly known?: readonly string[];
  readonly candidates?: readonly string[];
}

/** The answer for a problem that `request` ran into. Never cached: it may be gone with the next request. */
export function problemResponse(
  request: Request,
  status: number,
  code: ProblemCode,
  fields: ProblemFields,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const problem: Problem = {
    type: `urn:ondash:problem:${code}`,
    title: TITLES[code],
    status,
    ...fields,
    instance: new URL(request.url).pathname,
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { "content-type": problemMediaType, "cache-control": "no-store", ...headers },
  });
}
