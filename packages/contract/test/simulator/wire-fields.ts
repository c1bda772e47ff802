import type { Random } from "@ondash/core";

/** A field of a message on the wire, of those two kinds that an envelope has at its top level. */
export interface WireField {
  readonly number: number;
  /** Where its tag begins. */
  readonly start: number;
  /** Where what it holds begins, and ends: of a varint, the varint itself. */
  readonly from: number;
  readonly to: number;
}

/** The top-level fields of a message that has varints and length-delimited fields only, in the order of the wire. */
export function wireFields(value: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): number => {
    let [result, shift] = [0, 0];
    for (;;) {
      const byte = value[at++] ?? 0;
      result += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) return result;
    }
  };
  while (at < value.length) {
    const start = at;
    const tag = varint();
    let from = at;
    const held = varint();
    if ((tag & 7) === 2) {
      from = at;
      at += held;
    }
    fields.push({ number: tag >>> 3, start, from, to: at });
  }
  return fields;
}

/**
 * The same envelope as another encoder might write it, which is as legal: fields in any order, a default written out, a
 * scalar that a later one replaces.
 */
export function writtenOtherwise(value: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const chunks = wireFields(value).map(({ number, start, to }) => ({ number, bytes: value.subarray(start, to) }));
  for (let left = chunks.length; left > 1; left--) {
    const [moved] = chunks.splice(random.int(0, left - 1), 1);
    if (moved !== undefined) chunks.push(moved);
  }
  if (!chunks.some(({ number }) => number === TASK_ID)) {
    chunks.splice(random.int(0, chunks.length), 0, { number: TASK_ID, bytes: Uint8Array.of(TASK_ID * 8 + 2, 0) });
  }
  const replaced = random.int(1, TASK_ID);
  if (random.unit() < 0.5) chunks.unshift({ number: replaced, bytes: Uint8Array.of(replaced * 8 + 2, 1, 0x78) });
  return Uint8Array.from(chunks.flatMap(({ bytes }) => [...bytes]));
}

/** Field number of task_id; the ids before it are 1, 2 and 3. */
const TASK_ID = 4;
