import { partitionOf } from "@ondash/schemas";
import { contrast, held, idle, quote } from "../finding.ts";
import { about } from "./envelope-rules.ts";
import type { RecordFacts, RecordRule } from "./facts.ts";

const encoder = new TextEncoder();

/** REC-04: the key is the conversation_id. */
export const keyIsConversation: RecordRule = (facts) => {
  if (!facts.decoded.ok) return idle;
  const { conversationId } = facts.decoded.event;
  const { key } = facts.record;
  if (key !== null && sameBytes(key, encoder.encode(conversationId))) return held;
  const text = textOfKey(key);
  const [expected, actual] =
    text === undefined ? [quote(conversationId), describeKey(key)] : contrast(conversationId, text);
  return about(facts, { message: "The record key is not the conversation_id.", expected, actual });
};

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function describeKey(key: Uint8Array | null): string {
  if (key === null) return "no key (null)";
  const text = textOfKey(key);
  return text === undefined ? `${key.length} bytes that are not UTF-8` : quote(text);
}

/** The key as text, or undefined when it is null or not UTF-8. */
export function textOfKey(key: Uint8Array | null): string | undefined {
  if (key === null) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(key);
  } catch {
    return undefined;
  }
}

/** REC-05: the partition follows from the key. */
export const partitionFollowsKey: RecordRule = (facts) => {
  const { key, partition } = facts.record;
  if (key === null || partition >= facts.partitions) return idle;
  const expected = partitionOf(key, facts.partitions);
  if (expected === partition) return held;
  return about(facts, {
    message: "The record is in another partition than its key gives.",
    expected: `partition ${expected}: murmur2(${describeKey(key)}) mod ${facts.partitions}`,
    actual: `partition ${partition}`,
  });
};

/** Bytes of a record that REC-10 counts. */
function sizeOf({ record }: RecordFacts): number {
  let size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) size += encoder.encode(name).length + (value?.length ?? 0);
  return size;
}

/** The largest record without a warning, in bytes. */
const MAX_RECORD_BYTES = 524_288;

/** REC-10: the record is small. */
export const isSmall: RecordRule = (facts) => {
  const size = sizeOf(facts);
  if (size <= MAX_RECORD_BYTES) return held;
  return about(facts, {
    message: "The record is large.",
    expected: `at most ${MAX_RECORD_BYTES} bytes of key, value and headers`,
    actual: `${size} bytes`,
  });
};
