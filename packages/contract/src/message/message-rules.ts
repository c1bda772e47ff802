import type { PlacedEvent } from "../event.ts";
import { type Check, contrast, type Finding, held, idle, quote, violated } from "../finding.ts";
import type { Block, MessageContent } from "./content.ts";

/** What the MSG rules look at: a stored message, and what the turn's events add up to. */
export interface MessageFacts {
  readonly stored: MessageContent;
  readonly folded: MessageContent;
  /** The turn's events that make a block, in emission order. */
  readonly blockEvents: readonly PlacedEvent[];
  /** Whether the version has a status. */
  readonly hasStatus: boolean;
}

type MessageRule = (facts: MessageFacts) => Check;

/** A finding; `index`: of the block that it is about, if it is about one. */
function finding(facts: MessageFacts, message: string, expected: string, actual: string, index = -1): Check {
  const event = facts.blockEvents[index];
  const witness: Finding = {
    message,
    expected,
    actual,
    records: event === undefined ? [] : [event.place],
    eventIds: event === undefined ? [] : [event.event.eventId],
  };
  return violated(witness);
}

const same = (a: Block | undefined, b: Block | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** At most twenty items as a list, and how many more there are. */
function list<T>(items: readonly T[], none: string, describeItem: (item: T) => string): string {
  if (items.length === 0) return none;
  const more = items.length > 20 ? ` and ${items.length - 20} more` : "";
  return items.slice(0, 20).map(describeItem).join(", ") + more;
}

const kinds = (blocks: readonly Block[]): string => list(blocks, "no blocks", ({ kind }) => kind);

/** MSG-01: blocks are the turn's texts and charts in emission order. */
const blocksInOrder: MessageRule = (facts) => {
  const [stored, folded] = [facts.stored.blocks, facts.folded.blocks];
  const index = folded.findIndex((block, at) => block.kind !== stored[at]?.kind);
  if (stored.length !== folded.length || index >= 0) {
    return finding(
      facts,
      "The content is not the turn's texts and charts, one to one.",
      kinds(folded),
      kinds(stored),
      index,
    );
  }
  const moved = folded.findIndex((block, at) => !same(block, stored[at]));
  if (moved < 0 || !isPermutation(stored, folded)) return held;
  const [expected, actual] = differ(folded[moved], stored[moved]);
  return finding(facts, `The content is not in emission order, from block ${moved + 1} on.`, expected, actual, moved);
};

/** The blocks in an order of their own, as one string. */
function bag(blocks: readonly Block[]): string {
  return JSON.stringify(blocks.map((block) => JSON.stringify(block)).sort());
}

function isPermutation(a: readonly Block[], b: readonly Block[]): boolean {
  return bag(a) === bag(b);
}

/** What a block says, piece by piece. */
function piecesOf(block: Block | undefined): readonly string[] {
  if (block?.kind === "text") return [block.text];
  if (block?.kind !== "chart") return [];
  // A custom type may have the name of another.
  return [block.chartType, `chart_type ${block.typeNumber}`, block.configJson];
}

/** What the event says and what the message has instead, of the same kind: the first piece that differs. */
function differ(folded: Block | undefined, stored: Block | undefined): readonly [expected: string, actual: string] {
  const [ours, theirs] = [piecesOf(folded), piecesOf(stored)];
  const at = ours.findIndex((piece, index) => piece !== theirs[index]);
  return contrast(ours[at] ?? "", theirs[at] ?? "");
}

/** MSG-02: texts, configs and chart types are equal. */
const blocksAreEqual: MessageRule = (facts) => {
  const [stored, folded] = [facts.stored.blocks, facts.folded.blocks];
  // Blocks in another order are for MSG-01 to say.
  if (isPermutation(stored, folded)) return held;
  for (const [index, block] of folded.entries()) {
    const other = stored[index];
    if (other?.kind !== block.kind || same(block, other)) continue;
    return finding(facts, `Block ${index + 1} is not what the event said.`, ...differ(block, other), index);
  }
  return held;
};

function listTasks({ tasks }: MessageContent): string {
  return list(tasks, "no tasks", ({ id, state }) => `${quote(id)} ${state}`);
}

function listErrors({ errors }: MessageContent): string {
  return list(errors, "no errors", ({ code, message }) => `${code} ${quote(message)}`);
}

/** MSG-03: the metadata tells what happened. */
const metadataTells: MessageRule = (facts) => {
  const { stored, folded } = facts;
  const tasksAgree =
    stored.tasks.length === folded.tasks.length &&
    folded.tasks.every(({ id, state }, at) => id === stored.tasks[at]?.id && state === stored.tasks[at]?.state);
  if (!tasksAgree) {
    return finding(facts, "The metadata has other tasks than the events.", listTasks(folded), listTasks(stored));
  }
  const errorsAgree =
    stored.errors.length === folded.errors.length &&
    folded.errors.every(
      ({ code, message }, at) => code === stored.errors[at]?.code && message === stored.errors[at]?.message,
    );
  if (errorsAgree) return held;
  return finding(facts, "The metadata has other errors than the events.", listErrors(folded), listErrors(stored));
};

/** MSG-04: the status tells how the turn ended. */
const statusTells: MessageRule = (facts) => {
  if (!facts.hasStatus) return idle;
  const [expected, actual] = [facts.folded.status ?? "", facts.stored.status ?? ""];
  if (expected === actual) return held;
  return finding(facts, "The status is not how the turn ended.", expected.toUpperCase(), actual.toUpperCase());
};

/** The MSG rules by id, in the order of the catalogue. */
export const messageRules: readonly (readonly [id: string, rule: MessageRule])[] = [
  ["MSG-01", blocksInOrder],
  ["MSG-02", blocksAreEqual],
  ["MSG-03", metadataTells],
  ["MSG-04", statusTells],
];
