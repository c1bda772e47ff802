import type { ChatSchema } from "@ondash/schemas";
import { HttpError } from "./error.ts";
import { TEXT_HASH_LENGTH, textHash } from "./text-hash.ts";

/**
 * The `id:` of an SSE event, all that a server needs to go on after it (nothing is kept between connections):
 *
 *     id    = version "." check "." ahead "." turns "." position
 *     turns = "" | turn *("~" turn)        turn = 12 base36 digits (hash of the message id), next sequence in base 36
 *
 * `version` is 1 or 2 (the schema); `check` 6 base36 digits over schema, conversation and the rest, so that an id of
 * another conversation, or a damaged one, is known as such; `ahead` base 36; `position` percent-encoded, empty for the
 * conversation's beginning. The characters are those that URLs and header fields take as they are.
 */
export interface ResumePoint {
  /** The source is opened after it; undefined: from the conversation's first event. */
  readonly position: string | undefined;
  /** How many events after `position` the source had given already when the event was released. */
  readonly ahead: number;
  /** Of the turns with released events, least recently released first: hash of the message id, next sequence. */
  readonly turns: ReadonlyMap<string, number>;
}

/** Characters of an id at most: the rest of a request's header fields must have room too (Node takes 16 KiB). */
export const MAX_EVENT_ID_LENGTH = 8_192;
/** Characters of a source's position at most. */
export const MAX_POSITION_LENGTH = 1_024;

const CHECK_LENGTH = 6;
const ID = /^([12])\.([0-9a-z]{6})\.([0-9a-z]{1,9})\.([0-9a-z~]*)\.([\w\-.!~*'()%]*)$/;
const TURN = /^([0-9a-z]{12})([1-9a-z][0-9a-z]{0,6})$/;
const MAX_NEXT = 2 ** 32;

/** Where every stream begins that is not resumed. */
export const beginning: ResumePoint = { position: undefined, ahead: 0, turns: new Map() };

/**
 * The id of an event after which a stream goes on at `point`.
 * @throws HttpError `position` when the source's position is empty, too long, or not printable ASCII without spaces.
 */
export function formatEventId(schema: ChatSchema, conversationId: string, point: ResumePoint): string {
  const { position = "", ahead, turns } = point;
  if (point.position !== undefined && !/^[!-~]+$/.test(position)) {
    throw new HttpError("position", `the source's position must be printable ASCII without spaces, got "${position}"`);
  }
  if (position.length > MAX_POSITION_LENGTH) {
    const length = `${position.length} characters`;
    throw new HttpError("position", `the source's position must have at most ${MAX_POSITION_LENGTH}, got ${length}`);
  }
  const turnList = [...turns].map(([hash, next]) => hash + next.toString(36)).join("~");
  const rest = `${ahead.toString(36)}.${turnList}.${encodeURIComponent(position)}`;
  return `${schema.version}.${checkOf(schema, conversationId, rest)}.${rest}`;
}

/**
 * Reads an id that this conversation's stream of this schema gave out.
 * @throws HttpError `position`, saying why, for anything else.
 */
export function parseEventId(schema: ChatSchema, conversationId: string, id: string): ResumePoint {
  if (id.length > MAX_EVENT_ID_LENGTH) {
    throw refuse(`it has ${id.length} characters, at most ${MAX_EVENT_ID_LENGTH} are given out`);
  }
  const [, version, check, ahead, turnList, position] = ID.exec(id) ?? [];
  if (ahead === undefined || turnList === undefined || position === undefined) {
    throw refuse("it does not have the form of one");
  }
  if (version !== String(schema.version)) throw refuse(`it is of chat.v${version}, the stream of ${schema.name}`);
  if (check !== checkOf(schema, conversationId, `${ahead}.${turnList}.${position}`)) {
    throw refuse("it is damaged, or of another conversation");
  }
  return { position: decodePosition(position), ahead: Number.parseInt(ahead, 36), turns: parseTurns(turnList) };
}

function decodePosition(encoded: string): string | undefined {
  if (encoded === "") return undefined;
  try {
    const position = decodeURIComponent(encoded);
    if (/^[!-~]+$/.test(position) && position.length <= MAX_POSITION_LENGTH) return position;
  } catch {
    // Refused below, like what decodes to something that no source gives out.
  }
  throw refuse("its position is malformed");
}

function parseTurns(list: string): ReadonlyMap<string, number> {
  const turns = new Map<string, number>();
  if (list === "") return turns;
  for (const item of list.split("~")) {
    const [, hash, digits = ""] = TURN.exec(item) ?? [];
    const next = Number.parseInt(digits, 36);
    if (hash === undefined || next > MAX_NEXT || turns.has(hash)) throw refuse("its list of turns is malformed");
    turns.set(hash, next);
  }
  return turns;
}

/** Not a secret: whoever forges an id gets a stream that begins where they wished, and nothing else. */
function checkOf(schema: ChatSchema, conversationId: string, rest: string): string {
  return textHash(`${schema.name}\n${conversationId}\n${rest}`).slice(TEXT_HASH_LENGTH - CHECK_LENGTH);
}

function refuse(why: string): HttpError {
  return new HttpError(
    "position",
    `Last-Event-ID is not an id of this stream: ${why}; open the stream without it to begin anew`,
  );
}
