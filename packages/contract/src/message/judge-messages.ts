import { type ChatSchema, chatSchemas, type SchemaName } from "@ondash/schemas";
import { severityOf } from "../catalogue.ts";
import { ContractError } from "../error.ts";
import { type Check, idle, unprovable, violated } from "../finding.ts";
import { distinct } from "../grammar/groups.ts";
import { incomplete } from "../grammar/whole.ts";
import type { MessageObservation } from "../observation.ts";
import type { TurnFacts } from "../turn/facts.ts";
import type { Checks } from "../turn/judge-turn.ts";
import { foldTurn } from "./fold-turn.ts";
import { type MessageFacts, messageRules } from "./message-rules.ts";
import { readMessage, type StoredMessage } from "./read-message.ts";

/** Where the turn of a message is found. */
export interface MessageSources {
  /** The turn, or why it can't be compared (a broken record, a hole); undefined: it was not observed. */
  find(schema: SchemaName, conversationId: string, messageId: string): TurnFacts | { readonly why: string } | undefined;
  /** Why a turn may have escaped the collector; undefined: none can have. */
  readonly gap: string | undefined;
}

/** What the MSG rules say of one stored message, and whose it is. */
export interface JudgedMessage {
  readonly schema: SchemaName;
  readonly conversationId: string;
  readonly messageId: string;
  readonly checks: Checks;
}

/** A stored message that was read, with its version. */
export interface GivenMessage {
  readonly schema: ChatSchema;
  readonly stored: StoredMessage;
}

/** Reads an observed message. @throws ContractError `message` when it is none, or of no known version. */
export function readGivenMessage({ schema: name, message }: MessageObservation): GivenMessage {
  const schema = chatSchemas.find((candidate) => candidate.name === name);
  if (schema === undefined) throw new ContractError("message", `there is no schema version ${JSON.stringify(name)}`);
  return { schema, stored: readMessage(schema, message) };
}

/** Judges a stored message; undefined: its role is not the assistant's. */
export function judgeMessage({ schema, stored }: GivenMessage, sources: MessageSources): JudgedMessage | undefined {
  if (!stored.fromAssistant) return undefined;
  const { conversationId, id: messageId } = stored;
  const all = (check: Check): Checks =>
    messageRules.map(([id]) => [id, severityOf(id, schema.name) === undefined ? idle : check]);
  const checks = (): Checks => {
    const facts = sources.find(schema.name, conversationId, messageId);
    if (facts === undefined) return stored.blocks.length === 0 ? all(idle) : withoutTurn(sources.gap, all(idle));
    if ("why" in facts) return all(unprovable(facts.why));
    const done = facts.ended || (facts.run.ended && facts.run.producersDone);
    const why = done ? incomplete(facts) : "the turn has not ended";
    if (why !== undefined) return all(unprovable(why));
    const turn = { ...foldOf(facts), stored, hasStatus: schema.sequenced };
    return messageRules.map(([id, rule]) => [id, rule(turn)]);
  };
  return { schema: schema.name, conversationId, messageId, checks: checks() };
}

/** Many messages may be given for one turn: it is folded once. */
const folds = new WeakMap<TurnFacts, Pick<MessageFacts, "folded" | "blockEvents">>();

function foldOf(facts: TurnFacts): Pick<MessageFacts, "folded" | "blockEvents"> {
  const known = folds.get(facts);
  if (known !== undefined) return known;
  const events = distinct(facts).map(({ placed }) => placed);
  const fold = {
    folded: foldTurn(
      events.map(({ event }) => event),
      facts.schema.sequenced,
    ),
    blockEvents: events.filter(({ event: { body } }) => body.kind === "text" || body.kind === "chart"),
  };
  folds.set(facts, fold);
  return fold;
}

function withoutTurn(gap: string | undefined, others: Checks): Checks {
  const check =
    gap === undefined
      ? violated({
          message: "A stored assistant's message has content, and no event of its turn was observed.",
          expected: "the turn's texts and charts",
          actual: "no turn",
          records: [],
        })
      : unprovable(gap);
  return others.map(([id, other]) => [id, id === "MSG-01" ? check : other]);
}
