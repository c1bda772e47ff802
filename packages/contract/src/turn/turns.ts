import { type ChatSchema, chatSchemas, type SchemaName } from "@ondash/schemas";
import { completesConversation, type PlacedEvent } from "../event.ts";
import { createTurn, type Turn } from "./turn.ts";

/** The turns of one conversation in one schema version, and what is known of the conversation as a whole. */
interface Conversation {
  readonly turns: Map<string, Turn>;
  /** Why none of its turns can be judged: a broken record whose turn is unknown. */
  spoiled: string | undefined;
  /** For each partition of `complete`: its CONVERSATION completions at the lowest offsets, of two turns at most. */
  readonly ends: Map<number, PlacedEvent[]>;
}

/** All turns of a run. */
export interface Turns {
  /** The turn, created if it is new. */
  at(schema: ChatSchema, conversationId: string, messageId: string): Turn;
  /** In the order in which they became known. */
  all(): Iterable<Turn>;
  /** Forgets a turn that has been judged. What its CONVERSATION means for others stays known. */
  forget(turn: Turn): void;
  /** A broken record of a conversation whose turn is unknown; null: not even the conversation is known. */
  spoilConversation(schema: ChatSchema, conversationId: string | null, why: string): void;
  /** Why a turn can't be judged: for its own broken record, or its conversation's, or the run's. */
  spoiled(turn: Turn): string | undefined;
  /** Why no turn of a conversation can be judged in a version. */
  conversationSpoiled(schema: SchemaName, conversationId: string): string | undefined;
  /** The turn in each version in which it is known, the oldest version first. */
  versions(conversationId: string, messageId: string): Turn[];
  /** Takes note of a CONVERSATION completion. */
  note(schema: ChatSchema, placed: PlacedEvent): void;
  /** The lowest CONVERSATION completion in a partition by which another turn of the conversation ended it. */
  conversationEndIn(turn: Turn, partition: number): PlacedEvent | undefined;
}

/** Creates the empty registry; `window` as in `createTurn`. */
export function createTurns(window: number): Turns {
  const versions = new Map<SchemaName, Map<string, Conversation>>();
  const known = new Set<Turn>();
  let runSpoiled: string | undefined;

  const conversation = (schema: SchemaName, id: string): Conversation => {
    let conversations = versions.get(schema);
    if (conversations === undefined) versions.set(schema, (conversations = new Map()));
    let found = conversations.get(id);
    if (found === undefined) conversations.set(id, (found = { turns: new Map(), spoiled: undefined, ends: new Map() }));
    return found;
  };
  const conversationSpoiled: Turns["conversationSpoiled"] = (schema, conversationId) =>
    versions.get(schema)?.get(conversationId)?.spoiled ?? runSpoiled;
  return {
    at(schema, conversationId, messageId) {
      const { turns } = conversation(schema.name, conversationId);
      let turn = turns.get(messageId);
      if (turn === undefined) {
        turns.set(messageId, (turn = createTurn(schema, conversationId, messageId, window)));
        known.add(turn);
      }
      return turn;
    },
    all: () => known,
    forget(turn) {
      known.delete(turn);
      const conversations = versions.get(turn.schema.name);
      const found = conversations?.get(turn.conversationId);
      found?.turns.delete(turn.messageId);
      if (found?.turns.size === 0 && found.spoiled === undefined && found.ends.size === 0) {
        conversations?.delete(turn.conversationId);
      }
    },
    spoilConversation(schema, conversationId, why) {
      if (conversationId === null) runSpoiled ??= why;
      else conversation(schema.name, conversationId).spoiled ??= why;
    },
    spoiled: (turn) => turn.spoiled ?? conversationSpoiled(turn.schema.name, turn.conversationId),
    conversationSpoiled,
    versions: (conversationId, messageId) =>
      chatSchemas.flatMap(({ name }) => versions.get(name)?.get(conversationId)?.turns.get(messageId) ?? []),
    note(schema, placed) {
      if (!completesConversation(placed.event)) return;
      const { ends } = conversation(schema.name, placed.event.conversationId);
      const list = [...(ends.get(placed.place.partition) ?? []), placed];
      list.sort((a, b) => a.place.offset - b.place.offset);
      const [first] = list;
      const second = list.find(({ event }) => event.messageId !== first?.event.messageId);
      ends.set(
        placed.place.partition,
        [first, second].flatMap((end) => (end === undefined ? [] : [end])),
      );
    },
    conversationEndIn: (turn, partition) =>
      versions
        .get(turn.schema.name)
        ?.get(turn.conversationId)
        ?.ends.get(partition)
        ?.find(({ event }) => event.messageId !== turn.messageId),
  };
}
