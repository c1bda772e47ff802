import type { PlacedEvent } from "../event.ts";
import { type Check, type Finding, held, idle, quote, violated } from "../finding.ts";
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

function finding(facts: MessageFacts, message: string, expected: string, actual: string, index?: number): Check {
  const event = index === undefined ? undefined : facts.blockEvents[index];
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

const kinds = (blocks: readonly Block[]): string =>
  blocks.length === 0 ? "no blocks" : blocks.map(({ kind }) => kind).join(", ");

/** MSG-01: blocks are the turn's texts and charts in emission order. */
const blocksInOrder: MessageRule = (facts) => {
  const [stored, folded] = [facts.stored.blocks, facts.folded.blocks];
  const index = folded.findIndex((block, at) => block.kind !== stored[at]?.kind);
  if (stored.length !== folded.length || index >= 0) {
    const at = index >= 0 ? index : folded.length;
    return finding(
      facts,
      "The content is not the turn's texts and charts, one to one.",
      kinds(folded),
      kinds(stored),
      at,
    );
  }
  const moved = folded.findIndex((block, at) => !same(block, stored[at]));
  if (moved < 0 || !isPermutation(stored, folded)) return held;
  return finding(
    facts,
    "The content is not in emission order.",
    `block ${moved + 1}: ${describe(folded[moved])}`,
    `block ${moved + 1}: ${describe(stored[moved])}`,
    moved,
  );
};

/** The blocks in an order of their own, as one string. */
function bag(blocks: readonly Block[]): string {
  return JSON.stringify(blocks.map((block) => JSON.stringify(block)).sort());
}

function isPermutation(a: readonly Block[], b: readonly Block[]): boolean {
  return bag(a) === bag(b);
}

function describe(block: Block | undefined): string {
  if (block?.kind === "text") return `text ${quote(block.text)}`;
  return block?.kind === "chart" ? `${block.chartType} chart ${quote(block.configJson)}` : "nothing";
}

/** MSG-02: texts, configs and chart types are equal. */
const blocksAreEqual: MessageRule = (facts) => {
  const [stored, folded] = [facts.stored.blocks, facts.folded.blocks];
  if (stored.length === 0 && folded.length === 0) return held;
  if (isPermutation(stored, folded)) return held;
  for (const [index, block] of folded.entries()) {
    const other = stored[index];
    if (other?.kind !== block.kind || same(block, other)) continue;
    return finding(facts, `Block ${index + 1} is not what the event said.`, describe(block), describe(other), index);
  }
  return held;
};

function listTasks({ tasks }: MessageContent): string {
  return tasks.map(({ id, state }) => `${id} ${state}`).join(", ") || "no tasks";
}

function listErrors({ errors }: MessageContent): string {
  return errors.map(({ code, message }) => `${code} ${quote(message)}`).join(", ") || "no errors";
}

/** MSG-03: the metadata tells what happened. */
const metadataTells: MessageRule = (facts) => {
  for (const list of [listTasks, listErrors]) {
    const [expected, actual] = [list(facts.folded), list(facts.stored)];
    if (expected !== actual) return finding(facts, "The metadata is not what the events say.", expected, actual);
  }
  return held;
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
